"""One features folder: one run at a time, one corpus, one config."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from preprocess.folder import Folder, read_content, write_whole
from tts.config.features import LOCK_FILE, SHARDS_FOLDER
from tts.config.loader import differences
from tts.errors import InputError, system_error
from tts.files.documents import parse_json
from tts.files.lock import lock_folder
from tts.files.whole import remove_leftovers


@contextmanager
def exclusive(folder: Folder) -> Iterator[None]:
    """Keep a second run from writing the same folder. The operating system frees the lock of a killed run too.

    A folder that is not on this machine is not locked: a run that was killed would leave the lock behind. Two runs at
    once do the work twice there, but harm nothing: ``check_lock`` makes sure that both write the same shards.
    """
    try:
        (folder / SHARDS_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise system_error(folder, "cannot be written", error) from None
    lock = lock_folder(folder, "is being written by another run") if isinstance(folder, Path) else None
    try:
        for place in (folder, folder / SHARDS_FOLDER) if isinstance(folder, Path) else ():
            remove_leftovers(place)
        yield
    finally:
        if lock:
            lock.release()


def check_lock(folder: Folder, lock: Mapping[str, Any]) -> None:
    """Record what the features are made from and with, or compare it with what was recorded.

    Raises ``InputError`` listing every difference.
    """
    path = folder / LOCK_FILE
    if not path.exists():
        write_whole(path, json.dumps(lock, indent=2).encode())
        return
    recorded = parse_json(read_content(path), path)
    if not isinstance(recorded, dict):
        raise InputError(path, "is damaged", "delete the features folder and preprocess again")
    changed = differences(recorded, lock)
    if changed:
        hint = "use the same corpus and --config, or another features folder"
        raise InputError(folder, f"was made otherwise ({'; '.join(changed)})", hint)
