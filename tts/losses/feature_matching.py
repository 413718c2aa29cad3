"""Feature matching (MelGAN, arXiv 1910.06711; HiFi-GAN, arXiv 2010.05646)."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def feature_matching(real: Mapping[str, Sequence[Tensor]], fake: Mapping[str, Sequence[Tensor]]) -> Tensor:
    """L1 between the discriminators' features of real and generated audio; no gradient reaches the real ones.

    real, fake: per discriminator, one tensor per layer, of equal shapes. Mean within a layer, over the layers, then
    over the discriminators. Returns a scalar.
    """
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    return torch.stack([_mean_over_layers(real[name], fake[name]) for name in real]).mean()


def _mean_over_layers(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Tensor:
    layers = zip(real, fake, strict=True)
    return torch.stack([(r.detach().float() - f.float()).abs().mean() for r, f in layers]).mean()
