"""Feature matching (MelGAN, arXiv 1910.06711; HiFi-GAN, arXiv 2010.05646)."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from tts.config.training import FeatureMatchingConfig

PUBLISHED_FACTOR = 2.0  # of HiFi-GAN's code


def feature_matching_terms(
    real: Mapping[str, Sequence[Tensor]],
    fake: Mapping[str, Sequence[Tensor]],
    config: FeatureMatchingConfig | None = None,
) -> dict[str, Tensor]:
    """``feature_matching`` and its parts ``feature_matching/<discriminator>``; no gradient reaches the real features.

    real, fake: per discriminator, one map (B, C, ...) per layer; maps of different length are compared where both are.
    The mean within a layer, over the layers, then over the discriminators; or, as published, twice their sums.
    Raises ``ValueError`` when discriminators, layers, batches or channels differ, or a chosen layer does not exist.
    """
    config = config or FeatureMatchingConfig()
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    parts = {}
    for name in real:
        layers = torch.stack([_distance(*pair, config) for pair in _chosen(real[name], fake[name], config)])
        published = config.reduction == "published"
        parts[f"feature_matching/{name}"] = PUBLISHED_FACTOR * layers.sum() if published else layers.mean()
    values = torch.stack(list(parts.values()))
    return {"feature_matching": values.sum() if config.reduction == "published" else values.mean(), **parts}


def _chosen(
    real: Sequence[Tensor], fake: Sequence[Tensor], config: FeatureMatchingConfig
) -> Sequence[tuple[Tensor, Tensor]]:
    pairs = list(zip(real, fake, strict=True))
    if config.layers is None:
        return pairs
    if absent := [index for index in config.layers if not -len(pairs) <= index < len(pairs)]:
        raise ValueError(f"no layer {absent[0]}: a discriminator has {len(pairs)}")
    return [pairs[index] for index in config.layers]


def _distance(real: Tensor, fake: Tensor, config: FeatureMatchingConfig) -> Tensor:
    if real.shape[:2] != fake.shape[:2] or real.ndim != fake.ndim:
        raise ValueError(f"features {tuple(real.shape)} and {tuple(fake.shape)} differ in more than length")
    common = tuple(slice(min(sizes)) for sizes in zip(real.shape, fake.shape, strict=True))
    difference = real.detach()[common].float() - fake[common].float()
    match config.criterion:
        case "l1":
            return difference.abs().mean()
        case "l2":
            return difference.square().mean()
        case "charbonnier":
            return ((difference.square() + config.epsilon**2).sqrt() - config.epsilon).mean()
