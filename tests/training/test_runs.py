"""Real runs on a tiny corpus: they learn, stop when asked, go on as if nothing had been, and refuse what they must."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from shutil import copytree

import pyarrow as pa
import pytest
import torch
from tiny_runs import TINY, TRAIN, config, weights

from tts.config.loader import load_config
from tts.errors import InputError
from tts.files.shard import sealed
from tts.models.saved import list_checkpoints, step_of
from tts.training.acoustic_task import train_acoustic
from tts.training.metrics_log import read_metrics
from tts.training.vocoder_task import train_vocoder


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAIN)
def test_ten_steps_equal_five_and_five_more(task: str, tiny_features: Path, tmp_path: Path) -> None:
    train = TRAIN[task]
    assert train(tiny_features, tmp_path / "whole", config(task, steps=10))
    assert train(tiny_features, tmp_path / "parts", config(task, steps=5))
    assert train(tiny_features, tmp_path / "parts", config(task, steps=10))
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []


@pytest.mark.parametrize("task", TRAIN)
def test_features_that_are_damaged_later_stop_a_run_with_one_line(
    task: str, tiny_features: Path, tmp_path: Path
) -> None:
    """The first batches may still be sound: what the background finds is said when its batch is due."""
    features = tmp_path / "features"
    copytree(tiny_features, features)
    for shard in (features / "shards").glob("*.arrow"):
        table = pa.ipc.open_file(shard).read_all()
        mels = [[float("nan")] * len(mel) for mel in table.column("mel")]
        table = table.set_column(table.column_names.index("mel"), "mel", pa.array(mels, table.schema.field("mel").type))
        shard.write_bytes(sealed(table.replace_schema_metadata(None)))
    with pytest.raises(InputError, match="is not finite"):
        TRAIN[task](features, tmp_path / "run", config(task, steps=5))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAIN)
def test_a_run_learns_and_leaves_what_it_promises(task: str, tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    TRAIN[task](tiny_features, run, config(task, steps=40, validate_every=20, checkpoint_every=20, keep_checkpoints=1))
    rows = [row for row in read_metrics(run / "metrics.jsonl") if row["split"] == "validation"]
    term = {"acoustic": "mel", "vocoder": "reconstruction"}[task]
    assert rows[-1][term] < rows[0][term]
    assert (run / "config.yaml").is_file()
    assert list(run.glob("samples/step_*/*.wav")) and list(run.glob("samples/step_*/*.png"))
    assert 1 <= len(list(run.glob("checkpoints/step_*"))) <= 2  # the newest, and the best


def test_a_loss_that_is_not_finite_stops_the_run_and_is_named(tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(InputError, match=r"step \d+: loss .*'mel' is (nan|inf)"):
        train_acoustic(tiny_features, run, config("acoustic", learning_rate="1.0e+30", checkpoint_every=1))
    assert all(value.isfinite().all() for value in weights(run).values())


@pytest.mark.parametrize("task", TRAIN)
def test_gradients_that_are_not_finite_never_reach_the_weights(task: str, tiny_features: Path, tmp_path: Path) -> None:
    term = {"acoustic": "mel", "vocoder": "log_magnitude"}[task]
    huge = load_config([TINY], [f"training.{task}.weights.{term}=3.0e+38", f"training.{task}.checkpoint_every=1"])
    with pytest.raises(InputError, match=r"step 1: loss '.*gradient_norm' is (nan|inf)"):
        TRAIN[task](tiny_features, tmp_path / "run", huge)
    assert list_checkpoints(tmp_path / "run") == []


@pytest.mark.slow
def test_another_config_does_not_touch_a_run(tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train_acoustic(tiny_features, run, config("acoustic", steps=2))
    before = weights(run)
    with pytest.raises(InputError, match=r"acoustic\.hidden: 32 -> 64"):
        train_acoustic(tiny_features, run, load_config([TINY], ["acoustic.hidden=64"]))
    with pytest.raises(InputError):
        train_vocoder(tiny_features, run, config("vocoder", steps=2))
    assert all(torch.equal(before[name], value) for name, value in weights(run).items())


def test_features_of_another_config_are_refused(tiny_features: Path, tmp_path: Path) -> None:
    other = load_config([TINY], ["audio.fmax=7000"])
    with pytest.raises(InputError, match=r"audio\.fmax: 8000\.0 -> 7000\.0"):
        train_acoustic(tiny_features, tmp_path / "run", other)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a signal cannot ask a process to stop")
@pytest.mark.parametrize(("name", "returncode"), [("SIGTERM", 143), ("SIGKILL", -9)])
def test_a_stopped_process_goes_on_with_the_same_command(
    name: str, returncode: int, tiny_features: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "tts.cli",
        "train",
        "acoustic",
        str(tiny_features),
        str(run),
        "--config",
        str(TINY),
    ]
    overrides = ["--set", "training.acoustic.validate_every=100000", "--set", "training.acoustic.checkpoint_every=2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    endless = [*command, *overrides, "--set", "training.acoustic.steps=100000"]
    with subprocess.Popen(endless, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list_checkpoints(run) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.Signals[name])
        assert process.wait(60) == returncode
    steps = step_of(list_checkpoints(run)[-1]) + 2
    again = [*command, *overrides, "--set", f"training.acoustic.steps={steps}"]
    finished = subprocess.run(again, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert step_of(list_checkpoints(run)[-1]) == steps
