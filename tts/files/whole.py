"""Files and folders that appear whole or not at all, even when the machine stops in the middle."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from tts.errors import InputError

PARTIAL, OLD = ".partial", ".old"  # what is being written, or deleted; what stood there before


def write_file(path: Path, content: bytes | memoryview) -> None:
    """Replace ``path`` by a file with ``content``. Raises ``InputError`` as ``whole_file`` does."""
    with whole_file(path) as partial:
        partial.write_bytes(content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write, which takes the place of ``path`` when the context ends, and is deleted if that fails.

    Raises ``InputError`` where it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{token_hex(4)}{PARTIAL}")  # process ids repeat between machines
    try:
        yield partial
        _sync(partial)
        partial.replace(path)
        _sync(path.parent)
    except OSError as error:
        reason = "cannot be written" if path.parent.is_dir() else "its folder does not exist"
        raise InputError(path, f"{reason} ({error.strerror or error})") from None
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``folder`` when the context ends, and is deleted if that fails.

    Raises ``InputError`` if ``folder`` exists and is not empty, unless it is to be replaced.
    """
    old, partial = _beside(folder, OLD), _beside(folder, PARTIAL)
    if old.exists() and not folder.exists():
        old.rename(folder)  # the machine stopped while this one was being replaced
    if folder.exists() and not replace and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(folder, "exists already", "remove it, or give another folder")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        for path in (*partial.rglob("*"), partial):
            _sync(path)
        _put(partial, folder, old)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Renamed first: a deletion that is interrupted must not leave half a folder under a valid name."""
    shutil.rmtree(folder.rename(_beside(folder, PARTIAL)))


def remove_partial_folders(parent: Path) -> None:
    """What killed processes left of folders in ``parent``."""
    for path in parent.glob(f".*{PARTIAL}"):
        shutil.rmtree(path)


def _put(partial: Path, folder: Path, old: Path) -> None:
    """A folder cannot be renamed onto another: the old one steps aside, and returns if the new one cannot come."""
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        partial.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f".{folder.name}{suffix}")


def _sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on disk. Windows does that for files alone."""
    windows = os.name == "nt"
    if windows and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
