import numpy as np
import pytest
import torch

from tts.config.training import FeatureMatchingConfig
from tts.losses.feature_matching import feature_matching_terms

N_LAYERS = {"period_2": 4, "scale_1": 6}
CRITERIA = {
    "l1": np.abs,
    "l2": np.square,
    "charbonnier": lambda d: np.sqrt(d**2 + 0.01**2) - 0.01,
}


def features(seed: int, length: int = 9) -> dict[str, list[torch.Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: [torch.randn(2, layer + 1, length, generator=generator).requires_grad_() for layer in range(n_layers)]
        for name, n_layers in N_LAYERS.items()
    }


def distances(criterion: str, real: list[torch.Tensor], fake: list[torch.Tensor]) -> list[float]:
    pairs = zip(real, fake, strict=True)
    return [CRITERIA[criterion](r.detach().numpy() - f.detach().numpy()).mean() for r, f in pairs]


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
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(expected, rel=1e-5)


def test_published_is_twice_the_sum() -> None:
    real, fake = features(0), features(1)
    terms = feature_matching_terms(real, fake, FeatureMatchingConfig(reduction="published"))
    expected = {f"feature_matching/{name}": 2 * sum(distances("l1", real[name], fake[name])) for name in N_LAYERS}
    expected["feature_matching"] = sum(expected.values())
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_equal_features_cost_nothing_and_have_finite_gradients(criterion: str) -> None:
    fake = features(0)
    terms = feature_matching_terms(features(0), fake, FeatureMatchingConfig(criterion=criterion))
    assert all(term.item() == 0.0 for term in terms.values())
    terms["feature_matching"].backward()
    assert all(layer.grad.isfinite().all() for layers in fake.values() for layer in layers)


def test_gradients_never_reach_the_real_features() -> None:
    real, fake = features(0), features(1)
    feature_matching_terms(real, fake)["feature_matching"].backward()
    assert all(layer.grad is None for layers in real.values() for layer in layers)
    assert all(layer.grad.abs().sum() > 0 for layers in fake.values() for layer in layers)


def test_maps_of_different_length_are_compared_where_both_are() -> None:
    real, fake = features(0, length=9), features(1, length=7)
    cut = {name: [layer[..., :7] for layer in layers] for name, layers in real.items()}
    for longer, shorter in ((real, fake), (fake, real)):
        torch.testing.assert_close(feature_matching_terms(longer, shorter), feature_matching_terms(cut, fake))


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
