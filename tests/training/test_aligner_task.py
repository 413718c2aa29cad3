"""The aligner, from the command line, on speech whose true times are known."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from click.testing import CliRunner

from tools.compare_alignments import compare
from tts.cli import main
from tts.config.loader import load_config
from tts.models.saved import list_checkpoints, load_weights
from tts.training.aligner_task import train_aligner

SMALL = ("--workers", "1", "--set", "aligner.channels=64", "--set", "training.aligner.n_samples=1")


def align(corpus: Path, steps: int, *arguments: str) -> str:
    result = CliRunner().invoke(
        main, ["align", str(corpus), *SMALL, "--set", f"training.aligner.steps={steps}", *arguments]
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def corpus(tiny_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings and texts alone."""
    folder = tmp_path_factory.mktemp("unaligned") / "corpus"
    shutil.copytree(tiny_corpus, folder, ignore=shutil.ignore_patterns("TextGrid"))
    return folder


@pytest.mark.slow
def test_it_finds_the_true_times_in_two_sittings_and_helps_another_corpus(tiny_corpus: Path, corpus: Path) -> None:
    align(corpus, 20)
    assert "going on from step 20" in align(corpus, 60)
    truth = tiny_corpus / "TextGrid"
    differences, n_matched, n_phones = compare(truth, corpus / "TextGrid")
    assert n_matched == n_phones
    assert np.median(np.abs(differences)) < 0.015
    assert np.mean(np.abs(differences) < 0.05) > 0.9
    assert (corpus / "aligner" / "alignments.csv").is_file()

    other = corpus.parent / "other"
    shutil.copytree(corpus, other, ignore=shutil.ignore_patterns("TextGrid", "aligner"))
    assert "phones: " in align(other, 1, "--from", str(corpus / "aligner"))
    assert np.median(np.abs(compare(truth, other / "TextGrid")[0])) < 0.015


def test_what_another_run_did_not_know_begins_as_its_neighbour(tmp_path: Path) -> None:
    training = "training.aligner={steps: 2, n_samples: 0, warmup_steps: 1}"
    config = load_config(overrides=["aligner.channels=8", training])
    sounds = [Noise("a", ("sil", "AA1", "B", "sil")), Noise("b", ("sil", "AA1", "sil"))]
    train_aligner(sounds, tmp_path / "run", config)
    grown = [*sounds, Noise("c", ("sil", "P", "sil"))]
    still = load_config(overrides=["aligner.channels=8", training, "training.aligner.learning_rate=1e-30"])
    train_aligner(grown, tmp_path / "grown", still, tmp_path / "run")
    old, new = (load_weights(list_checkpoints(tmp_path / name)[-1])["aligner"] for name in ("run", "grown"))
    shape = (-1, config.aligner.n_states, 8)  # phones, states, channels
    before, after = (weights["classifier.weight"].reshape(shape) for weights in (old, new))
    assert before.abs().max() > 0
    torch.testing.assert_close(after, before[[0, 1, 2, 3, 3]])


def test_a_corpus_that_has_changed_is_learned_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = load_config(overrides=["aligner.channels=8", "training.aligner={steps: 2, n_samples: 0, warmup_steps: 1}"])
    sounds = [Noise("a", ("sil", "AA1", "B", "sil")), Noise("b", ("sil", "AA1", "sil"))]
    train_aligner(sounds, tmp_path / "run", config)
    train_aligner(sounds, tmp_path / "run", config)
    assert "already at step 2" in capsys.readouterr().out
    corrected = [sounds[0], Noise("b", ("sil", "P", "sil"))]
    for folder in ("run", "undisturbed"):
        train_aligner(corrected, tmp_path / folder, config)
    assert "have changed since: training begins again" in capsys.readouterr().out
    again, undisturbed = (
        load_weights(list_checkpoints(tmp_path / folder)[-1])["aligner"] for folder in ("run", "undisturbed")
    )
    assert all(torch.equal(again[name], undisturbed[name]) for name in undisturbed)


@dataclass(frozen=True)
class Noise:
    id: str
    phones: tuple[str, ...]
    n_frames: int = 40

    def read_mel(self) -> npt.NDArray[np.float32]:
        return np.random.default_rng(0).normal(size=(40, self.n_frames)).astype(np.float32)
