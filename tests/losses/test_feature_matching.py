from typing import Any

import numpy as np
import pytest
import torch

from tts.config.training import FeatureMatchingConfig
from tts.losses.feature_matching import feature_matching_terms

Layers = list[list[torch.Tensor]]
Features = dict[str, Layers]
N_LAYERS = {"period_2": 4, "scale_1": 6}
CRITERIA = {
    "l1": np.abs,
    "l2": np.square,
    "charbonnier": lambda d: np.sqrt(d**2 + 0.01**2) - 0.01,
}


def features(seed: int, length: int = 9) -> Features:
    """Of scale_1 in two bands."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: [
            [torch.randn(2, layer + 1, length, generator=generator).requires_grad_() for _ in range(n_bands)]
            for layer in range(n_layers)
        ]
        for (name, n_layers), n_bands in zip(N_LAYERS.items(), (1, 2), strict=True)
    }


def distances(criterion: str, real: Layers, fake: Layers) -> list[list[float]]:
    """By layer and band."""
    return [
        [CRITERIA[criterion](r.detach().numpy() - f.detach().numpy()).mean() for r, f in zip(*maps, strict=True)]
        for maps in zip(real, fake, strict=True)
    ]


def maps_of(features: Features) -> list[torch.Tensor]:
    return [x for layers in features.values() for maps in layers for x in maps]


def terms_of(found: dict[str, torch.Tensor]) -> dict[str, float]:
    return {name: term.item() for name, term in found.items() if not name.endswith("/relative")}


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("layers", [None, (0, 2), (-1,)])
def test_mean_over_layers_then_discriminators(criterion: str, layers: tuple[int, ...] | None) -> None:
    real, fake = features(0), features(1)
    config = FeatureMatchingConfig(criterion=criterion, layers=layers, epsilon=0.01)
    terms = feature_matching_terms(real, fake, config)
    expected = {}
    for name in N_LAYERS:
        found = distances(criterion, real[name], fake[name])
        expected[f"feature_matching/{name}"] = np.mean([found[i] for i in layers] if layers else found)
    expected["feature_matching"] = np.mean(list(expected.values()))
    assert terms_of(terms) == pytest.approx(expected, rel=1e-5)


def test_sums_over_layers_bands_and_weighted_discriminators() -> None:
    real, fake = features(0), features(1)
    weights = {"period_2": 2.0, "scale_1": 0.5}
    terms = feature_matching_terms(real, fake, FeatureMatchingConfig(reduction="sum"), weights)
    expected = {f"feature_matching/{n}": np.sum(np.array(distances("l1", real[n], fake[n]))) for n in N_LAYERS}
    expected["feature_matching"] = sum(w * expected[f"feature_matching/{n}"] for n, w in weights.items())
    assert terms_of(terms) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("config", [{}, {"criterion": "l2", "reduction": "sum"}, {"layers": (0,)}])
def test_the_relative_distance_knows_no_scale(config: dict[str, Any]) -> None:
    fake = features(0)
    real = {name: [[0.9 * x.detach() for x in maps] for maps in layers] for name, layers in fake.items()}
    terms = feature_matching_terms(real, fake, FeatureMatchingConfig.model_validate(config))
    for name in N_LAYERS:
        assert terms[f"feature_matching/{name}/relative"].item() == pytest.approx(1 / 9, rel=1e-4)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_equal_features_cost_nothing_and_have_finite_gradients(criterion: str) -> None:
    fake = features(0)
    terms = feature_matching_terms(features(0), fake, FeatureMatchingConfig(criterion=criterion))
    assert all(term.item() == 0.0 for term in terms.values())
    terms["feature_matching"].backward()
    assert all(x.grad.isfinite().all() for x in maps_of(fake))


def test_gradients_never_reach_the_real_features() -> None:
    real, fake = features(0), features(1)
    feature_matching_terms(real, fake)["feature_matching"].backward()
    assert all(x.grad is None for x in maps_of(real))
    assert all(x.grad.abs().sum() > 0 for x in maps_of(fake))


def test_maps_of_different_length_are_compared_where_both_are() -> None:
    real, fake = features(0, length=9), features(1, length=7)
    cut = {name: [[x[..., :7] for x in maps] for maps in layers] for name, layers in real.items()}
    expected = terms_of(feature_matching_terms(cut, fake))
    for longer, shorter in ((real, fake), (fake, real)):
        assert terms_of(feature_matching_terms(longer, shorter)) == pytest.approx(expected)


def test_what_does_not_match_is_refused() -> None:
    real, fake = features(0), features(1)
    with pytest.raises(ValueError, match="discriminators differ"):
        feature_matching_terms(real, {"period_2": fake["period_2"]})
    with pytest.raises(ValueError, match="no layer 5: a discriminator has 4"):
        feature_matching_terms(real, fake, FeatureMatchingConfig(layers=(5,)))
    with pytest.raises(ValueError, match="differ in more than length"):
        feature_matching_terms(real, {**fake, "period_2": fake["period_2"][::-1]})
    fake["period_2"].pop()
    with pytest.raises(ValueError):
        feature_matching_terms(real, fake)
