"""Runs that start with the weights of others."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
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


def test_a_vocoder_starts_from_the_average_at_step_0(vocoder_run: Path, tiny_features: Path, tmp_path: Path) -> None:
    given, run = newest(vocoder_run), tmp_path / "run"
    overrides = ("training.vocoder.start_steps={adversarial: 1000, feature_matching: 1000}", "training.vocoder.seed=1")
    train_vocoder(tiny_features, run, config("vocoder", *overrides), vocoder_run)
    assert step_of(list_checkpoints(run)[-1]) == 1
    started = newest(run)
    assert started.keys() == {"generator", "discriminators"}
    assert_close(started["generator"], given["generator_ema"])
    assert_close(started["discriminators"], given["discriminators"])


def test_other_discriminators_start_anew(
    vocoder_run: Path, tiny_features: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    others = "vocoder.discriminators=[{kind: period, periods: [5], width: 0.0625}]"
    train_vocoder(tiny_features, tmp_path / "run", config("vocoder", others), vocoder_run)
    assert "no such discriminators; they start anew" in capfd.readouterr().out
    assert_close(newest(tmp_path / "run")["generator"], newest(vocoder_run)["generator_ema"])


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
