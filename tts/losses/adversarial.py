"""GAN losses over several discriminators: least squares (arXiv 1611.04076), hinge (arXiv 1705.02894), cross entropy.

Scores are per discriminator, of any shape; the higher, the more real. Each discriminator counts the same however many
scores it gives: means within a discriminator, then over the discriminators. Beside the term that is minimised stand its
parts, named ``term/discriminator``. A discriminator that tells nothing apart costs 0.5 (least squares, scores of 0.5),
2 (hinge, scores of 0) or 2 log 2 (cross entropy, scores of 0).
"""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from tts.names import Criterion

Distance = Callable[[Tensor], Tensor]

# Per criterion: how far a score is from real, how far from fake, and what the generator minimises.
DISTANCES: dict[Criterion, tuple[Distance, Distance, Distance]] = {
    "least_squares": (lambda s: (s - 1).square(), Tensor.square, lambda s: (s - 1).square()),
    "hinge": (lambda s: F.relu(1 - s), lambda s: F.relu(1 + s), Tensor.neg),
    "bce": (lambda s: F.softplus(-s), F.softplus, lambda s: F.softplus(-s)),  # with logits, written out
}


def discriminator_terms(
    real: Mapping[str, Tensor], fake: Mapping[str, Tensor], criterion: Criterion = "least_squares"
) -> dict[str, Tensor]:
    """What the discriminators minimise: ``discriminator`` and its parts ``discriminator/<name>/real`` and ``/fake``.

    ``fake``: the scores of detached audio. Values are scalars.
    """
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    from_real, from_fake, _ = DISTANCES[criterion]
    parts = {}
    for name in real:
        parts[f"discriminator/{name}/real"] = from_real(real[name].float()).mean()
        parts[f"discriminator/{name}/fake"] = from_fake(fake[name].float()).mean()
    return {"discriminator": torch.stack(list(parts.values())).sum() / len(real), **parts}


def generator_terms(fake: Mapping[str, Tensor], criterion: Criterion = "least_squares") -> dict[str, Tensor]:
    """What the generator minimises, its audio scored as real: ``adversarial``, its parts ``adversarial/<name>``."""
    _, _, to_real = DISTANCES[criterion]
    parts = {f"adversarial/{name}": to_real(score.float()).mean() for name, score in fake.items()}
    return {"adversarial": torch.stack(list(parts.values())).mean(), **parts}
