"""The aligner, from the command line, on speech whose true times are known."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tools.compare_alignments import compare
from tts.cli import main

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
    align(other, 1, "--from", str(corpus / "aligner"))
    assert np.median(np.abs(compare(truth, other / "TextGrid")[0])) < 0.015
