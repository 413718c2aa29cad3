"""Files that appear whole or not at all, also when the machine stops in the middle."""

import os
from pathlib import Path
from secrets import token_hex


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Replace ``path`` by a file with ``content``."""
    partial = path.with_name(f".{path.name}.{token_hex(4)}.partial")  # process ids repeat between machines
    try:
        partial.write_bytes(content)
        sync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
