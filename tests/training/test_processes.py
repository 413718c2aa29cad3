"""Two processes that train together equal one with the double batch, stop together, and go on together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from tts.models.saved import list_checkpoints, load_weights, step_of
from tts.training.metrics_log import read_metrics

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
# Dropout draws differently in each process; gradients of nothing but rounding errors must not become steps.
EXACT = {
    "vocoder": ["training.vocoder.start_steps={adversarial: 1, feature_matching: 1}"],
    "acoustic": [
        "acoustic.encoder.dropout=0",
        "acoustic.decoder.dropout=0",
        "acoustic.duration.dropout=0",
        "acoustic.pitch.predictor.dropout=0",
        "acoustic.energy.predictor.dropout=0",
        "training.acoustic.epsilon=1.0e-3",
    ],
}


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


@pytest.mark.parametrize("task", EXACT)
def test_two_processes_equal_one_with_the_double_batch(task: str, tiny_features: Path, tmp_path: Path) -> None:
    shared = {"steps": 3, "validate_every": 3, "n_samples": 1}
    for run, devices, batch_size in (("one", 1, 4), ("two", 2, 2)):
        given = command(
            task, tiny_features, tmp_path / run, *EXACT[task], devices=devices, batch_size=batch_size, **shared
        )
        finished = train(*given)
        assert finished.returncode == 0, finished.stderr
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert one.keys() == two.keys()
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=1e-4, atol=1e-5, msg=name)
    rows = [read_metrics(tmp_path / run / "metrics.jsonl") for run in ("one", "two")]
    for row_of_one, row_of_two in zip(*rows, strict=True):
        split = row_of_one.pop("split")
        assert row_of_two.pop("split") == split
        del row_of_one["time"], row_of_two["time"]
        # Validation weighs each process's batches by themselves, whatever the number of frames in them.
        assert row_of_two == pytest.approx(row_of_one, rel=1e-4 if split == "train" else 5e-2, abs=1e-5)


def test_what_stops_one_stops_both(tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    endless = command("vocoder", tiny_features, run, devices=2, steps=100000, validate_every=100000, checkpoint_every=2)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(endless, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 200
        while not list_checkpoints(run) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)  # reaches the first process alone
        assert process.wait(60) == 130
    stopped = step_of(list_checkpoints(run)[-1])
    finished = train(*command("vocoder", tiny_features, run, devices=2, steps=stopped + 1, validate_every=100000))
    assert finished.returncode == 0, finished.stderr
    assert step_of(list_checkpoints(run)[-1]) == stopped + 1
    refused = train(*command("vocoder", tiny_features, run, devices=2, batch_size=3))
    assert refused.returncode == 2
    assert "training.vocoder.batch_size: 2 -> 3" in refused.stderr and "Traceback" not in refused.stderr


def test_a_loss_that_is_not_finite_stops_both(tiny_features: Path, tmp_path: Path) -> None:
    huge = "training.vocoder.weights.stft=3.0e+38"
    finished = train(*command("vocoder", tiny_features, tmp_path / "run", huge, devices=2))
    assert finished.returncode == 2
    assert "step 1: loss 'generator_gradient_norm' is" in finished.stderr and "Traceback" not in finished.stderr
