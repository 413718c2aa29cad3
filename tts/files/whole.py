"""Files and folders that appear whole or not at all, even when the machine stops in the middle."""

import errno
import glob
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from tts.errors import InputError, system_error
from tts.files.lock import lock_folder

PARTIAL, OLD = ".partial", ".old"  # what is being written, or deleted; what stood there before
LOCK = f"{PARTIAL}.lock"  # beside a folder that is being written; other programs have locks of their own
SPARE_FILES = 4
UNCHANGED_S = 60.0  # after which a file counts as left over, where the system has no locks that files can be given
IN_USE = "is being written by another process"


def write_file(path: Path, content: bytes | memoryview) -> None:
    """Replace ``path`` by a file with ``content``. Raises ``InputError`` as ``whole_file`` does."""
    with whole_file(path) as partial:
        partial.write_bytes(content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write, which takes the place of ``path`` when the context ends, and is deleted if that fails.

    A link stays, and what it names is written. A device or a pipe is written into, at the end of the context. Raises
    ``InputError`` where it cannot be written.
    """
    try:
        target = _named_by(path)
        if target.is_dir():
            raise InputError(path, "is a folder", "give the name of a file")
        if is_special(target):
            with _poured_into(target) as content:
                yield content
        else:
            with _taking_the_place_of(target) as partial:
                yield partial
    except OSError as error:
        raise system_error(
            path, "cannot be written" if path.parent.is_dir() else "its folder does not exist", error
        ) from None


def _named_by(path: Path) -> Path:
    """What a link names, which need not exist; a path that is none, itself. Raises ``OSError`` for links in a ring."""
    try:
        return path.resolve() if path.is_symlink() else path
    except RuntimeError:  # Python 3.12 and before
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


def is_special(path: Path) -> bool:
    """A device or a pipe, which is written into and never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def _taking_the_place_of(path: Path) -> Iterator[Path]:
    partial = path.with_name(f".{path.name}.{token_hex(4)}{PARTIAL}")  # process ids repeat between machines
    try:
        with _in_use(partial):
            yield partial
            _sync(partial)
        partial.replace(path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _poured_into(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / path.name
        yield content
        with content.open("rb") as source, path.open("wb") as sink:
            shutil.copyfileobj(source, sink)


@contextmanager
def whole_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``folder`` when the context ends, and is deleted if that fails.

    Raises ``InputError`` if ``folder`` exists and is not empty, unless it is to be replaced, where it cannot be
    written, and while another process writes the same.
    """
    try:
        folder = _named_by(folder)
        old, partial = _beside(folder, OLD), _beside(folder, PARTIAL)
        if old.exists() and not folder.exists():
            old.rename(folder)  # the machine stopped while this one was being replaced
        if folder.exists() and not replace and not (folder.is_dir() and not any(folder.iterdir())):
            raise InputError(folder, "exists already", "remove it, or give another folder")
        with _sole_writer(folder):
            shutil.rmtree(partial, ignore_errors=True)
            with _deleted_at_the_end(partial):
                yield partial
                for path in (*partial.rglob("*"), partial):
                    _sync(path)
                _put(partial, folder, old)
    except OSError as error:
        raise system_error(folder, "cannot be written", error) from None


@contextmanager
def _deleted_at_the_end(folder: Path) -> Iterator[None]:
    """A new folder. To delete it, files must be opened: a few are kept for that, should all others be in use then."""
    with ExitStack() as spare:
        for _ in range(SPARE_FILES):
            spare.enter_context(Path(os.devnull).open("rb"))
        folder.mkdir()
        try:
            yield
        finally:
            spare.close()
            shutil.rmtree(folder, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Renamed first: a deletion that is interrupted must not leave half a folder under a valid name."""
    shutil.rmtree(folder.rename(_beside(folder, PARTIAL)))


def remove_leftovers(folder: Path, name: str = "*") -> None:
    """What killed processes left of files and folders in ``folder``, or of the one called ``name``."""
    pattern = name if name == "*" else glob.escape(name)
    with suppress(OSError):  # it can wait for the run after the next
        for path in folder.glob(f".{pattern}.*{PARTIAL}"):
            with suppress(FileNotFoundError):  # it was finished meanwhile
                if path.is_file() and not _is_in_use(path):
                    path.unlink()
        folders = [path for path in folder.glob(f".{pattern}{PARTIAL}") if path.is_dir()]
        for path in (*folders, *folder.glob(f".{pattern}{LOCK}")):
            written = path.with_name(path.name.removeprefix(".").removesuffix(LOCK).removesuffix(PARTIAL))
            with suppress(InputError), _sole_writer(written):
                shutil.rmtree(_beside(written, PARTIAL), ignore_errors=True)


def _put(partial: Path, folder: Path, old: Path) -> None:
    """A folder cannot be renamed onto another: the old one steps aside, and returns if the new one cannot come."""
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        _step_aside(folder, old)
    try:
        partial.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _step_aside(folder: Path, old: Path) -> None:
    """Folders in a layer of overlayfs, as of a container's image, cannot be renamed: they are copied first."""
    try:
        folder.rename(old)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with whole_folder(old) as copy:
            shutil.copytree(folder, copy, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(folder)


def _beside(folder: Path, suffix: str) -> Path:
    folder = folder.absolute()  # of "." too
    return folder.with_name(f".{folder.name}{suffix}")


@contextmanager
def _sole_writer(folder: Path) -> Iterator[None]:
    """Raises ``InputError`` while another process writes the folder. A lock that a killed one left is no hindrance."""
    path = _beside(folder, LOCK)
    lock = lock_folder(folder, IN_USE, path)
    try:
        yield
    finally:
        if os.name != "nt":  # there, an open file cannot be deleted, and is when it is released
            path.unlink(missing_ok=True)
        lock.release()


@contextmanager
def _in_use(path: Path) -> Iterator[None]:
    """Marks a file, made here, as that of a living process, where files can be locked without harm: not on Windows."""
    descriptor = -1
    try:
        import fcntl

        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _is_in_use(path: Path) -> bool:
    try:
        import fcntl
    except ImportError:
        return time.time() - path.stat().st_mtime < UNCHANGED_S
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


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
