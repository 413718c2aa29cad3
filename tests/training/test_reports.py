"""When a person is told, and what the history keeps."""

from itertools import pairwise

import torch

from tts.config.training import VocoderTrainingConfig
from tts.training.health import KINDS, Health
from tts.training.metrics_log import MetricsLog, read_metrics
from tts.training.reports import Reports, TableClock
from tts.training.run_dir import RunDir
from tts.training.tracker import LossTracker


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def tables(step_s: float, n_steps: int, epoch: int, validate_every: int) -> list[int]:
    """The steps after which there is a table."""
    time = Time()
    clock, found = TableClock(time, read_s=20, wait_s=120), []
    for step in range(1, n_steps + 1):
        time.now += step_s
        if clock.due(epoch_ends=step % epoch == 0, now=step % validate_every == 0 or step == n_steps):
            found.append(step)
    return found


def test_every_validation_has_a_table_however_long_the_epoch() -> None:
    assert tables(step_s=0.01, n_steps=3000, epoch=3111, validate_every=1000) == [1000, 2000, 3000]


def test_nobody_waits_for_longer_than_two_minutes() -> None:
    found = tables(step_s=1.0, n_steps=2000, epoch=10**6, validate_every=1000)
    assert found[0] == 120 and max(b - a for a, b in pairwise(found)) == 120


def test_short_epochs_are_merged() -> None:
    found = tables(step_s=0.1, n_steps=2000, epoch=30, validate_every=10**6)
    assert all(step % 30 == 0 for step in found[:-1])
    assert min(b - a for a, b in pairwise(found[:-1])) * 0.1 >= 20


def test_a_table_starts_the_means_afresh_and_the_history_keeps_them(metrics_log: MetricsLog, run: RunDir) -> None:
    told: list[str] = []
    tracker = LossTracker(0, 10)
    reports = Reports(tracker, metrics_log, told.append, TableClock(Time()))
    for value in (1.0, 3.0):
        tracker.begin(epoch=4, learning_rate=0.5)
        tracker.update({"mel": torch.tensor(value)}, 8)
        reports.table_when_due(epoch_ends=False, now=False)
    assert not told and not read_metrics(run.metrics)
    reports.validation({"mel": 2.5}, 2.5)
    reports.table_when_due(epoch_ends=False, now=True)
    (table,) = told
    assert table.startswith("step 2 of 10   epoch 4")
    assert tracker.means() == {}
    rows = [{key: value for key, value in row.items() if key != "time"} for row in read_metrics(run.metrics)]
    assert rows == [
        {"step": 2, "split": "validation", "mel": 2.5},
        {"step": 2, "split": "train", "epoch": 4, "learning_rate": 0.5, "mel": 2.0},
    ]


def test_alarms_are_told_when_they_begin_and_end_and_last_in_the_table(metrics_log: MetricsLog, run: RunDir) -> None:
    told: list[str] = []
    tracker = LossTracker(0, 100, health=Health(VocoderTrainingConfig(alarm_window=2)))
    reports = Reports(tracker, metrics_log, told.append, TableClock(Time()))
    for step in range(1, 11):
        tracker.begin(0, 1e-3)
        loss = torch.tensor(0.25 if step <= 6 else 0.15)  # on each of recorded and generated audio; guessing is 0.25
        tracker.update({"discriminator/scale_1/real": loss, "discriminator/scale_1/fake": loss}, 1)
        reports.alarms()
        if step == 6:
            torch.save(tracker.state_dict(), run.path / "state.pt")
            assert tracker.summary().splitlines()[-1] == told[0].splitlines()[0]
    begins, ends = told
    what = "! discriminators cannot tell recordings from generated audio"
    assert begins == f"{what}, since step 1: scale_1 0.500 (0.5 is guessing)\n  usually helps: {KINDS['stuck'].helps}"
    assert ends.startswith(f"{what}, from step 1 to 6: scale_1") and ends.endswith("it is over")
    rows = read_metrics(run.metrics)
    assert [(row["step"], row["alarm"], row["since"], row["until"]) for row in rows] == [
        (6, "stuck", 1, None),
        (8, "stuck", 1, 6),
    ]
    assert torch.load(run.path / "state.pt", weights_only=True)["health"]["_told"] == ["stuck/scale_1"]
