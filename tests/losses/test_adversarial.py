import numpy as np
import pytest
import torch

from tts.losses.adversarial import discriminator_loss, generator_loss
from tts.losses.feature_matching import feature_matching

SHAPES = {"period_2": (2, 7), "period_3": (2, 4, 3), "scale_1": (2, 31)}


def scores(seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(shape, generator=generator).requires_grad_() for name, shape in SHAPES.items()}


def features(seed: int) -> dict[str, list[torch.Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: [torch.randn(*shape, layer + 1, generator=generator).requires_grad_() for layer in range(2 + len(shape))]
        for name, shape in SHAPES.items()
    }


def test_adversarial_losses_are_least_squares_averaged_over_discriminators() -> None:
    real, fake = scores(0), scores(1)
    r, f = ({name: s.detach().numpy() for name, s in x.items()} for x in (real, fake))
    d = np.mean([((1 - r[name]) ** 2).mean() + (f[name] ** 2).mean() for name in SHAPES])
    g = np.mean([((1 - f[name]) ** 2).mean() for name in SHAPES])
    assert discriminator_loss(real, fake).item() == pytest.approx(d, rel=1e-5)
    assert generator_loss(fake).item() == pytest.approx(g, rel=1e-5)


def test_perfect_scores_cost_nothing() -> None:
    ones = {name: torch.ones(shape) for name, shape in SHAPES.items()}
    zeros = {name: torch.zeros(shape) for name, shape in SHAPES.items()}
    assert discriminator_loss(ones, zeros).item() == 0.0
    assert discriminator_loss(zeros, ones).item() == 2.0
    assert generator_loss(ones).item() == 0.0


def test_gradients_push_real_up_and_fake_down_for_the_discriminators_and_fake_up_for_the_generator() -> None:
    real = {name: torch.full(shape, 0.5, requires_grad=True) for name, shape in SHAPES.items()}
    fake = {name: torch.full(shape, 0.5, requires_grad=True) for name, shape in SHAPES.items()}
    discriminator_loss(real, fake).backward()
    assert all((s.grad < 0).all() for s in real.values())
    assert all((s.grad > 0).all() for s in fake.values())
    for s in fake.values():
        s.grad = None
    generator_loss(fake).backward()
    assert all((s.grad < 0).all() for s in fake.values())


def test_feature_matching_is_l1_over_layers_then_discriminators() -> None:
    real, fake = features(0), features(1)
    expected = np.mean(
        [
            np.mean(
                [np.abs(r.detach().numpy() - f.detach().numpy()).mean() for r, f in zip(real[n], fake[n], strict=True)]
            )
            for n in SHAPES
        ]
    )
    assert feature_matching(real, fake).item() == pytest.approx(expected, rel=1e-5)


def test_feature_matching_of_equal_features_is_zero() -> None:
    assert feature_matching(features(0), features(0)).item() == 0.0


def test_feature_matching_gradients_never_reach_the_real_features() -> None:
    real, fake = features(0), features(1)
    feature_matching(real, fake).backward()
    assert all(layer.grad is None for layers in real.values() for layer in layers)
    assert all(layer.grad.abs().sum() > 0 for layers in fake.values() for layer in layers)


def test_what_does_not_match_is_refused() -> None:
    fewer = scores(1)
    del fewer["scale_1"]
    with pytest.raises(ValueError, match="discriminators differ"):
        discriminator_loss(scores(0), fewer)
    short = features(1)
    with pytest.raises(ValueError, match="discriminators differ"):
        feature_matching(features(0), {"period_2": short["period_2"]})
    short["period_2"].pop()
    with pytest.raises(ValueError):
        feature_matching(features(0), short)
