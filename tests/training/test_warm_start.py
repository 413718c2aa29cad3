"""Runs that start with the weights of others."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import torch
from torch import Tensor

from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.files.shard import sealed
from tts.models.saved import list_checkpoints, load_weights, step_of
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
STILL = 1e-30  # a learning rate at which weights stay where they are


def config(task: str, *overrides: str, steps: int = 1, learning_rate: float = STILL) -> Config:
    values = (f"training.{task}.steps={steps}", f"training.{task}.learning_rate={learning_rate:e}")
    return load_config([TINY], [*values, f"training.{task}.n_samples=0", *overrides])


def newest(run: Path) -> dict[str, dict[str, Tensor]]:
    return load_weights(list_checkpoints(run)[-1])


def assert_close(left: dict[str, Tensor], right: dict[str, Tensor]) -> None:
    assert left.keys() == right.keys()
    for name, tensor in left.items():
        torch.testing.assert_close(tensor, right[name], msg=name)


@pytest.fixture(scope="module")
def vocoder_run(tiny_features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "vocoder"
    overrides = (
        "training.vocoder.ema_decay=0.9",
        "training.vocoder.start_steps={adversarial: 1000, feature_matching: 1000}",
    )
    train_vocoder(tiny_features, run, config("vocoder", *overrides, steps=3, learning_rate=1e-3))
    return run


@pytest.mark.slow
def test_a_vocoder_starts_from_the_average_at_step_0(vocoder_run: Path, tiny_features: Path, tmp_path: Path) -> None:
    given, run = newest(vocoder_run), tmp_path / "run"
    overrides = ("training.vocoder.start_steps={adversarial: 1000, feature_matching: 1000}", "training.vocoder.seed=1")
    train_vocoder(tiny_features, run, config("vocoder", *overrides), vocoder_run)
    assert step_of(list_checkpoints(run)[-1]) == 1
    started = newest(run)
    assert started.keys() == {"generator", "discriminators"}
    assert_close(started["generator"], given["generator_ema"])
    assert_close(started["discriminators"], given["discriminators"])


@pytest.mark.slow
def test_other_discriminators_start_anew(
    vocoder_run: Path, tiny_features: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    others = "vocoder.discriminators=[{kind: period, periods: [5], width: 0.0625}]"
    train_vocoder(tiny_features, tmp_path / "run", config("vocoder", others), vocoder_run)
    assert "no such discriminators; they start anew" in capfd.readouterr().out
    assert_close(newest(tmp_path / "run")["generator"], newest(vocoder_run)["generator_ema"])


@pytest.mark.slow
def test_the_same_command_goes_on_with_its_own_weights(vocoder_run: Path, tiny_features: Path, tmp_path: Path) -> None:
    for name, steps in (("whole", (4,)), ("parts", (2, 4))):
        for n in steps:
            train_vocoder(tiny_features, tmp_path / name, config("vocoder", steps=n, learning_rate=1e-3), vocoder_run)
    whole, parts = newest(tmp_path / "whole"), newest(tmp_path / "parts")
    assert all(torch.equal(tensor, parts[m][n]) for m, tensors in whole.items() for n, tensor in tensors.items())


def test_what_does_not_fit_is_refused_in_one_line(vocoder_run: Path, tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    wider = config("vocoder", "vocoder.generator.channels=64")
    with pytest.raises(InputError, match=r"'conv_pre.*' is \(32.*\) and not \(64.*\) \(and \d+ more\)$"):
        train_vocoder(tiny_features, run, wider, vocoder_run)
    with pytest.raises(InputError, match="holds the vocoder model, the acoustic model is needed"):
        train_acoustic(tiny_features, run, config("acoustic"), vocoder_run)
    with pytest.raises(InputError, match="holds no checkpoint"):
        train_vocoder(tiny_features, run, config("vocoder"), tmp_path)
    assert not run.exists()


def test_an_acoustic_model_starts_from_another_and_discriminators_may_join(
    tiny_features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    train_acoustic(tiny_features, first, config("acoustic", steps=2, learning_rate=1e-3))
    discriminators = (
        "acoustic.discriminators={windows: [8], channels: 4}",
        "training.acoustic.weights.adversarial=0.1",
        "training.acoustic.weights.feature_matching=0.1",
    )
    train_acoustic(tiny_features, second, config("acoustic", "training.acoustic.seed=1", *discriminators), first)
    assert_close(newest(second)["acoustic"], newest(first)["acoustic"])
    assert "no such discriminators" in capsys.readouterr().out


def test_an_acoustic_model_starts_from_one_without_a_variational_prosody_as_that_one(
    tiny_features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    train_acoustic(tiny_features, first, config("acoustic"))
    prosody = ("acoustic.prosody={size: 2, channels: 8}", "training.acoustic.weights.kl=0.1")
    train_acoustic(tiny_features, second, config("acoustic", *prosody, steps=2), first)
    assert "no such acoustic.prosody; they start anew" in capsys.readouterr().out
    lines = [json.loads(line) for line in (second / "metrics.jsonl").read_text().splitlines()]
    assert all(line["kl"] >= line["kl/nats"] > 0 for line in lines if "mel" in line)


def other_features(features: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy whose manifest is changed; the shards are of its first speaker."""
    shutil.copytree(features, folder)
    manifest = json.loads((folder / "features.json").read_text())
    change(manifest)
    (folder / "features.json").write_text(json.dumps(manifest))
    for shard in (folder / "shards").glob("*.arrow"):
        table = pa.ipc.open_file(shard.read_bytes()).read_all()
        speakers = pa.array(manifest["speakers"][:1] * len(table))
        table = table.set_column(table.column_names.index("speaker"), "speaker", speakers)
        shard.write_bytes(sealed(table.replace_schema_metadata(None)))
    return folder


def grow(manifest: dict[str, Any]) -> None:
    (known,) = manifest["speakers"]
    manifest["phones"].append("ZZ9")
    manifest["speakers"].append("zoe")
    manifest["statistics"]["zoe"] = manifest["statistics"][known]


def rename_phone(manifest: dict[str, Any]) -> None:
    manifest["phones"][-1] = "ZZ9"


def rename_speaker(manifest: dict[str, Any]) -> None:
    (known,) = manifest["speakers"]
    manifest["speakers"], manifest["statistics"] = ["zoe"], {"zoe": manifest["statistics"][known]}


def move_pitch(manifest: dict[str, Any]) -> None:
    (known,) = manifest["speakers"]
    manifest["statistics"][known]["pitch"]["phone"]["mean"] += 0.1


def test_phones_and_speakers_are_taken_by_name_there_and_back(
    tiny_features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grown = other_features(tiny_features, tmp_path / "grown", grow)
    runs = [tmp_path / name for name in ("first", "second", "third")]
    train_acoustic(tiny_features, runs[0], config("acoustic", learning_rate=1e-3))
    train_acoustic(grown, runs[1], config("acoustic"), runs[0])
    said = capsys.readouterr().out
    assert "1 begun (ZZ9 as the mean of" in said and "speakers: 1 taken, 1 begun (zoe as " in said
    train_acoustic(tiny_features, runs[2], config("acoustic"), runs[1])
    said = capsys.readouterr().out
    assert "1 dropped (ZZ9)" in said and "1 dropped (zoe)" in said
    first, second, third = (newest(run)["acoustic"] for run in runs)
    torch.testing.assert_close(second["phone_embedding.weight"][:-1], first["phone_embedding.weight"])
    assert second["speaker_embedding.weight"].abs().max() < 1e-6 and len(second["variance_adaptor.pitch.std"]) == 2
    assert_close(third, first)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (grow, r"was trained on other phones than those of .* \(new: ZZ9\); .* --from "),
        (rename_phone, r"was trained on other phones than those of .* \(new: ZZ9; missing: .*\); .* --from "),
        (rename_speaker, r"was trained on other speakers than those of .* \(new: zoe; missing: .*\); .* --from "),
        (move_pitch, r"was trained on other statistics of pitch and energy than those of .* --from "),
    ],
)
def test_a_run_given_features_of_another_voice_is_refused_as_it_was(
    change: Callable[[dict[str, Any]], None], told: str, acoustic_run: Path, tiny_features: Path, tmp_path: Path
) -> None:
    features = other_features(tiny_features, tmp_path / "others", change)
    run = tmp_path / "run"
    shutil.copytree(acoustic_run, run)
    (list_checkpoints(run)[-1] / "model.safetensors").write_bytes(b"")  # refused before any weight is loaded
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    with pytest.raises(InputError, match=told):
        train_acoustic(features, run, config("acoustic", steps=2))
    assert before == {path: path.stat().st_mtime_ns for path in run.rglob("*")}


@pytest.fixture(scope="module")
def acoustic_run(tiny_features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "acoustic"
    train_acoustic(tiny_features, run, config("acoustic"))
    return run


def test_other_audio_is_refused_with_the_way_out(vocoder_run: Path, tiny_features: Path, tmp_path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["config"]["audio"]["fmin"] = 40.0

    features = other_features(tiny_features, tmp_path / "others", change)
    with pytest.raises(
        InputError, match=r"was trained on other audio: audio.fmin: 0.0 -> 40.0; .* --set audio.fmin=0.0; or"
    ):
        train_vocoder(features, tmp_path / "run", config("vocoder", "audio.fmin=40"), vocoder_run)
    assert not (tmp_path / "run").exists()
