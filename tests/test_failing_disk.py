"""The n-th time that a command asks the system to keep, rename or open something for writing, the disk is full.

Real commands: each ends with one line and exit code 2, leaves nothing half written, and goes on when given again.
"""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tts.cli import main

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


@pytest.mark.parametrize("call", CALLS)
def test_synthesize(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lines.txt").write_text("Hello.\nWell.\n", encoding="utf-8")

    def run(folder: Path) -> Result:
        return tts("synthesize", "--input", tmp_path / "lines.txt", "--output-dir", folder / "spoken", "--threads", 1)

    check(call, tmp_path, run, monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_preprocess(call: str, tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(folder: Path) -> Result:
        return tts("preprocess", tiny_corpus, folder / "features", "--workers", 1, *CONFIG)

    check(call, tmp_path, run, monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_train(call: str, tiny_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(folder: Path) -> Result:
        return tts("train", "acoustic", tiny_features, folder / "run", *CONFIG, *FEW)

    check(call, tmp_path, run, monkeypatch)


@pytest.mark.parametrize("call", CALLS)
def test_shrink(
    call: str, tiny_voice: Path, tiny_features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(folder: Path) -> Result:
        if folder.exists():
            return tts("check", folder)
        return tts("shrink", tiny_voice, folder, "--variant", "fp16", "--force", "--calibration", tiny_features)

    check(call, tmp_path, run, monkeypatch)
