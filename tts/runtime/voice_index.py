"""Voices that others offer: an index on any web server or in any folder, and the voices beside it.

``index.json`` lists every file of every voice with its size and SHA-256; the files are at ``VOICE/FILE`` beside it. A
voice is fetched whole and as the index describes it, or not at all.
"""

import hashlib
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Annotated
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tts.errors import InputError
from tts.files.digest import file_sha256
from tts.files.documents import parse_json
from tts.files.names import check_name, inside
from tts.files.whole import whole_folder, write_file
from tts.runtime.contract import MANIFEST_FILE, MAX_GRAPH_BYTES, Label
from tts.runtime.folder import read_manifest

INDEX_FILE = "index.json"
INDEX_SCHEMA_VERSION = 1
MAX_INDEX_BYTES = 16 << 20
BLOCK_BYTES = 1 << 18
PATIENCE_S = 30.0  # without a byte from the server
REMOTE = ("http://", "https://")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # later versions may say more


class IndexedFile(_Section):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0, le=MAX_GRAPH_BYTES)]  # bytes


class IndexedVoice(_Section):
    language: Label
    licence: str = ""
    speakers: tuple[Label, ...]
    files: dict[str, IndexedFile]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files.values())


class VoiceIndex(_Section):
    schema_version: int = INDEX_SCHEMA_VERSION
    voices: dict[str, IndexedVoice]

    def __str__(self) -> str:
        return "\n".join(_line(name, voice) for name, voice in self.voices.items()) or "no voices"


def _line(name: str, voice: IndexedVoice) -> str:
    speakers = f"speakers {', '.join(voice.speakers)}" if len(voice.speakers) > 1 else "one speaker"
    return f"{name}: {voice.language}, {speakers}, {voice.size / 1e6:.1f} MB, {voice.licence or 'licence not stated'}"


def read_index(source: str) -> VoiceIndex:
    """``source``: a URL, or a folder. Raises ``InputError`` for what cannot be read, or is not an index."""
    where = f"{source.rstrip('/')}/{INDEX_FILE}"
    content = b"".join(_blocks(source, INDEX_FILE, MAX_INDEX_BYTES))
    try:
        tree = parse_json(content, where)
        version = tree.get("schema_version") if isinstance(tree, dict) else None
        if version != INDEX_SCHEMA_VERSION:
            fix = "use the version of Linnet that it was made for"
            raise InputError(where, f"has schema version {version!r}, not {INDEX_SCHEMA_VERSION}", fix)
        index = VoiceIndex.model_validate(tree)
    except ValidationError as error:
        raise InputError(where, f"is not an index of voices ({str(error).splitlines()[0]})") from None
    for name, voice in index.voices.items():
        for each in (name, *voice.files):
            check_name(each, "name", where)
    return index


def fetch_voice(source: str, name: str, folder: Path, progress: Callable[[int], object] = lambda _: None) -> None:
    """The voice ``name`` as ``folder``. progress: is called with the bytes that came.

    Raises ``InputError`` for a voice that is not there, files that differ from the index, and a folder in the way.
    """
    index = read_index(source)
    if name not in index.voices:
        raise InputError(f"{source}", f"has no voice {name!r}", f"it has {', '.join(index.voices) or 'none'}")
    with whole_folder(folder) as partial:
        for file, expected in index.voices[name].files.items():
            digest, size = hashlib.sha256(), 0
            with inside(partial, file).open("wb") as out:
                for block in _blocks(source, f"{name}/{file}", expected.size):
                    out.write(block)
                    digest.update(block)
                    size += len(block)
                    progress(len(block))
            if (size, digest.hexdigest()) != (expected.size, expected.sha256):
                raise InputError(f"{source}: {name}/{file}", "differs from the index", "try again")
        read_manifest(partial / MANIFEST_FILE)


def write_index(folder: Path) -> VoiceIndex:
    """Writes the index of the voices in ``folder``. Raises ``InputError`` where there are none."""
    voices = {}
    for path in sorted(path.parent for path in folder.glob(f"*/{MANIFEST_FILE}")):
        manifest = read_manifest(path / MANIFEST_FILE)
        files = {
            file.name: IndexedFile(sha256=file_sha256(file), size=file.stat().st_size)
            for file in sorted(path.iterdir())
            if file.is_file()
        }
        voices[path.name] = IndexedVoice(
            language=manifest.language, licence=manifest.licence, speakers=manifest.speakers, files=files
        )
    if not voices:
        raise InputError(folder, "has no voices in it", "give the folder that voice folders are in")
    index = VoiceIndex(voices=voices)
    write_file(folder / INDEX_FILE, f"{index.model_dump_json(indent=1)}\n".encode())
    return index


def _blocks(source: str, path: str, limit: int) -> Iterator[bytes]:
    """The bytes of a file, no more than ``limit``. Raises ``InputError`` where they cannot be read, or are more."""
    remote = source.startswith(REMOTE)
    where = f"{source.rstrip('/')}/{quote(path)}" if remote else str(Path(source, path))
    if not remote and Path(where).exists() and not Path(where).is_file():  # a pipe would be waited for
        raise InputError(where, "is not a file")
    try:
        with urlopen(where, timeout=PATIENCE_S) if remote else Path(where).open("rb") as file:
            size = 0
            while block := file.read(BLOCK_BYTES):
                size += len(block)
                if size > limit:
                    raise InputError(where, f"is larger than {limit:,} bytes, which it should not be")
                yield block
    except HTTPError as error:
        error.close()
        raise InputError(where, f"the server answers {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or error
        raise InputError(where, f"cannot be read ({reason})") from None
