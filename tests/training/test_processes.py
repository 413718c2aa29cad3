"""Two processes that train together equal one with the double batch, stop together, go on together, fail together."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch

from tts.config.loader import load_config
from tts.data.datasets import SegmentDataset
from tts.data.sampler import BucketSampler
from tts.data.store import FeatureStore, Row
from tts.files.shard import sealed
from tts.models.saved import list_checkpoints, load_weights, step_of
from tts.training.metrics_log import read_metrics

pytestmark = pytest.mark.slow

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
# Dropout draws differently in each process; gradients of nothing but rounding errors must not become steps.
ACOUSTIC = [
    "acoustic.encoder.dropout=0",
    "acoustic.decoder.dropout=0",
    "acoustic.duration.dropout=0",
    "acoustic.pitch.predictor.dropout=0",
    "acoustic.energy.predictor.dropout=0",
    "training.acoustic.epsilon=1.0e-3",
]
POSTNET = ["acoustic.postnet={channels: 16, dropout: 0}", "training.acoustic.weights.postnet_mel=1"]
EXACT = [
    pytest.param("vocoder", ["training.vocoder.start_steps={adversarial: 1, feature_matching: 1}"], id="vocoder"),
    pytest.param("acoustic", ACOUSTIC, id="acoustic"),
    pytest.param("acoustic", ACOUSTIC + POSTNET, id="postnet"),
]


def command(task: str, features: Path, run: Path, *overrides: str, **values: object) -> list[str]:
    given = [*overrides, *(f"training.{task}.{name}={value}" for name, value in values.items())]
    arguments = [argument for override in given for argument in ("--set", override)]
    program = [sys.executable, "-m", "tts.cli", "train", task, str(features), str(run), "--config", str(TINY)]
    return [*program, *arguments, "--set", f"training.{task}.accelerator=cpu"]


def train(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=300)


def weights(run: Path) -> dict[str, torch.Tensor]:
    loaded = load_weights(list_checkpoints(run)[-1])
    return {f"{module}.{name}": value for module, state in loaded.items() for name, value in state.items()}


@pytest.mark.parametrize(("task", "overrides"), EXACT)
def test_two_processes_equal_one_with_the_double_batch(
    task: str, overrides: list[str], tiny_features: Path, tmp_path: Path
) -> None:
    shared = {"steps": 3, "validate_every": 3, "n_samples": 1}
    for run, devices, batch_size in (("one", 1, 4), ("two", 2, 2)):
        given = command(
            task, tiny_features, tmp_path / run, *overrides, devices=devices, batch_size=batch_size, **shared
        )
        finished = train(*given)
        assert finished.returncode == 0, finished.stderr
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert one.keys() == two.keys()
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=1e-4, atol=1e-5, msg=name)
    rows = [read_metrics(tmp_path / run / "metrics.jsonl") for run in ("one", "two")]
    for row_of_one, row_of_two in zip(*rows, strict=True):
        assert row_of_two.pop("split") == row_of_one.pop("split")
        del row_of_one["time"], row_of_two["time"]
        assert row_of_two.keys() == row_of_one.keys()
        for name, value in row_of_one.items():
            tolerance = 1e-2 if name == "f0_rmse_cents" else 1e-4  # F0 heard in noise makes more of rounding errors
            assert row_of_two[name] == pytest.approx(value, rel=tolerance, abs=1e-5), name


def test_what_stops_one_stops_both(tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    endless = command("vocoder", tiny_features, run, devices=2, steps=100000, validate_every=100000, checkpoint_every=2)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(endless, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 200
        while not list_checkpoints(run) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)  # reaches the first process alone
        assert process.wait(60) == 143
    stopped = step_of(list_checkpoints(run)[-1])
    finished = train(*command("vocoder", tiny_features, run, devices=2, steps=stopped + 1, validate_every=100000))
    assert finished.returncode == 0, finished.stderr
    assert step_of(list_checkpoints(run)[-1]) == stopped + 1
    refused = train(*command("vocoder", tiny_features, run, devices=2, batch_size=3))
    assert refused.returncode == 2
    assert refused.stderr.count("training.vocoder.batch_size: 2 -> 3") == 1 and "Traceback" not in refused.stderr


def test_a_loss_that_is_not_finite_stops_both(tiny_features: Path, tmp_path: Path) -> None:
    huge = "training.vocoder.weights.log_magnitude=3.0e+38"
    finished = train(*command("vocoder", tiny_features, tmp_path / "run", huge, devices=2))
    assert finished.returncode == 2
    assert finished.stderr.count("step 1: loss ") == 1 and "'generator_gradient_norm' is nan" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize("option", ["--from", "--gta"])
def test_weights_that_do_not_fit_are_told_once_and_leave_nothing(
    option: str, tiny_features: Path, tmp_path: Path
) -> None:
    finished = train(*command("vocoder", tiny_features, tmp_path / "run", devices=2), option, str(tmp_path))
    assert finished.returncode == 2, finished.stderr
    assert finished.stderr.count("holds no checkpoint") == 1 and "Traceback" not in finished.stderr
    assert not (tmp_path / "run").exists()


def break_mel(row: Row) -> None:
    table = pa.ipc.open_file(row.shard.read_bytes()).read_all()
    mels = table.column("mel").to_pylist()
    mels[row.index] = [np.nan] * len(mels[row.index])
    position = table.schema.get_field_index("mel")
    table = table.set_column(position, table.schema.field("mel"), pa.array(mels, table.schema.field("mel").type))
    row.shard.write_bytes(sealed(table.replace_schema_metadata(None)))


def test_what_fails_in_the_second_process_is_told_once(tiny_features: Path, tmp_path: Path) -> None:
    features = shutil.copytree(tiny_features, tmp_path / "features")
    config = load_config([TINY])
    training, hop_length = config.training.vocoder, config.audio.hop_length
    train_split = SegmentDataset(
        FeatureStore(features), "train", training.segment_length // hop_length, hop_length, training.seed
    )
    first, second = (
        BucketSampler(train_split.lengths, training.batch_size, training.seed, rank, 2).batches(0)[0] for rank in (0, 1)
    )
    assert not {train_split.rows[index].id for index in first} & {train_split.rows[index].id for index in second}
    broken = train_split.rows[second[0]]
    break_mel(broken)
    finished = train(*command("vocoder", features, tmp_path / "run", devices=2))
    assert finished.returncode == 2, finished.stderr
    assert finished.stderr.count(f"mel of utterance {broken.id!r} is not finite") == 1
    assert "Traceback" not in finished.stderr and "onnection" not in finished.stderr


KILLED = """
import os, signal, sys, time
from pathlib import Path
from tts.config.training import RunConfig
from tts.training.loop import make_fabric
from tts.training.processes import failing_together

if sys.argv[1] == "before" and "LOCAL_RANK" in os.environ:
    os.kill(os.getpid(), signal.SIGKILL)
fabric = make_fabric(RunConfig(steps=1, batch_size=1, accelerator="cpu", devices=2))
with failing_together(fabric):
    fabric.barrier()
    Path(f"{fabric.global_rank}.pid").write_text(str(os.getpid()))
    fabric.barrier()
    if sys.argv[1] == "second" and fabric.global_rank == 1 or sys.argv[1] == "first" and fabric.global_rank == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if sys.argv[1] == "second":
        fabric.barrier()
    time.sleep(1000)
"""


@pytest.mark.parametrize("killed", ["before", "second", "first"])
def test_no_process_outlives_one_that_is_killed(killed: str, tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    finished = subprocess.run(
        [sys.executable, str(script), killed],
        env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False, timeout=300,
    )  # fmt: skip
    if killed == "first":
        assert finished.returncode == -signal.SIGKILL
        second = int((tmp_path / "1.pid").read_text())
        deadline = time.monotonic() + 60
        while Path(f"/proc/{second}").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not Path(f"/proc/{second}").exists()
    elif killed == "second":
        assert finished.returncode == 1 and "process 1 of the training: is gone (signal 9" in finished.stderr
    else:
        assert finished.returncode == 2 and "process 1 of the training: is gone (signal 9" in finished.stderr


STUCK = """
import sys, time
from tts.config.training import RunConfig
from tts.training.loop import make_fabric
from tts.training.processes import failing_together

fabric = make_fabric(RunConfig(steps=1, batch_size=1, accelerator="cpu", devices=2))
with failing_together(fabric):
    fabric.barrier()
    if fabric.global_rank == int(sys.argv[1]):
        raise ValueError("of this one")
    time.sleep(1000)
"""


@pytest.mark.parametrize("failing", [0, 1])
def test_a_process_that_waits_for_ever_is_ended(failing: int, tmp_path: Path) -> None:
    """As one on a GPU does, whose collectives outlive the others."""
    script = tmp_path / "stuck.py"
    script.write_text(STUCK)
    finished = train(sys.executable, str(script), str(failing))
    assert finished.returncode == 1, finished.stderr
    assert f"process {failing} failed" in finished.stderr
    assert finished.stderr.count('raise ValueError("of this one")') == 1
