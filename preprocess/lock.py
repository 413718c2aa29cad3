"""One features folder: one run at a time, one corpus, one config."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from preprocess.shards import write_whole
from tts.config.errors import InputError
from tts.config.features import LOCK_FILE, SHARDS_FOLDER
from tts.config.loader import differences


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Let no second run write the same folder. The operating system frees the lock even of a run that was killed."""
    try:
        (folder / SHARDS_FOLDER).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror})") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(folder, "is being written by another run", "wait for it, or use another folder") from None
        yield
    finally:
        os.close(descriptor)


def check_lock(folder: Path, lock: Mapping[str, Any]) -> None:
    """Record what the features are made from and with, or compare it with what was recorded.

    Raises ``InputError`` listing every difference.
    """
    path = folder / LOCK_FILE
    if not path.exists():
        write_whole(path, json.dumps(lock, indent=2).encode())
        return
    try:
        changed = differences(json.loads(path.read_text(encoding="utf-8")), lock)
    except (OSError, ValueError, AttributeError):
        raise InputError(path, "cannot be read", "delete the features folder and preprocess again") from None
    if changed:
        hint = "use the same corpus and --config, or another features folder"
        raise InputError(folder, f"was made otherwise ({'; '.join(changed)})", hint)
