import pytest
import torch

from tts.losses.weighting import headline, reconstruction, weighted_total, weights_at


def terms(**values: float) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}


def test_total_and_gradients_follow_the_weights() -> None:
    mel, pitch = (t := terms(mel=2.0, pitch=3.0)).values()
    total = weighted_total(t, {"mel": 1.0, "pitch": 0.1})
    total.backward()
    assert total.item() == pytest.approx(2.3)
    assert (mel.grad.item(), pitch.grad.item()) == pytest.approx((1.0, 0.1))


def test_weight_zero_only_logs_even_what_is_not_finite() -> None:
    t = terms(mel=2.0, pitch=float("nan"))
    total = weighted_total(t, {"mel": 1.0, "pitch": 0.0})
    total.backward()
    assert total.item() == 2.0
    assert t["pitch"].grad is None


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"mel": 1.0}, "no weight for pitch"),
        ({"mel": 1.0, "pitch": 1.0, "ptich": 1.0}, "no term for ptich"),
        ({"mel": 0.0, "pitch": 0.0}, "every weight is 0"),
    ],
)
def test_names_must_agree_and_something_must_be_learnt(weights: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        weighted_total(terms(mel=2.0, pitch=3.0), weights)


def test_parts_of_terms_need_no_weight() -> None:
    parts = {"mel": torch.tensor(2.0), "mel/low": torch.tensor(5.0)}
    assert weighted_total(parts, {"mel": 1.0}).item() == 2.0


def test_a_term_waits_for_its_step() -> None:
    weights, start_steps = {"mel": 45.0, "adversarial": 1.0}, {"adversarial": 3}
    assert weights_at(2, weights, start_steps) == {"mel": 45.0}
    assert weights_at(3, weights, start_steps) == weights


def test_what_takes_no_discriminators_has_a_sum_of_its_own() -> None:
    weights = {"mel": 45.0, "f0": 2.0, "adversarial": 1.0, "feature_matching": 2.0}
    assert reconstruction({"mel": 1.0, "f0": 3.0, "adversarial": 9.0}, weights) == 51.0
    assert (headline(weights), headline({"mel": 1.0})) == ("reconstruction", "total")
