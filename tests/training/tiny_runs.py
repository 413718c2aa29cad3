"""Runs of both models on a tiny corpus."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from tts.config.loader import load_config
from tts.config.root import Config
from tts.models.saved import list_checkpoints, load_weights
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
TRAIN: dict[str, Callable[[Path, Path, Config], bool]] = {"acoustic": train_acoustic, "vocoder": train_vocoder}


def config(task: str, **values: Any) -> Config:
    return load_config([TINY], [f"training.{task}.{name}={value}" for name, value in values.items()])


def weights(run: Path) -> dict[str, torch.Tensor]:
    loaded = load_weights(list_checkpoints(run)[-1])
    return {f"{module}.{name}": value for module, state in loaded.items() for name, value in state.items()}
