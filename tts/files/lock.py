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


def lock_folder(folder: Path, busy: str) -> "BaseFileLock":
    """Makes the folder where needed, and locks it until ``release``, or until the process ends, however that comes.

    Raises ``InputError`` with ``busy`` while another process holds it, and for a folder that cannot be written.
    """
    with warnings.catch_warnings():
        # Where the system offers no locks, a file with the id of the process is one: nobody needs a warning.
        warnings.filterwarnings("ignore", ".*soft", UserWarning)
        from filelock import FileLock, Timeout

        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK_FILE, blocking=False)
            lock.acquire()
        except Timeout:
            raise InputError(folder, busy, "wait for it, or use another folder") from None
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
