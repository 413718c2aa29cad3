"""Runs that begin with a voice: what stays frozen, what learns first, and when they end by themselves."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.evaluation.ear import OPINION, with_opinion
from tts.models.saved import best_checkpoint, list_checkpoints, load_weights, step_of
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"


def config(task: str, *overrides: str) -> Config:
    common = (f"training.{task}.n_samples=0", f"training.{task}.validation_items=2")
    return load_config([TINY], [*common, *(f"training.{task}.{override}" for override in overrides)])


def weights(run: Path, step: int) -> dict[str, dict[str, Tensor]]:
    return load_weights(next(path for path in list_checkpoints(run) if step_of(path) == step))


def test_frozen_parts_stay_as_they_are(tiny_features: Path, tmp_path: Path) -> None:
    tuned = config("acoustic", "steps=2", "checkpoint_every=1", "frozen=[encoder, phone_embedding]")
    train_acoustic(tiny_features, tmp_path / "run", tuned)
    first, second = (weights(tmp_path / "run", step)["acoustic"] for step in (1, 2))
    still = {name for name, tensor in first.items() if torch.equal(tensor, second[name])}
    assert {name for name in first if name.startswith(("encoder.", "phone_embedding."))} <= still
    assert not any(name.startswith("decoder.blocks.0.conv_1") for name in still)
    with pytest.raises(InputError, match="frozen part 'encodre': is not in the model; it has phone_embedding"):
        train_acoustic(tiny_features, tmp_path / "other", config("acoustic", "frozen=[encodre]"))


@pytest.mark.slow
def test_discriminators_may_learn_first(tiny_features: Path, tmp_path: Path) -> None:
    tuned = config("vocoder", "steps=3", "checkpoint_every=1", "discriminators_first=2", "start_steps={}")
    train_vocoder(tiny_features, tmp_path / "run", tuned)
    first, second, third = (weights(tmp_path / "run", step) for step in (1, 2, 3))
    for name, tensor in first["generator"].items():
        assert torch.equal(tensor, second["generator"][name]), name
    assert any(not torch.equal(t, third["generator"][name]) for name, t in second["generator"].items())
    assert any(not torch.equal(t, second["discriminators"][name]) for name, t in first["discriminators"].items())


def test_of_discriminators_those_that_are_drawn_learn(tiny_features: Path, tmp_path: Path) -> None:
    tuned = config(
        "vocoder", "steps=6", "checkpoint_every=1", "keep_checkpoints=6", "judges=1", "start_steps.adversarial=0"
    )
    train_vocoder(tiny_features, tmp_path / "run", tuned)
    steps = [weights(tmp_path / "run", step)["discriminators"] for step in range(1, 7)]
    learned = [
        {
            name.partition(".convs")[0].partition(".conv_")[0]
            for name in after
            if not torch.equal(before[name], after[name])
        }
        for before, after in pairwise(steps)
    ]
    assert all(len(names) == 2 and "msd.discriminators.0" in names for names in learned)  # of two periods, one
    assert len(set().union(*learned)) == 3
    with pytest.raises(InputError, match="judges are drawn in one process"):
        config("vocoder", "judges=1", "devices=2")


def test_a_run_ends_when_validation_no_longer_gains_and_keeps_the_best(
    tiny_features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    still = config(
        "acoustic", "steps=50", "learning_rate=1e-30", "validate_every=1", "checkpoint_every=1", "patience=3"
    )
    run = tmp_path / "run"
    assert train_acoustic(tiny_features, run, still)
    assert step_of(list_checkpoints(run)[-1]) == 3  # nothing gains
    best = best_checkpoint(run)
    assert best and step_of(best) == 0  # what it began with
    assert train_acoustic(tiny_features, run, still)
    assert "validation no longer gained at step 3; a larger patience goes on" in capsys.readouterr().out


def test_recordings_of_a_speaker_may_be_heard_more_often(tiny_features: Path) -> None:
    store = FeatureStore(tiny_features)
    once = AcousticDataset(store, "train", config("acoustic").acoustic)
    (speaker, *_) = store.manifest.speakers
    often = AcousticDataset(store, "train", config("acoustic").acoustic, {speaker: 3})
    theirs = [row for row in once.rows if store.read(row, "speaker") == speaker]
    assert theirs and len(often.rows) == len(once.rows) + 2 * len(theirs) and set(often.rows) == set(once.rows)
    with pytest.raises(InputError, match="names nobody, not in the features"):
        AcousticDataset(store, "train", config("acoustic").acoustic, {"nobody": 2})


def test_checkpoints_compare_by_loss_and_by_ear() -> None:
    assert with_opinion(2.0, {"mel": 1.0}) == 2.0
    clear, dull = with_opinion(2.0, {OPINION: 4.0}), with_opinion(1.9, {OPINION: 3.5})
    assert clear < dull
    assert with_opinion(0.8, {OPINION: 3.5}) < with_opinion(
        1.6, {OPINION: 4.5}
    )  # which does not sound like the speaker
