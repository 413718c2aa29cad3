import re

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts.training.metrics_log import MetricsLog, read_metrics
from tts.training.run_dir import RunDir
from tts.training.tracker import LossTracker, NonFiniteLossError


def terms(**values: float) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}


STEPS = st.lists(st.tuples(st.floats(0, 100, width=32), st.integers(1, 64)), min_size=1, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cut=st.integers(0, 20))
def test_means_are_weighted_and_survive_a_resume_exactly(
    metrics_log: MetricsLog, steps: list[tuple[float, int]], cut: int
) -> None:
    straight, resumed = LossTracker(metrics_log, 0), LossTracker(metrics_log, 0)
    for value, weight in steps:
        straight.update(terms(mel=value), weight)
    for value, weight in steps[:cut]:
        resumed.update(terms(mel=value), weight)
    state, resumed = resumed.state_dict(), LossTracker(metrics_log, resumed.step)
    resumed.load_state_dict(state)
    for value, weight in steps[cut:]:
        resumed.update(terms(mel=value), weight)
    values, weights = zip(*steps, strict=True)
    assert straight.means()["mel"] == pytest.approx(np.average(values, weights=weights), rel=1e-6)
    assert (straight.means(), straight.step) == (resumed.means(), resumed.step)


def test_a_checkpoint_gives_the_state_back(metrics_log: MetricsLog, run: RunDir) -> None:
    tracker = LossTracker(metrics_log, 0)
    tracker.update(terms(mel=0.1, pitch=2.0), 3)
    tracker.validation({"mel": 0.3}, 0.3, 1)
    torch.save(tracker.state_dict(), run.path / "state.pt")
    again = LossTracker(metrics_log, 1)
    again.load_state_dict(torch.load(run.path / "state.pt", weights_only=True))
    assert again.state_dict() == tracker.state_dict()
    assert again.summary(0, 1) == tracker.summary(0, 1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_not_finite_stops_with_its_name_and_step(metrics_log: MetricsLog, bad: float) -> None:
    tracker = LossTracker(metrics_log, 41)
    tracker.update(terms(mel=1.0, pitch=1.0), 1)
    with pytest.raises(NonFiniteLossError, match=rf"^step 43: loss 'pitch' is {bad}") as error:
        tracker.update(terms(mel=1.0, pitch=bad), 1)
    assert error.value.names == ["pitch"]
    assert tracker.means() == {"mel": 1.0, "pitch": 1.0}
    with pytest.raises(NonFiniteLossError, match=r"^step 50: loss 'mel'"):
        tracker.validation({"mel": bad}, 0.0, 50)


def test_a_step_may_report_in_parts(metrics_log: MetricsLog) -> None:
    tracker = LossTracker(metrics_log, 0)
    for step in (1, 2, 3):
        tracker.update(terms(discriminator=1.0), 1)
        assert tracker.step == step
        tracker.update(terms(stft=1.0, adversarial=2.0), 1)
        assert tracker.step == step


def test_summary_is_a_table_a_person_reads(metrics_log: MetricsLog) -> None:
    tracker = LossTracker(metrics_log, 100)
    for _ in range(20):
        tracker.update(terms(mel=0.5, discriminator=1234567.0), 8)
    tracker.validation({"mel": 0.6, "spectral_convergence": 0.0001234}, 0.6, 110)
    tracker.validation({"mel": 0.7, "spectral_convergence": 0.0001}, 0.7, 120)
    title, header, *lines = tracker.summary(epoch=3, step=120).splitlines()
    assert re.fullmatch(r"epoch 3   step 120   \d+\.\d s   [\d.]+ steps/s", title)
    assert header.split() == ["train", "validation", "best", "at", "step"]
    assert [line.split() for line in lines] == [
        ["mel", "0.5000", "0.7000", "0.6000", "110"],
        ["discriminator", "1.235e+06", "-", "-"],
        ["spectral_convergence", "-", "0.0001000", "*", "0.0001000", "120"],
    ]
    assert all(len(line) <= 80 for line in (title, header, *lines))
    assert len(header) == len(lines[0])


def test_parts_of_terms_are_logged_but_stay_out_of_the_table(metrics_log: MetricsLog, run: RunDir) -> None:
    tracker = LossTracker(metrics_log, 0)
    tracker.update({"adversarial": torch.tensor(1.0), "adversarial/period_2": torch.tensor(3.0)}, 8)
    assert [line.split()[0] for line in tracker.summary(0, 1).splitlines()[2:]] == ["adversarial"]
    assert read_metrics(run.metrics)[-1]["adversarial/period_2"] == 3.0


def test_each_epoch_starts_anew_but_the_best_stays(metrics_log: MetricsLog) -> None:
    tracker = LossTracker(metrics_log, 0)
    tracker.update(terms(mel=0.5), 8)
    tracker.validation({"mel": 0.6}, 0.6, 1)
    tracker.summary(0, 1)
    assert tracker.means() == {}
    tracker.update(terms(mel=0.4), 8)
    assert tracker.summary(1, 2).splitlines()[2].split() == ["mel", "0.4000", "-", "0.6000", "1"]
    assert tracker.validation_loss == 0.6


def test_the_history_holds_every_epoch_and_validation(metrics_log: MetricsLog, run: RunDir) -> None:
    tracker = LossTracker(metrics_log, 0)
    tracker.update(terms(mel=0.5), 8)
    tracker.validation({"mel": 0.25}, 0.25, 1)
    tracker.summary(0, 1)
    rows = [{key: row[key] for key in ("step", "split", "mel")} for row in read_metrics(run.metrics)]
    assert rows == [
        {"step": 1, "split": "validation", "mel": 0.25},
        {"step": 1, "split": "train", "mel": 0.5},
    ]


def test_validating_is_not_counted_as_training_time(metrics_log: MetricsLog, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.perf_counter", lambda: now)
    tracker = LossTracker(metrics_log, 0)
    for _ in range(4):
        now += 0.5
        tracker.update(terms(mel=0.5), 8)
    now += 60.0
    tracker.validation({"mel": 0.6}, 0.6, 4)
    assert tracker.summary(0, 4).startswith("epoch 0   step 4   2.0 s   2.00 steps/s")
