"""The n-th time that a command asks the system to keep, rename or open something for writing, the disk is full.

Real commands: each ends with one line and exit code 2, leaves nothing half written, and goes on when given again.
"""

import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from click.testing import CliRunner, Result
from faulty_server import faulty_server

from tts.audio.wav import write_audio
from tts.cli import main
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parent.parent
CONFIG = [f"--config={REPOSITORY / 'configs' / 'tiny.yaml'}"]
FEW = ["--set", "training.acoustic.steps=2", "--set", "training.acoustic.checkpoint_every=1"]
CALLS = ("fsync", "replace", "rename", "mkdir")


def steps() -> Iterator[int]:
    """1, 2, 3, 5, 8, 13, ...: most commands ask often for the same."""
    n, following = 1, 2
    while True:
        yield n
        n, following = following, n + following


def tts(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


class FullDisk:
    """Fails one call in ``os``, the ``n``-th."""

    def __init__(self, patch: pytest.MonkeyPatch, call: str, n: int) -> None:
        self.left, self._real = n, getattr(os, call)
        patch.setattr(os, call, self._call)

    def _call(self, *arguments: object, **how: object) -> object:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._real(*arguments, **how)


def check(call: str, folder: Path, run: Callable[[Path], Result], monkeypatch: pytest.MonkeyPatch) -> None:
    for n in steps():
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, call, n)
            said = run(folder / str(n))
        if disk.left > 0:
            assert said.exit_code == 0
            return
        if said.exit_code:  # what is cleaned up may fail unseen
            lines = [line for line in said.stderr.splitlines() if line.startswith("tts ")]
            assert said.exit_code == 2 and len(lines) == 1 and "No space left on device" in lines[0], said.output
        again = run(folder / str(n))
        assert again.exit_code == 0, again.output
        left = [path for path in (folder / str(n)).rglob("*") if path.name.endswith((".partial", ".old"))]
        assert not left


def preprocess(corpus: Path) -> Callable[[Path], Result]:
    return lambda folder: tts("preprocess", corpus, folder / "features", "--workers", 1, *CONFIG)


def train(features: Path) -> Callable[[Path], Result]:
    return lambda folder: tts("train", "acoustic", features, folder / "run", *CONFIG, *FEW)


def synthesize(tmp_path: Path) -> Callable[[Path], Result]:
    (tmp_path / "lines.txt").write_text("Hello.\nWell.\n", encoding="utf-8")
    return lambda folder: tts(
        "synthesize", "--input", tmp_path / "lines.txt", "--output-dir", folder / "spoken", "--threads", 1
    )


def align(corpus: Path) -> Callable[[Path], Result]:
    few = ["--set", "training.aligner={steps: 2, checkpoint_every: 1}", "--set", "aligner.channels=16"]
    return lambda folder: tts("align", corpus, "--textgrids", folder / "TextGrid", "--workers", 1, *few)


def export(voice: Path) -> Callable[[Path], Result]:
    def run(folder: Path) -> Result:
        acoustic, vocoder = voice.parent / "acoustic", voice.parent / "vocoder"
        return tts("export", "--acoustic", acoustic, "--vocoder", vocoder, folder / "voice")

    return run


@pytest.mark.parametrize("call", CALLS)
def test_synthesize(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(call, tmp_path, synthesize(tmp_path), monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_align(call: str, tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(call, tmp_path, align(tiny_corpus), monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_export(call: str, tiny_voice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(call, tmp_path, export(tiny_voice), monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_preprocess(call: str, tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(call, tmp_path, preprocess(tiny_corpus), monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_train(call: str, tiny_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(call, tmp_path, train(tiny_features), monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_shrink(
    call: str, tiny_voice: Path, tiny_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(folder: Path) -> Result:
        if folder.exists():
            return tts("check", folder)
        return tts("shrink", tiny_voice, folder, "--variant", "fp16", "--force", "--calibration", tiny_features)

    check(call, tmp_path, run, monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_convert(call: str, tiny_voice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(folder: Path) -> Result:
        return tts("check", tiny_voice) if folder.exists() else tts("convert", tiny_voice, folder, "--target", "fused")

    check(call, tmp_path, run, monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_record(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = tmp_path / "sentences.txt"
    sentences.write_text("".join(f"This is good sentence number {n} of five.\n" for n in range(5)), encoding="utf-8")
    with faulty_server() as server:
        said_by = ("--url", server.url, "--voice", "ann", "--jobs", 1)
        check(call, tmp_path, lambda folder: tts("record", sentences, folder / "corpus", *said_by), monkeypatch)


def spoken(folder: Path, texts: list[str]) -> list[Path]:
    """What the shipped voice says, higher than usual."""
    voice, paths = Voice.load("linnet"), [folder / f"u{number}.wav" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        speech = voice.synthesize(text, pitch=3.0)
        write_audio(path, speech.audio, speech.sample_rate)
    return paths


LESSONS = ["--set", "training.aligner.lessons={steps: 10, minutes: 0.1, batch_size: 2}"]
TEXT = "The morning was cold, and nobody wanted to leave the house."


@pytest.mark.parametrize("call", ["fsync", "replace", "mkdir"])
def test_cut(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (recording,) = spoken(tmp_path, [TEXT])
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    given = (recording, tmp_path / "text.txt")
    check(call, tmp_path, lambda folder: tts("cut", *given, folder / "corpus", *LESSONS), monkeypatch)


def test_adapt_goes_on_from_failure_to_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, texts = tmp_path / "corpus", [f"{who} went to the market." for who in ("Ann", "Ben", "She", "He")]
    (corpus / "wavs").mkdir(parents=True)
    spoken(corpus / "wavs", texts)
    (corpus / "metadata.csv").write_text("".join(f"u{n}|{text}\n" for n, text in enumerate(texts)), encoding="utf-8")
    brief = [
        "training.aligner={steps: 1, warmup_steps: 1}",
        "training.acoustic={steps: 1, batch_size: 2, validate_every: 1, checkpoint_every: 1, discriminators_first: 1}",
        "training.vocoder={steps: 1, batch_size: 1, f0_lessons: {steps: 1}}",
    ]
    options = [*LESSONS, *(part for setting in brief for part in ("--set", setting))]
    for n in (3**power for power in range(8)):
        with monkeypatch.context() as patch:
            FullDisk(patch, "replace", n)
            said = tts("adapt", corpus, tmp_path / "ann", "--workers", 1, *options)
        if not said.exit_code:
            break
        lines = [line for line in said.stderr.splitlines() if line.startswith("tts ")]
        assert said.exit_code == 2 and len(lines) == 1 and "No space left on device" in lines[0], said.output
    assert n > 10 and tts("check", tmp_path / "ann").exit_code == 0
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith((".partial", ".old"))]


@pytest.mark.parametrize("call", CALLS)
def test_serve(call: str, tiny_voice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def run(folder: Path) -> Result:
        monkeypatch.setenv("LINNET_CACHE", str(folder / "cache"))  # where the voice is not known yet
        ended = Event()
        client = Thread(target=ask_and_stop, args=(f"http://127.0.0.1:{port}/v1/audio/speech", ended))
        client.start()
        try:
            said = tts("serve", "--voice", tiny_voice, "--port", port, "--no-wyoming", "--jobs", 1)
        finally:
            ended.set()
            client.join()
        if said.exit_code == 128 + signal.SIGTERM:  # as asked, with nothing wrong before
            said.exit_code = 0
        return said

    check(call, tmp_path, run, monkeypatch)


def ask_and_stop(url: str, ended: Event) -> None:
    """Ends the server, which runs in this process, once it has spoken."""
    while not ended.wait(0.1):
        try:
            answer = httpx.post(url, json={"input": "Hello."}, timeout=60)
        except httpx.TransportError:
            continue
        if answer.status_code == 200:
            os.kill(os.getpid(), signal.SIGTERM)
            return


@contextmanager
def files_end_at(n_bytes: int) -> Iterator[None]:
    """As on a disk that becomes full within a file: libraries that write with system calls of their own meet it too."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("n_bytes", [0, 10, 3_000, 12_000, 60_000, 200_000])
@pytest.mark.parametrize("command", ["ogg", "flac", "synthesize", "preprocess", "align", "train", "export"])
def test_files_that_are_cut_short(command: str, n_bytes: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    commands: dict[str, Callable[[], Callable[[Path], Result]]] = {
        "synthesize": lambda: synthesize(tmp_path),
        "preprocess": lambda: preprocess(request.getfixturevalue("tiny_corpus")),
        "align": lambda: align(request.getfixturevalue("tiny_corpus")),
        "train": lambda: train(request.getfixturevalue("tiny_features")),
        "export": lambda: export(request.getfixturevalue("tiny_voice")),
    }
    run = commands.get(command, lambda: lambda folder: tts("synthesize", "Hello.", "-o", folder / f"hello.{command}"))()
    folder = tmp_path / "made"
    folder.mkdir()
    with files_end_at(n_bytes):
        said = run(folder)
    if said.exit_code:
        lines = [line for line in said.stderr.splitlines() if line.startswith("tts ")]
        assert said.exit_code == 2 and len(lines) == 1 and "File too large" in lines[0], said.output
    assert n_bytes or said.exit_code
    assert run(folder).exit_code == 0
    assert not [path for path in folder.rglob("*") if path.name.endswith((".partial", ".old"))]
