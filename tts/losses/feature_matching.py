"""Feature matching (MelGAN, arXiv 1910.06711; HiFi-GAN, arXiv 2010.05646)."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from tts.config.training import FeatureMatchingConfig
from tts.losses.adversarial import over_discriminators

Layers = Sequence[Sequence[Tensor]]  # of a discriminator: the maps of each layer, one, or one for each band


def feature_matching_terms(
    real: Mapping[str, Layers],
    fake: Mapping[str, Layers],
    config: FeatureMatchingConfig | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Tensor]:
    """``feature_matching`` and its parts ``feature_matching/<discriminator>``; no gradient reaches the real features.

    real, fake: per discriminator, the maps (B, C, ...) of each layer; maps of different length are compared where both
    are. A distance is a mean within a map; over maps, layers and discriminators there is a mean or a sum. ``weights``:
    of discriminators, 1 by default. The parts ``feature_matching/<discriminator>/relative`` are the L1 distance as a
    share of the size of the real features: comparable whatever the layers and the criterion.
    Raises ``ValueError`` when discriminators, layers, batches or channels differ, or a chosen layer does not exist.
    """
    config = config or FeatureMatchingConfig()
    if real.keys() != fake.keys():
        raise ValueError(f"discriminators differ: real {sorted(real)}, fake {sorted(fake)}")
    distances, relative = {}, {}
    for name in real:
        pairs = [_paired(*layer) for layer in _chosen(real[name], fake[name], config)]
        distances[name] = _reduced([_reduced([_distance(*p, config) for p in maps], config) for maps in pairs], config)
        relative[f"feature_matching/{name}/relative"] = _relative([pair for maps in pairs for pair in maps])
    parts = {f"feature_matching/{name}": distance for name, distance in distances.items()}
    return {"feature_matching": over_discriminators(distances, config.reduction, weights), **parts, **relative}


def _chosen(
    real: Layers, fake: Layers, config: FeatureMatchingConfig
) -> Sequence[tuple[Sequence[Tensor], Sequence[Tensor]]]:
    pairs = list(zip(real, fake, strict=True))
    if config.layers is None:
        return pairs
    if absent := [index for index in config.layers if not -len(pairs) <= index < len(pairs)]:
        raise ValueError(f"no layer {absent[0]}: a discriminator has {len(pairs)}")
    return [pairs[index] for index in config.layers]


def _paired(real: Sequence[Tensor], fake: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
    """The maps of a layer, cut to what both have."""
    return [_cut(*maps) for maps in zip(real, fake, strict=True)]


def _cut(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    if real.shape[:2] != fake.shape[:2] or real.ndim != fake.ndim:
        raise ValueError(f"features {tuple(real.shape)} and {tuple(fake.shape)} differ in more than length")
    common = tuple(slice(min(sizes)) for sizes in zip(real.shape, fake.shape, strict=True))
    return real.detach()[common].float(), fake[common].float()


def _reduced(values: list[Tensor], config: FeatureMatchingConfig) -> Tensor:
    stacked = torch.stack(values)
    return stacked.sum() if config.reduction == "sum" else stacked.mean()


def _distance(real: Tensor, fake: Tensor, config: FeatureMatchingConfig) -> Tensor:
    difference = real - fake
    match config.criterion:
        case "l1":
            return difference.abs().mean()
        case "l2":
            return difference.square().mean()
        case "charbonnier":
            return ((difference.square() + config.epsilon**2).sqrt() - config.epsilon).mean()


@torch.no_grad()
def _relative(pairs: list[tuple[Tensor, Tensor]]) -> Tensor:
    """The mean over maps."""
    tiny = torch.finfo(torch.float32).tiny
    shares = [(real - fake).abs().mean() / real.abs().mean().clamp(min=tiny) for real, fake in pairs]
    return torch.stack(shares).mean()
