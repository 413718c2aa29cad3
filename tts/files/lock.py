"""One process at a time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tts.errors import InputError, system_error

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK_FILE = ".lock"  # in the folder that it guards


def lock_folder(folder: Path, busy: str, path: Path | None = None) -> "BaseFileLock":
    """Locks the folder until ``release``, or until the process ends, however that comes.

    ``path``: the lock, of which the folder is made where needed; by default it lies in the folder itself. Raises
    ``InputError`` with ``busy`` while another process holds it, and for a folder that cannot be written.
    """
    path = path or folder / LOCK_FILE
    with warnings.catch_warnings():
        # Where the system offers no locks, a file with the id of the process is one: nobody needs a warning.
        warnings.filterwarnings("ignore", ".*soft", UserWarning)
        from filelock import FileLock, Timeout

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, blocking=False)
            lock.acquire()
        except Timeout:
            raise InputError(folder, busy, "wait for it, or give another folder") from None
        except OSError as error:
            raise system_error(folder, "cannot be written", error) from None
    return lock


@contextmanager
def locked_folder(folder: Path, busy: str) -> Iterator[None]:
    """As ``lock_folder``, for as long as the context lasts."""
    lock = lock_folder(folder, busy)
    try:
        yield
    finally:
        lock.release()
