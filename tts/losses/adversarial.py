"""GAN losses over several discriminators: least squares (arXiv 1611.04076), hinge, cross entropy.

Scores are per discriminator, of any shape; the higher, the more real. A discriminator's loss is a mean over its scores,
however many; over the discriminators there is a mean or a sum, in which each may have a weight. Beside the term that is
minimised stand its parts, without weights, named ``term/discriminator``. A discriminator that is guessing costs
0.5 (least squares, scores of 0.5), 2 (hinge, scores of 0) or 2 log 2 (cross entropy, scores of 0). The generator's
hinge loss stops at a score of 1, as in codecs and vocoders (SoundStream, arXiv 2107.03312).
"""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from tts.config.training import AdversarialConfig
from tts.names import Criterion, Reduction

Distance = Callable[[Tensor], Tensor]

# Per criterion: how far a score is from real, and how far from fake.
DISTANCES: dict[Criterion, tuple[Distance, Distance]] = {
    "least_squares": (lambda s: (s - 1).square(), Tensor.square),
    "hinge": (lambda s: F.relu(1 - s), lambda s: F.relu(1 + s)),
    "bce": (lambda s: F.softplus(-s), F.softplus),  # with logits, written out
}


def discriminator_terms(
    real: Mapping[str, Tensor],
    fake: Mapping[str, Tensor],
    config: AdversarialConfig | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Tensor]:
    """What the discriminators minimise: ``discriminator`` and its parts ``discriminator/<name>/real`` and ``/fake``.

    ``fake``: the scores of detached audio. ``weights``: of discriminators, 1 by default. Values are scalars.
    """
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    config = config or AdversarialConfig()
    from_real, from_fake = DISTANCES[config.criterion]
    losses: dict[str, Tensor] = {}
    parts: dict[str, Tensor] = {}
    for name in real:
        on_real, on_fake = from_real(real[name].float()).mean(), from_fake(fake[name].float()).mean()
        parts |= {f"discriminator/{name}/real": on_real, f"discriminator/{name}/fake": on_fake}
        losses[name] = on_real + on_fake
    return {"discriminator": over_discriminators(losses, config.reduction, weights), **parts}


def generator_terms(
    fake: Mapping[str, Tensor],
    config: AdversarialConfig | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Tensor]:
    """What the generator minimises, its audio scored as real: ``adversarial``, its parts ``adversarial/<name>``."""
    config = config or AdversarialConfig()
    from_real, _ = DISTANCES[config.criterion]
    losses = {name: from_real(score.float()).mean() for name, score in fake.items()}
    parts = {f"adversarial/{name}": loss for name, loss in losses.items()}
    return {"adversarial": over_discriminators(losses, config.reduction, weights), **parts}


def over_discriminators(
    values: Mapping[str, Tensor], reduction: Reduction, weights: Mapping[str, float] | None
) -> Tensor:
    """The weighted mean or sum of scalars by discriminator."""
    shares = {name: 1.0 if weights is None else weights[name] for name in values}
    whole = sum(shares.values()) if reduction == "mean" else 1.0
    # By numbers, not by a tensor of them, which would have to wait for a GPU, and cannot be recorded there.
    return torch.stack([shares[name] / whole * value for name, value in values.items()]).sum()
