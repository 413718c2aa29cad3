import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.training.tracker import LossTracker, NonFiniteLossError


def terms(**values: float) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}


def step(tracker: LossTracker, weight: float = 1, **values: float) -> None:
    tracker.begin(epoch=0, learning_rate=1e-3)
    tracker.update(terms(**values), weight)


STEPS = st.lists(st.tuples(st.floats(0, 100, width=32), st.integers(1, 64)), min_size=1, max_size=20)


@given(steps=STEPS, cut=st.integers(0, 20))
def test_means_are_weighted_and_survive_a_resume_exactly(steps: list[tuple[float, int]], cut: int) -> None:
    straight, resumed = LossTracker(0, 100), LossTracker(0, 100)
    for value, weight in steps:
        step(straight, weight, mel=value)
    for value, weight in steps[:cut]:
        step(resumed, weight, mel=value)
    state, resumed = resumed.state_dict(), LossTracker(resumed.step, 100)
    resumed.load_state_dict(state)
    for value, weight in steps[cut:]:
        step(resumed, weight, mel=value)
    values, weights = zip(*steps, strict=True)
    assert straight.means()["mel"] == pytest.approx(np.average(values, weights=weights), rel=1e-6)
    assert (straight.means(), straight.step) == (resumed.means(), resumed.step)


def test_a_checkpoint_gives_the_state_back(tmp_path: Path) -> None:
    tracker = LossTracker(0, 100)
    step(tracker, 3, mel=0.1, pitch=2.0)
    tracker.validation({"mel": 0.3}, 0.3)
    torch.save(tracker.state_dict(), tmp_path / "state.pt")
    again = LossTracker(1, 100)
    again.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    assert again.state_dict() == tracker.state_dict()
    assert again.means() == tracker.means()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_not_finite_stops_with_its_name_and_step(bad: float) -> None:
    tracker = LossTracker(41, 100)
    step(tracker, mel=1.0, pitch=1.0)
    with pytest.raises(NonFiniteLossError, match=rf"^step 43: loss 'pitch' is {bad}") as error:
        step(tracker, mel=1.0, pitch=bad)
    assert error.value.names == ["pitch"]
    assert tracker.means() == {"mel": 1.0, "pitch": 1.0}
    with pytest.raises(NonFiniteLossError, match=r"^step 43: loss 'mel'"):
        tracker.validation({"mel": bad}, 0.0)


def test_a_step_may_report_in_parts() -> None:
    tracker = LossTracker(0, 100)
    for number in (1, 2, 3):
        step(tracker, discriminator=1.0)
        tracker.update(terms(stft=1.0, adversarial=2.0), 1)
        assert tracker.step == number


def test_summary_is_a_table_a_person_reads() -> None:
    tracker = LossTracker(100, 20_000)
    for number in range(101, 121):
        tracker.begin(epoch=3, learning_rate=5e-4)
        tracker.update(terms(total=1.0, mel=0.5, discriminator=1234567.0), 8)
        if number == 110:
            tracker.validation({"total": 1.2, "mel": 0.6, "snr_db": 3.0}, 0.6)
    tracker.validation({"total": 1.4, "mel": 0.7, "snr_db": 4.0}, 0.7)
    title, header, *lines = tracker.summary().splitlines()
    assert re.fullmatch(r"step 120 of 20,000   epoch 3   [\d.]+ steps/s   \d+ (min|s) left", title)
    assert header.split() == ["train", "validation", "best", "at", "step"]
    assert [line.split() for line in lines] == [
        ["learning_rate", "0.0005000", "-", "-"],
        ["total", "1.000", "1.400", "1.200", "110"],
        ["mel", "0.5000", "0.7000", "0.6000", "110"],
        ["discriminator", "1.235e+06", "-", "-"],
        ["snr_db", "-", "4.000", "*", "4.000", "120"],
    ]
    assert all(len(line) <= 80 for line in (title, header, *lines))
    assert len(header) == len(lines[1])
    step(tracker, mel=0.5)
    assert "validated at step 120" in tracker.summary()


def test_asking_changes_nothing() -> None:
    tracker = LossTracker(0, 100)
    step(tracker, mel=0.5)
    tracker.validation({"mel": 0.6}, 0.6)
    before = tracker.state_dict()
    assert tracker.summary() == tracker.summary()
    assert tracker.means() == tracker.means() == {"mel": 0.5}
    assert tracker.state_dict() == before


def test_parts_of_terms_stay_out_of_the_table() -> None:
    tracker = LossTracker(0, 100)
    tracker.begin(0, 1e-3)
    tracker.update({"adversarial": torch.tensor(1.0), "adversarial/period_2": torch.tensor(3.0)}, 8)
    assert [line.split()[0] for line in tracker.summary().splitlines()[2:]] == ["learning_rate", "adversarial"]
    assert tracker.means()["adversarial/period_2"] == 3.0


def test_cleared_means_start_anew_but_validation_and_the_best_stay() -> None:
    tracker = LossTracker(0, 100)
    step(tracker, mel=0.5)
    tracker.validation({"mel": 0.6}, 0.6)
    tracker.clear()
    assert tracker.means() == {}
    step(tracker, mel=0.4)
    assert tracker.summary().splitlines()[3].split() == ["mel", "0.4000", "0.6000", "*", "0.6000", "1"]
    assert tracker.validation_loss == 0.6


def test_the_speed_is_of_steps_and_the_time_left_of_everything() -> None:
    now = 100.0
    tracker = LossTracker(0, 100, clock=lambda: now)
    for _ in range(4):
        now += 0.5
        step(tracker, mel=0.5)
    now += 6000.0
    tracker.validation({"mel": 0.6}, 0.6)
    tracker.lap()
    assert tracker.summary().startswith("step 4 of 100   epoch 0   2.00 steps/s   40 h 1 min left")
