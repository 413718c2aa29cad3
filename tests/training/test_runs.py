"""Real runs on a tiny corpus: they learn, stop when asked, go on as if nothing had been, and refuse what they must."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from shutil import copytree
from typing import Any

import pyarrow as pa
import pytest
import torch

from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.files.shard import sealed
from tts.models.saved import list_checkpoints, load_acoustic, load_weights, step_of
from tts.training.acoustic_task import train_acoustic
from tts.training.metrics_log import read_metrics
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
TRAIN: dict[str, Callable[[Path, Path, Config], bool]] = {"acoustic": train_acoustic, "vocoder": train_vocoder}


def config(task: str, **values: Any) -> Config:
    return load_config([TINY], [f"training.{task}.{name}={value}" for name, value in values.items()])


def weights(run: Path) -> dict[str, torch.Tensor]:
    loaded = load_weights(list_checkpoints(run)[-1])
    return {f"{module}.{name}": value for module, state in loaded.items() for name, value in state.items()}


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


@contextmanager
def made_when_asked_for(jobs: Iterator[Callable[[], Any]]) -> Iterator[Iterator[Any]]:
    yield (job() for job in jobs)


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAIN)
def test_batches_made_ahead_change_nothing(
    task: str, tiny_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TRAIN[task](tiny_features, tmp_path / "ahead", config(task, steps=5))
    monkeypatch.setattr("tts.training.loop.made_ahead", made_when_asked_for)
    TRAIN[task](tiny_features, tmp_path / "asked", config(task, steps=5))
    ahead, asked = weights(tmp_path / "ahead"), weights(tmp_path / "asked")
    assert [name for name in asked if not torch.equal(ahead[name], asked[name])] == []


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


SOURCE_FILTER = (
    "vocoder.generator={kind: source_filter, channels: 16, hidden_channels: 32, n_blocks: 1,"
    " f0: {channels: 32, hidden_channels: 32, n_blocks: 1}}"
)
EVERYTHING = [
    SOURCE_FILTER,
    "vocoder.discriminators=[{kind: period, periods: [2], width: 0.06}, {kind: scale, n_scales: 2, width: 0.06},"
    " {kind: complex_stft, n_ffts: [256], width: 0.1}, {kind: multi_resolution, n_ffts: [256], hop_lengths: [64],"
    " win_lengths: [200], width: 0.1}]",
    "training.vocoder.peaks=[0.5, 0.9]",
    "training.vocoder.adversarial={criterion: hinge, reduction: sum}",
    "training.vocoder.feature_matching={criterion: charbonnier, layers: [0, -2], reduction: sum}",
    "training.vocoder.stft.mel_windows=[64, 256]",
    "training.vocoder.weights={multi_scale_mel: 1.0, f0: 1.0, magnitude: 1.0, mel: 1.0}",
    "training.vocoder.start_steps={adversarial: 2, feature_matching: 3}",
    "training.vocoder.balancer={decay: 0.9}",
]


@pytest.mark.slow
def test_every_choice_of_the_vocoder_together_resumes_exactly(tiny_features: Path, tmp_path: Path) -> None:
    for run, steps in (("whole", 6), ("parts", 4), ("parts", 6)):
        overrides = [*EVERYTHING, f"training.vocoder.steps={steps}", "training.vocoder.validate_every=3"]
        assert train_vocoder(tiny_features, tmp_path / run, load_config([TINY], overrides))
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert whole.keys() == parts.keys() and whole["balancer.counts"].all()
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    row = [row for row in read_metrics(tmp_path / "whole" / "metrics.jsonl") if row["split"] == "train"][-1]
    for name in ("period_2", "scale_1", "scale_2", "stft_256", "resolution_256"):
        assert {f"discriminator/{name}/real", f"discriminator/{name}/fake"} <= row.keys()
        assert {f"adversarial/{name}", f"feature_matching/{name}"} <= row.keys()


MEL_DISCRIMINATORS = [
    "acoustic.discriminators={windows: [8, 16], channels: 4}",
    "training.acoustic.weights.adversarial=0.1",
    "training.acoustic.weights.feature_matching=0.5",
]
WITHOUT_DROPOUT = [
    f"acoustic.{part}.dropout=0" for part in ("encoder", "decoder", "duration", "pitch.predictor", "energy.predictor")
]


@pytest.mark.slow
def test_an_acoustic_model_against_discriminators_resumes_exactly(tiny_features: Path, tmp_path: Path) -> None:
    for run, steps in (("whole", 6), ("parts", 4), ("parts", 6)):
        overrides = [*MEL_DISCRIMINATORS, "training.acoustic.ema_decay=0.9", f"training.acoustic.steps={steps}"]
        assert train_acoustic(tiny_features, tmp_path / run, load_config([TINY], overrides))
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    assert any(name.startswith("discriminators.") for name in whole)
    loaded = load_acoustic(tmp_path / "whole")[0].state_dict()
    assert all(torch.equal(value, whole[f"acoustic_ema.{name}"]) for name, value in loaded.items())
    assert any(not torch.equal(value, whole[f"acoustic.{name}"]) for name, value in loaded.items())
    row = next(row for row in read_metrics(tmp_path / "whole" / "metrics.jsonl") if row["split"] == "train")
    for name in ("mel_8", "mel_16"):
        assert {f"discriminator/{name}/real", f"adversarial/{name}", f"feature_matching/{name}"} <= row.keys()


@pytest.mark.slow
def test_discriminators_of_mels_change_what_the_acoustic_model_learns(tiny_features: Path, tmp_path: Path) -> None:
    """With weights of 0 they only watch."""
    watching = ["training.acoustic.weights.adversarial=0", "training.acoustic.weights.feature_matching=0"]
    runs = {"alone": [], "watched": [*MEL_DISCRIMINATORS, *watching], "against": MEL_DISCRIMINATORS}
    for run, overrides in runs.items():
        given = load_config([TINY], [*overrides, "training.acoustic.steps=2", *WITHOUT_DROPOUT])
        train_acoustic(tiny_features, tmp_path / run, given)
    alone, watched, against = (weights(tmp_path / run)["acoustic.mel_projection.weight"] for run in runs)
    assert torch.equal(alone, watched) and not torch.equal(alone, against)


@pytest.mark.slow
def test_a_vocoder_with_a_source_learns_the_f0(tiny_features: Path, tmp_path: Path) -> None:
    changes = [
        SOURCE_FILTER,
        "training.vocoder.weights.f0=1",
        "training.vocoder.learning_rate=0.003",
        "training.vocoder.ema_decay=0.9",
    ]
    train_vocoder(tiny_features, tmp_path / "run", load_config([TINY], changes))
    rows = read_metrics(tmp_path / "run" / "metrics.jsonl")
    judged = [row["reconstruction"] for row in rows if row["split"] == "validation"]
    assert judged[-1] < judged[0]
    row = [row for row in rows if row["split"] == "train"][-1]
    n_choices = len(load_weights(list_checkpoints(tmp_path / "run")[-1])["generator"]["f0.network.linear_post.bias"])
    assert row["f0"] < log(n_choices) - 0.5  # what it would be for guesses


def test_a_weight_of_zero_only_watches(tiny_features: Path, tmp_path: Path) -> None:
    watched = ["adversarial=0", "feature_matching=0"]
    starts = "training.vocoder.start_steps={adversarial: 0, feature_matching: 0}"
    for run, overrides in (
        ("watched", [starts, *(f"training.vocoder.weights.{weight}" for weight in watched)]),
        ("alone", ["training.vocoder.start_steps={adversarial: 9, feature_matching: 9}"]),
    ):
        train_vocoder(tiny_features, tmp_path / run, load_config([TINY], [*overrides, "training.vocoder.steps=3"]))
    found, expected = weights(tmp_path / "watched"), weights(tmp_path / "alone")
    assert all(torch.equal(found[name], expected[name]) for name in found if name.startswith("generator."))
    assert "feature_matching/period_2" in read_metrics(tmp_path / "watched" / "metrics.jsonl")[-1]


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAIN)
def test_bfloat16_learns_too(task: str, tiny_features: Path, tmp_path: Path) -> None:
    given = config(task, steps=20, validate_every=10, precision="bf16-mixed")
    TRAIN[task](tiny_features, tmp_path / "run", given)
    rows = [row for row in read_metrics(tmp_path / "run" / "metrics.jsonl") if row["split"] == "validation"]
    term = {"acoustic": "mel", "vocoder": "reconstruction"}[task]
    assert rows[-1][term] < rows[0][term]
    assert all(value.dtype != torch.bfloat16 for value in weights(tmp_path / "run").values())


@pytest.mark.parametrize(("instructions", "warns"), [({"avx2": True}, True), ({"avx512_bf16": True}, False)])
def test_bfloat16_without_its_instructions_is_warned_of(
    instructions: dict[str, bool],
    warns: bool,
    tiny_features: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": False} | instructions)
    given = config("acoustic", steps=1, precision="bf16-mixed", accelerator="cpu", n_samples=0)
    assert train_acoustic(tiny_features, tmp_path / "run", given)
    assert ("no bfloat16 instructions" in capsys.readouterr().err) == warns


@pytest.mark.slow
def test_another_sample_rate_and_hop(tiny_corpus: Path, tmp_path: Path) -> None:
    from preprocess.pipeline import run

    overrides = [
        "audio={sample_rate: 16000, n_fft: 800, win_length: 800, hop_length: 200, n_mels: 40}",
        "vocoder.generator={upsample_rates: [5, 5, 4, 2], upsample_kernels: [11, 11, 8, 4]}",
        "training.vocoder={steps: 3, segment_length: 6000, start_steps: {adversarial: 0, feature_matching: 0}}",
    ]
    given = load_config([TINY], overrides)
    run(tiny_corpus, tmp_path / "features", given, workers=1)
    assert train_vocoder(tmp_path / "features", tmp_path / "run", given)


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
