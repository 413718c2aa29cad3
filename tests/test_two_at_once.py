"""Two runs of one command into one folder: one of them waits or is refused in one line, and no result is wrong."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from faulty_server import faulty_server

from tts.audio.wav import write_audio
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow  # two processes each
REPOSITORY = Path(__file__).parent.parent
CONFIG = [f"--config={REPOSITORY / 'configs' / 'tiny.yaml'}", "--set", "aligner.channels=16"]
STEPS = "{steps: 2, validate_every: 1, checkpoint_every: 1, n_samples: 1}"
REFUSED = re.compile("another|exists already")
Command = Callable[[pytest.FixtureRequest, Path], list[object]]


def preprocess(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    return ["preprocess", request.getfixturevalue("tiny_corpus"), folder / "features", "--workers", 1, *CONFIG]


def align(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    grids = ["--textgrids", folder / "TextGrid", "--set", f"training.aligner={STEPS}"]
    return ["align", request.getfixturevalue("tiny_corpus"), "--workers", 1, *CONFIG, *grids]


def train(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    features, steps = request.getfixturevalue("tiny_features"), f"training.acoustic={STEPS}"
    return ["train", "acoustic", features, folder / "run", *CONFIG, "--set", steps]


def export(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    runs = request.getfixturevalue("tiny_voice").parent
    return ["export", "--acoustic", runs / "acoustic", "--vocoder", runs / "vocoder", folder / "voice"]


def synthesize(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    lines = request.getfixturevalue("tmp_path") / "lines.txt"
    lines.write_text("Hello.\nWell, good night.\nNobody knows.\n", encoding="utf-8")
    return ["synthesize", "--input", lines, "--output-dir", folder / "spoken", "--threads", 1]


def shrink(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    voice, features = request.getfixturevalue("tiny_voice"), request.getfixturevalue("tiny_features")
    return ["shrink", voice, folder / "small", "--variant", "fp16", "--force", "--calibration", features]


def record(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    sentences = request.getfixturevalue("tmp_path") / "sentences.txt"
    sentences.write_text("".join(f"This is good sentence number {n} of five.\n" for n in range(5)), encoding="utf-8")
    url = request.getfixturevalue("speech_server")
    return ["record", sentences, folder / "corpus", "--url", url, "--voice", "ann"]


def cut(request: pytest.FixtureRequest, folder: Path) -> list[object]:
    place = request.getfixturevalue("tmp_path")
    text = "The morning was cold, and nobody wanted to leave the house."
    speech = Voice.load("linnet").synthesize(text)
    write_audio(place / "day.wav", speech.audio, speech.sample_rate)
    (place / "day.txt").write_text(text, encoding="utf-8")
    lessons = "training.aligner.lessons={steps: 10, minutes: 0.1, batch_size: 2}"
    return ["cut", place / "day.wav", place / "day.txt", folder / "corpus", "--set", lessons]


@pytest.fixture
def speech_server() -> Iterator[str]:
    with faulty_server() as server:
        yield server.url


def results(folder: Path) -> dict[str, bytes]:
    """What a person uses: not what says how it was made, and when."""
    kinds = (".arrow", ".TextGrid", ".safetensors", ".onnx", ".wav", ".flac", ".csv")
    here = os.fsencode(folder)  # which lists of files name
    files = [path for path in folder.rglob("*") if path.suffix in kinds]
    return {str(path.relative_to(folder)): path.read_bytes().replace(here, b"") for path in files}


def run_together(commands: Sequence[list[object]]) -> list[tuple[int, str]]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tts.cli", *map(str, command)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    return [(process.returncode, said) for process in processes for said in [process.communicate()[1]]]


@pytest.mark.parametrize("command", [preprocess, align, train, export, synthesize, shrink, record, cut])
def test_two_runs_at_once(command: Command, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    for folder in (alone, shared):
        folder.mkdir()
    (undisturbed,) = run_together([command(request, alone)])
    assert undisturbed[0] == 0, undisturbed
    ended = run_together([command(request, shared)] * 2)
    assert 0 in [code for code, _ in ended], ended
    for code, said in ended:
        lines = [line for line in said.splitlines() if line.startswith("tts ")]
        assert code == 0 or (code == 2 and len(lines) == 1 and REFUSED.search(lines[0])), said
    assert results(shared) == results(alone)
    (again,) = run_together([command(request, shared)])
    assert again[0] == (2 if command is shrink else 0) and results(shared) == results(alone)
    assert not [path for path in shared.rglob("*") if path.name.endswith((".partial", ".old"))]
