"""A source filter that begins with trained weights learns the F0 of new speakers before anything else."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.store import FeatureStore
from tts.models.saved import list_checkpoints, load_vocoder, load_weights
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
SOURCE_FILTER = (
    "vocoder.generator={kind: source_filter, channels: 16, hidden_channels: 32, n_blocks: 1, "
    "f0: {channels: 16, hidden_channels: 32, n_blocks: 1}}",
    "training.vocoder.weights={f0: 1}",
    "training.vocoder.validation_clips=0",
)


def tuned(*overrides: str) -> Config:
    return load_config([TINY], [*SOURCE_FILTER, *(f"training.vocoder.{override}" for override in overrides)])


def generator(run: Path) -> dict[str, Tensor]:
    (checkpoint,) = list_checkpoints(run)
    return load_weights(checkpoint)["generator"]


@pytest.mark.slow
def test_only_the_predictor_of_f0_learns(tiny_features: Path, tmp_path: Path) -> None:
    base, taught = tmp_path / "base", tmp_path / "taught"
    train_vocoder(tiny_features, base, tuned("steps=0"))
    assert train_vocoder(tiny_features, taught, tuned("steps=0", "f0_lessons={steps: 40, n_frames: 16}"), base)
    before, after = generator(base), generator(taught)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("f0.") for name in changed)
    errors = [f0_error(run, tiny_features) for run in (base, taught)]
    assert errors[1] < errors[0] - 0.1, errors


@pytest.mark.slow
def test_what_is_heard_of_known_speakers_is_kept(tiny_features: Path, tmp_path: Path) -> None:
    base, kept = tmp_path / "base", tmp_path / "kept"
    train_vocoder(tiny_features, base, tuned("steps=0"))
    lessons = "f0_lessons={steps: 10, n_frames: 16, speakers: [somebody else]}"
    train_vocoder(tiny_features, kept, tuned("steps=0", lessons), base)
    before, after = (f0_error(run, tiny_features) for run in (base, kept))
    assert abs(before - after) < 0.02


def f0_error(run: Path, features: Path) -> float:
    """Mean cross-entropy where utterances are voiced."""
    store, (model, _) = FeatureStore(features), load_vocoder(run)
    total, count = 0.0, 0
    for row in store.split("train"):
        log_f0 = store.read(row, "log_f0")
        if log_f0 is None:
            continue
        mel, voiced = torch.tensor(store.read_mel(row))[None], torch.tensor(store.read(row, "voiced").copy())
        with torch.inference_mode():
            surprise = -(model.f0.target(torch.tensor(log_f0)[None]) * model.f0(mel).log_softmax(1)).sum(1)[0]
        total, count = total + float(surprise[voiced].sum()), count + int(voiced.sum())
    return total / count
