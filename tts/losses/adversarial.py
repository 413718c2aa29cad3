"""Least-squares GAN losses (LSGAN, arXiv 1611.04076) over several discriminators.

Scores are per discriminator, of any shape; real audio should score 1 and generated audio 0. Each discriminator counts
the same however many scores it gives: means within a discriminator, then over the discriminators.
"""

from collections.abc import Mapping

import torch
from torch import Tensor


def discriminator_loss(real: Mapping[str, Tensor], fake: Mapping[str, Tensor]) -> Tensor:
    """What the discriminators minimise. ``fake`` are the scores of detached audio. Returns a scalar."""
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    return torch.stack([_distance(real[name], 1.0) + _distance(fake[name], 0.0) for name in real]).mean()


def generator_loss(fake: Mapping[str, Tensor]) -> Tensor:
    """What the generator minimises: its audio should be scored as real. Returns a scalar."""
    return torch.stack([_distance(score, 1.0) for score in fake.values()]).mean()


def _distance(score: Tensor, target: float) -> Tensor:
    return (score.float() - target).square().mean()
