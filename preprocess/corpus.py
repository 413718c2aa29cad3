"""A corpus folder as a list of utterances.

Three layouts are known:

``metadata.csv``
    LJSpeech: lines ``id|text|normalised text|speaker``, the last two optional, and audio in ``wavs/ID.wav`` or
    ``.flac``. A first line that starts with ``id|`` names the columns instead, in any order. Where no speaker is named,
    it is the folder's name.
folders that each hold a ``metadata.csv``
    one speaker per folder, named after it; ``SPEAKER_`` is put before every id, since the folders may share ids.
``txt/SPEAKER/ID.txt`` and ``wav48*/SPEAKER/ID.wav``
    VCTK.

TextGrids are ``ID.TextGrid`` or, as the Montreal Forced Aligner sorts them, ``SPEAKER/ID.TextGrid``, in the folder
given, or in ``TextGrid`` of the corpus or of the speaker's folder.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from tts.config.errors import InputError

Split = Literal["train", "validation"]

METADATA_FILE = "metadata.csv"
COLUMNS = ("id", "text", "normalised", "speaker")
AUDIO_SUFFIXES = (".wav", ".flac", "_mic1.flac")  # the last as in VCTK 0.92


@dataclass(frozen=True)
class Utterance:
    """One recording. The files are where they should be; whether they are there is found out when they are read."""

    id: str
    text: str
    speaker: str
    audio: Path
    textgrid: Path
    line: str  # where a person finds it, such as "corpus/metadata.csv:17"
    split: Split = "train"


def read_corpus(folder: Path, textgrids: Path | None = None) -> list[Utterance]:
    """All utterances, sorted by id.

    Raises ``InputError`` when there are none, when the layout is not known, or when an id occurs twice.
    """
    utterances = sorted(_read_layout(folder, textgrids), key=lambda utterance: utterance.id)
    if not utterances:
        raise InputError(folder, "holds no utterances")
    for left, right in pairwise(utterances):
        if left.id == right.id:
            raise InputError(right.line, f"id {right.id!r} is also on {left.line}", "give every utterance its own id")
    return utterances


def stable_hash(text: str) -> int:
    """64 bits that are the same on every machine and in every run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def assign_splits(
    utterances: Sequence[Utterance], validation_share: float, unusable: Collection[str] = ()
) -> list[Utterance]:
    """The utterances whose id has the lowest hash are for validation: at least one, and never all of several.

    unusable: ids that do not count, so that a bad recording cannot be all there is to validate with.
    """
    ranked = sorted((u for u in utterances if u.id not in unusable), key=lambda u: stable_hash(u.id))
    n_below = sum(stable_hash(utterance.id) < validation_share * 2**64 for utterance in ranked)
    n_validation = min(max(n_below, 1), len(ranked) - 1)
    validation = {utterance.id for utterance in ranked[:n_validation]}
    return [replace(u, split="validation") if u.id in validation else u for u in utterances]


def _read_layout(folder: Path, textgrids: Path | None) -> Iterator[Utterance]:
    grids = [textgrids] if textgrids else [folder / "TextGrid"]
    if (folder / METADATA_FILE).is_file():
        yield from _read_metadata(folder, grids)
    elif (folder / "txt").is_dir():
        yield from _read_vctk(folder, grids)
    elif speakers := sorted(path.parent for path in folder.glob(f"*/{METADATA_FILE}")):
        for speaker in speakers:
            for utterance in _read_metadata(speaker, grids if textgrids else [*grids, speaker / "TextGrid"]):
                yield replace(utterance, id=f"{speaker.name}_{utterance.id}", speaker=speaker.name)
    else:
        hint = f"a corpus has a {METADATA_FILE}, or folders with one, or txt/ and wav48/ as VCTK has"
        raise InputError(folder, "is no corpus" if folder.is_dir() else "is not a folder", hint)


def _read_metadata(folder: Path, textgrids: Sequence[Path]) -> Iterator[Utterance]:
    path = folder / METADATA_FILE
    columns: Sequence[str] = COLUMNS
    for number, content in enumerate(_read_text(path).splitlines(), start=1):
        fields = [field.strip() for field in content.split("|")]
        if number == 1 and fields[0].lower() == "id":
            columns = [field.lower() for field in fields]
        elif any(fields):
            row = dict(zip(columns, fields, strict=False))
            id, speaker = row["id"], row.get("speaker") or folder.resolve().name
            yield Utterance(
                id=id,
                text=row.get("normalised") or row.get("text", ""),
                speaker=speaker,
                audio=_first_file(folder / "wavs" / f"{id}{suffix}" for suffix in AUDIO_SUFFIXES),
                textgrid=_find_textgrid(textgrids, speaker, id),
                line=f"{path}:{number}",
            )


def _read_vctk(folder: Path, textgrids: Sequence[Path]) -> Iterator[Utterance]:
    recordings = next(iter(sorted(folder.glob("wav48*"))), folder / "wav48")
    for path in sorted((folder / "txt").glob("*/*.txt")):
        id, speaker = path.stem, path.parent.name
        yield Utterance(
            id=id,
            text=" ".join(_read_text(path).split()),
            speaker=speaker,
            audio=_first_file(recordings / speaker / f"{id}{suffix}" for suffix in AUDIO_SUFFIXES),
            textgrid=_find_textgrid(textgrids, speaker, id),
            line=str(path),
        )


def _find_textgrid(folders: Sequence[Path], speaker: str, id: str) -> Path:
    names = (f"{id}.TextGrid", f"{speaker}/{id}.TextGrid")
    return _first_file(folder / name for folder in folders for name in names)


def _first_file(candidates: Iterable[Path]) -> Path:
    """The first that exists; if none does, the first, to be reported as missing."""
    paths = list(candidates)
    return next((path for path in paths if path.is_file()), paths[0])


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(f"{path}:{line}", "is not UTF-8 text", "convert the file to UTF-8") from None
