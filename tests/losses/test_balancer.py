import pytest
import torch

from tts.losses.balancer import GradientBalancer

TERMS = {"stft": 45.0, "adversarial": 1e-3, "feature_matching": 7.0}


def audio(batch: int = 3) -> torch.Tensor:
    return torch.randn(batch, 1, 16, generator=torch.Generator().manual_seed(0)).requires_grad_()


def terms(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of very different scales, each a mean over the batch."""
    stft, adversarial, feature_matching = TERMS.values()
    return {
        "stft": stft * x.abs().mean(),
        "adversarial": adversarial * x.square().mean(),
        "feature_matching": feature_matching * (x - 1).abs().mean(),
        "adversarial/period_2": x.mean(),
    }


def norm(gradient: torch.Tensor) -> float:
    return gradient.flatten(1).norm(dim=1).sum().item()


def test_weights_are_shares_whatever_the_scales() -> None:
    x, balancer = audio(), GradientBalancer(list(TERMS), decay=0.9)
    shares = {"stft": 2.0, "adversarial": 1.0, "feature_matching": 1.0}
    found = balancer(terms(x), shares, x)
    expected = torch.zeros_like(x)
    for name, share in shares.items():
        (gradient,) = torch.autograd.grad(terms(x)[name], x)
        expected = expected + share / 4 * gradient / norm(gradient)
    torch.testing.assert_close(found, expected)


def test_one_term_alone_has_the_norm_one() -> None:
    x = audio()
    found = GradientBalancer(["stft"], decay=0.9)({"stft": terms(x)["stft"]}, {"stft": 45.0}, x)
    assert norm(found) == pytest.approx(1.0, rel=1e-5)


def test_a_larger_batch_does_not_change_the_scale() -> None:
    x = audio().detach()
    twice = torch.cat([x, x]).requires_grad_()
    found = GradientBalancer(["stft"], decay=0.9)({"stft": terms(twice)["stft"]}, {"stft": 1.0}, twice)
    assert norm(found) == pytest.approx(1.0, rel=1e-5)


def test_norms_are_averaged_over_steps() -> None:
    x, balancer = audio(), GradientBalancer(["stft"], decay=0.5)
    for scale in (1.0, 3.0):
        found = balancer({"stft": scale * x.abs().mean()}, {"stft": 1.0}, x)
    # The running mean of 1 and 3 with decay 0.5 is (0.5 * 1 + 3) / 1.5.
    assert norm(found) == pytest.approx(3.0 / (3.5 / 1.5), rel=1e-5)


def test_what_has_no_weight_or_has_not_started_takes_no_part() -> None:
    x, balancer = audio(), GradientBalancer(list(TERMS), decay=0.9)
    weights = {"stft": 1.0, "adversarial": 0.0, "feature_matching": 0.0}
    alone = balancer(terms(x), weights, x)
    assert norm(alone) == pytest.approx(1.0, rel=1e-5)
    assert balancer.counts.tolist() == [1.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="every weight is 0"):
        balancer(terms(x), dict.fromkeys(TERMS, 0.0), x)
    with pytest.raises(ValueError, match="no term for ptich"):
        balancer(terms(x), {**weights, "ptich": 1.0}, x)


def test_a_gradient_of_zero_breaks_nothing() -> None:
    x = torch.zeros(1, 1, 4, requires_grad=True)
    found = GradientBalancer(["stft"], decay=0.9)({"stft": x.square().mean()}, {"stft": 1.0}, x)
    assert torch.equal(found, torch.zeros_like(x))
