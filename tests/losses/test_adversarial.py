from math import log

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tts.config.training import AdversarialConfig
from tts.losses.adversarial import DISTANCES, discriminator_terms, generator_terms
from tts.names import Criterion, Reduction

SHAPES = {"period_2": (2, 7), "period_3": (2, 4, 3), "scale_1": (2, 31)}
CRITERIA = pytest.mark.parametrize("criterion", DISTANCES)


def scores(seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {name: 3 * torch.randn(shape, generator=generator).requires_grad_() for name, shape in SHAPES.items()}


def level(value: float) -> dict[str, torch.Tensor]:
    return {name: torch.full(shape, value, requires_grad=True) for name, shape in SHAPES.items()}


def reference(criterion: Criterion, real: np.ndarray, fake: np.ndarray) -> tuple[float, float, float]:
    """Of one discriminator: its loss on real, on fake, and the generator's."""
    if criterion == "least_squares":
        return ((1 - real) ** 2).mean(), (fake**2).mean(), ((1 - fake) ** 2).mean()
    if criterion == "hinge":
        return np.maximum(0, 1 - real).mean(), np.maximum(0, 1 + fake).mean(), np.maximum(0, 1 - fake).mean()
    sigmoid_real, sigmoid_fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    return -np.log(sigmoid_real).mean(), -np.log(1 - sigmoid_fake).mean(), -np.log(sigmoid_fake).mean()


@CRITERIA
def test_terms_and_their_parts_equal_the_formulas(criterion: Criterion) -> None:
    real, fake = scores(0), scores(1)
    expected = {
        name: reference(criterion, real[name].detach().double().numpy(), fake[name].detach().double().numpy())
        for name in SHAPES
    }
    config = AdversarialConfig(criterion=criterion)
    d, g = discriminator_terms(real, fake, config), generator_terms(fake, config)
    for name, (on_real, on_fake, of_generator) in expected.items():
        assert d[f"discriminator/{name}/real"].item() == pytest.approx(on_real, rel=1e-5)
        assert d[f"discriminator/{name}/fake"].item() == pytest.approx(on_fake, rel=1e-5)
        assert g[f"adversarial/{name}"].item() == pytest.approx(of_generator, rel=1e-5)
    assert d["discriminator"].item() == pytest.approx(np.mean([r + f for r, f, _ in expected.values()]), rel=1e-5)
    assert g["adversarial"].item() == pytest.approx(np.mean([value for *_, value in expected.values()]), rel=1e-5)
    assert len(d) == 1 + 2 * len(SHAPES) and len(g) == 1 + len(SHAPES)


def test_cross_entropy_is_torchs() -> None:
    real, fake = scores(0), scores(1)
    for name in SHAPES:
        expected = F.binary_cross_entropy_with_logits(real[name], torch.ones(SHAPES[name]))
        found = discriminator_terms(real, fake, AdversarialConfig(criterion="bce"))[f"discriminator/{name}/real"]
        torch.testing.assert_close(found, expected)


def test_least_squares_is_the_default_and_perfect_scores_cost_nothing() -> None:
    assert discriminator_terms(level(1.0), level(0.0))["discriminator"].item() == 0.0
    assert discriminator_terms(level(0.0), level(1.0))["discriminator"].item() == 2.0
    assert generator_terms(level(1.0))["adversarial"].item() == 0.0


@pytest.mark.parametrize(
    ("criterion", "score", "cost"), [("least_squares", 0.5, 0.5), ("hinge", 0.0, 2.0), ("bce", 0.0, 2 * log(2))]
)
def test_what_a_stuck_discriminator_costs(criterion: Criterion, score: float, cost: float) -> None:
    stuck = discriminator_terms(level(score), level(score), AdversarialConfig(criterion=criterion))
    assert stuck["discriminator"].item() == pytest.approx(cost)


@CRITERIA
def test_gradients_push_real_up_and_fake_down_for_the_discriminators_and_fake_up_for_the_generator(
    criterion: Criterion,
) -> None:
    real, fake, config = level(0.5), level(0.5), AdversarialConfig(criterion=criterion)
    discriminator_terms(real, fake, config)["discriminator"].backward()
    assert all((s.grad < 0).all() for s in real.values())
    assert all((s.grad > 0).all() for s in fake.values())
    fake = level(0.5)
    generator_terms(fake, config)["adversarial"].backward()
    assert all((s.grad < 0).all() for s in fake.values())


@pytest.mark.parametrize(("reduction", "divisor"), [("sum", 1.0), ("mean", 3.5)])
def test_weights_of_discriminators_and_the_reduction_over_them(reduction: Reduction, divisor: float) -> None:
    real, fake = scores(0), scores(1)
    weights = {"period_2": 2.0, "period_3": 1.0, "scale_1": 0.5}
    config = AdversarialConfig(reduction=reduction)
    d, g = discriminator_terms(real, fake, config, weights), generator_terms(fake, config, weights)
    of_game = [w * (d[f"discriminator/{n}/real"] + d[f"discriminator/{n}/fake"]).item() for n, w in weights.items()]
    of_generator = [w * g[f"adversarial/{n}"].item() for n, w in weights.items()]
    assert d["discriminator"].item() == pytest.approx(sum(of_game) / divisor, rel=1e-5)
    assert g["adversarial"].item() == pytest.approx(sum(of_generator) / divisor, rel=1e-5)


@CRITERIA
def test_extreme_scores_stay_finite(criterion: Criterion) -> None:
    config = AdversarialConfig(criterion=criterion)
    terms = discriminator_terms(level(-1e4), level(1e4), config) | generator_terms(level(-1e4), config)
    assert all(term.isfinite() for term in terms.values())


def test_what_does_not_match_is_refused() -> None:
    fewer = scores(1)
    del fewer["scale_1"]
    with pytest.raises(ValueError, match="discriminators differ"):
        discriminator_terms(scores(0), fewer)
