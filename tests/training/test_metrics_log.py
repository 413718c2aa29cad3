import time
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tts.config.root import Config
from tts.errors import InputError
from tts.training.metrics_log import MetricsLog, read_metrics
from tts.training.run_dir import RunDir


def write_steps(run: RunDir, resume: int, steps: list[int], offset: float = 0.0) -> None:
    log = MetricsLog(run, resume)
    for step in steps:
        log.scalars(step, "train", {"mel": step + offset}, epoch=0)
    log.close()


def tensorboard_values(run: RunDir, tag: str) -> list[tuple[int, float]]:
    events = EventAccumulator(str(run.tensorboard))
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars(tag)]


def test_rows_are_read_as_written(run: RunDir, metrics_log: MetricsLog) -> None:
    metrics_log.scalars(10, "train", {"mel": 0.1, "pitch": 1e-9}, epoch=2)
    metrics_log.scalars(10, "validation", {"mel": 1 / 3})
    train, validation = read_metrics(run.metrics)
    assert train.pop("time") <= validation.pop("time")
    assert train == {"step": 10, "epoch": 2, "split": "train", "mel": 0.1, "pitch": 1e-9}
    assert validation == {"step": 10, "split": "validation", "mel": 1 / 3}


def test_resuming_drops_what_came_after_the_checkpoint_and_nothing_else(run: RunDir) -> None:
    write_steps(run, 0, [1, 2, 3, 4])
    time.sleep(1.1)  # the files that one process writes are told apart, and put in order, by their second
    write_steps(run, 2, [3, 4], offset=0.5)
    assert [row["mel"] for row in read_metrics(run.metrics)] == [1.0, 2.0, 3.5, 4.5]
    assert tensorboard_values(run, "mel/train") == [(1, 1.0), (2, 2.0), (3, 3.5), (4, 4.5)]


def test_a_line_cut_short_by_a_kill_is_not_a_row(run: RunDir) -> None:
    write_steps(run, 0, [1, 2])
    whole = run.metrics.read_bytes()
    run.metrics.write_bytes(whole[:-7])
    assert [row["step"] for row in read_metrics(run.metrics)] == [1]
    write_steps(run, 2, [3])
    assert [row["step"] for row in read_metrics(run.metrics)] == [1, 3]


def test_a_damaged_line_is_named(run: RunDir) -> None:
    write_steps(run, 0, [1, 2, 3])
    lines = run.metrics.read_text().splitlines(keepends=True)
    run.metrics.write_text(lines[0] + "{broken\n" + lines[2])
    with pytest.raises(InputError, match=r"metrics\.jsonl, line 2: is not valid JSON"):
        read_metrics(run.metrics)


def test_no_history_is_no_rows(tmp_path: Path) -> None:
    assert read_metrics(tmp_path / "metrics.jsonl") == []


def test_values_that_are_not_numbers_never_reach_the_file(run: RunDir, metrics_log: MetricsLog) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        metrics_log.scalars(1, "train", {"mel": float("nan")}, epoch=0)
    assert read_metrics(run.metrics) == []


def test_pictures_and_audio_reach_tensorboard(run: RunDir, metrics_log: MetricsLog) -> None:
    figure = Figure()
    figure.subplots().plot([0, 1])
    metrics_log.picture("mel/a", figure, 3)
    metrics_log.audio("griffin_lim/a", np.zeros(100, dtype=np.float32), 22_050, 3)
    metrics_log.close()
    events = EventAccumulator(str(run.tensorboard))
    events.Reload()
    assert events.Tags()["images"] == ["mel/a"]
    (sound,) = events.Audio("griffin_lim/a")
    assert (sound.step, sound.sample_rate, sound.length_frames) == (3, 22_050, 100)


def test_processes_that_do_not_write_leave_no_trace(tmp_path: Path) -> None:
    run = RunDir.open(tmp_path / "run", Config(), "acoustic", writes=False)
    write_steps(run, 0, [1])
    assert not run.path.exists()
