"""Where features are written: a folder here, or any place that fsspec reaches, such as ``s3://bucket/features``.

Such a place is a ``UPath`` (https://github.com/fsspec/universal_pathlib), which is used as a ``Path`` is.
"""

from pathlib import Path

from fsspec.implementations.local import LocalFileSystem
from upath import UPath

from tts.errors import InputError, system_error
from tts.files.documents import read_document
from tts.files.whole import write_file

Folder = Path | UPath


def open_folder(place: str) -> Folder:
    """A path or URL as a folder, which need not exist.

    Raises ``InputError`` for a URL of an unknown kind, or of a server that does not answer.
    """
    if "://" not in place:
        return Path(place)
    try:
        folder = UPath(place, use_listings_cache=False)  # other processes write too
        return Path(folder.path) if isinstance(folder.fs, LocalFileSystem) else folder
    except Exception as error:  # every file system has its own
        raise InputError(place, f"cannot be opened ({error})") from None


def read_content(path: Folder) -> bytes:
    """Raises ``InputError`` for a file that cannot be read."""
    if isinstance(path, Path):
        return read_document(path)
    try:
        return bytes(path.read_bytes())
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None


def write_whole(path: Folder, content: bytes | memoryview) -> None:
    """Write a file so that, whatever happens, it is either as before or complete, or raise ``InputError``."""
    if isinstance(path, Path):
        write_file(path, content)
        return
    try:
        with path.fs.transaction, path.open("wb") as file:  # put in place as the transaction ends
            file.write(content)
    except OSError as error:
        raise system_error(path, "cannot be written", error) from None
