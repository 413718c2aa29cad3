"""Formats have versions: what a later version wrote is refused by name, not by whatever is unknown in it first."""

from pathlib import Path
from typing import Any

from tts.errors import InputError

FIRST = 1  # of files that do not say


def refuse_newer(path: Path, tree: Any, known: int) -> None:
    """Raise ``InputError`` if the object ``tree``, read from JSON, has a ``schema_version`` beyond ``known``.

    What is not an object at all is left to whoever reads it.
    """
    found = tree.get("schema_version", FIRST) if isinstance(tree, dict) else FIRST
    if isinstance(found, int) and found > known:
        what = f"has schema version {found}, and this version of Linnet reads those up to {known}"
        raise InputError(path, what, "update Linnet, or make it again with this version")
