"""One features folder: one run at a time, one corpus, one config."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from preprocess.folder import Folder, write_whole
from tts.config.features import LOCK_FILE, SHARDS_FOLDER
from tts.config.loader import differences
from tts.errors import InputError


@contextmanager
def exclusive(folder: Folder) -> Iterator[None]:
    """Let no second run write the same folder. The operating system frees the lock even of a run that was killed.

    Elsewhere there is no such lock, only ones that a killed run would leave behind. Two runs at once do the work twice
    there, and no harm: of the same corpus and config, which ``check_lock`` sees to, both write the same shards.
    """
    try:
        (folder / SHARDS_FOLDER).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY) if isinstance(folder, Path) else None
    except OSError as error:
        raise InputError(folder, f"cannot be written ({error.strerror or error})") from None
    if descriptor is None:
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(folder, "is being written by another run", "wait for it, or use another folder") from None
        yield
    finally:
        os.close(descriptor)


def check_lock(folder: Folder, lock: Mapping[str, Any]) -> None:
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
