"""A corpus folder as a list of utterances.

These layouts are known:

``metadata.csv``
    LJSpeech: lines ``id|text|normalised text|speaker``, the last two optional, and audio in ``wavs/ID.wav`` or any
    other format that libsndfile reads. A first line that starts with ``id|`` names the columns instead, in any order.
``manifest.csv`` or ``manifest.jsonl``, or any such file in place of the folder
    columns, or keys, ``audio`` (a path from the manifest's folder) and ``text``, and, if wanted, ``speaker``,
    ``language`` and ``id``, by default the name of the audio file. CSV has commas and a header.
folders that each hold a ``metadata.csv``
    one speaker per folder, named after it; ``SPEAKER_`` is put before every id, since the folders may share ids.
``txt/SPEAKER/ID.txt`` and ``wav48*/SPEAKER/ID.wav``
    VCTK.
``SPEAKER/ID.wav`` beside ``SPEAKER/ID.lab`` or ``.txt``
    what the Montreal Forced Aligner reads; ``SPEAKER_`` is put before every id.

Where no speaker is named, it is the folder's name.

TextGrids are ``ID.TextGrid`` or, as the Montreal Forced Aligner sorts them, ``SPEAKER/ID.TextGrid``, in the folder
given, or in ``TextGrid`` of the corpus or of the speaker's folder.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from preprocess.recording import Recordings, existing, is_file, without_suffix
from tts.errors import InputError
from tts.files.digest import sha256
from tts.files.documents import parse_json, read_text
from tts.files.names import as_file, check_name
from tts.names import Split

METADATA_FILE = "metadata.csv"
COLUMNS = ("id", "text", "normalised", "speaker")
MANIFEST_FILES = ("manifest.jsonl", "manifest.csv")
TRANSCRIPT_SUFFIXES = {".lab", ".txt"}


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
    language: str = ""  # as in the manifest; empty where it names none


def read_corpus(folder: Path, textgrids: Path | None = None) -> list[Utterance]:
    """All utterances, sorted by id.

    Raises ``InputError`` when there are none, when the layout is not known, or when an id occurs twice.
    """
    utterances = find_utterances(folder, textgrids)
    for error in repeated_ids(utterances).values():
        raise error
    return utterances


def repeated_ids(utterances: Sequence[Utterance]) -> dict[int, InputError]:
    """By position, what is wrong with utterances whose files would be those of an earlier one."""
    first, wrong = dict[str, Utterance](), dict[int, InputError]()
    for position, utterance in enumerate(utterances):
        other = first.setdefault(as_file(utterance.id), utterance)
        if other is not utterance:
            same = f"is also on {other.line}"
            alike = f"and {other.id!r} on {other.line} are one name on Windows and macOS"
            what = f"id {utterance.id!r} {same if other.id == utterance.id else alike}"
            wrong[position] = InputError(utterance.line, what, "give every utterance its own id")
    return wrong


def find_utterances(folder: Path, textgrids: Path | None = None) -> list[Utterance]:
    """As ``read_corpus``, but an id may occur twice."""
    utterances = sorted(_read_layout(folder, textgrids), key=lambda utterance: utterance.id)
    if not utterances:
        raise InputError(folder, "holds no utterances")
    for utterance in utterances:
        check_name(utterance.id, "id", utterance.line)
        check_name(utterance.speaker, "speaker", utterance.line)
    return utterances


def check_language(utterance: Utterance, language: str) -> None:
    """Raise ``InputError`` unless the manifest names no language, or ``language``, or its family ("en" for "en-us")."""
    said, wanted = (name.lower().replace("_", "-").split("-") for name in (utterance.language, language))
    if utterance.language and any(left != right for left, right in zip(said, wanted, strict=False)):
        raise InputError(utterance.id, f"is in {utterance.language!r}, not {language!r}", "set text.language")


def stable_hash(text: str) -> int:
    """64 bits that are the same on every machine and in every run."""
    return int(sha256(text.encode())[:16], 16)


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
    if folder.is_file():
        yield from _read_manifest(folder, [textgrids or folder.parent / "TextGrid"])
        return
    grids = [textgrids or folder / "TextGrid"]
    if (folder / METADATA_FILE).is_file():
        yield from _read_metadata(folder, grids)
    elif manifests := [folder / name for name in MANIFEST_FILES if (folder / name).is_file()]:
        yield from _read_manifest(manifests[0], grids)
    elif (folder / "txt").is_dir():
        yield from _read_vctk(folder, grids)
    elif speakers := sorted(path.parent for path in folder.glob(f"*/{METADATA_FILE}")):
        for speaker in speakers:
            for utterance in _read_metadata(speaker, grids if textgrids else [*grids, speaker / "TextGrid"]):
                yield replace(utterance, id=f"{speaker.name}_{utterance.id}", speaker=speaker.name)
    elif transcripts := sorted(path for path in folder.glob("*/*") if path.suffix in TRANSCRIPT_SUFFIXES):
        recordings = {parent: Recordings(parent) for parent in {path.parent for path in transcripts}}
        for path in transcripts:
            utterance = _read_transcript(path, recordings[path.parent], grids if textgrids else [*grids, path.parent])
            yield replace(utterance, id=f"{utterance.speaker}_{utterance.id}")
    else:
        hint = f"a corpus has a {METADATA_FILE} or a manifest, or folders per speaker: see the README"
        raise InputError(folder, "is not a corpus" if folder.is_dir() else "is not a folder", hint)


def _read_metadata(folder: Path, textgrids: Sequence[Path]) -> Iterator[Utterance]:
    path, recordings = folder / METADATA_FILE, Recordings(folder / "wavs")
    columns: Sequence[str] = COLUMNS
    lines = read_text(path).split("\n")
    _check_columns(path, lines)
    for number, content in enumerate(lines, start=1):
        fields = [field.strip() for field in content.split("|")]
        if number == 1 and fields[0].lower() == "id":
            columns = [field.lower() for field in fields]
            if {"text", "normalised"}.isdisjoint(columns):
                raise InputError(f"{path}:1", "names no column 'text'")
        elif any(fields):
            line = f"{path}:{number}"
            if len(fields) > len(columns):
                what = f"has {len(fields)} fields, but there are {len(columns)} columns: {'|'.join(columns)}"
                raise InputError(line, what, "a text cannot hold '|'")
            row = dict(zip(columns, fields, strict=False))
            id, speaker = without_suffix(row["id"]), row.get("speaker") or folder.resolve().name
            if not id:
                raise InputError(line, "has no id", "every line starts with an id and '|'")
            yield Utterance(
                id=id,
                text=row.get("normalised") or row.get("text", ""),
                speaker=speaker,
                audio=recordings.find(id),
                textgrid=_find_textgrid(textgrids, speaker, id),
                line=line,
            )


def _check_columns(path: Path, lines: Sequence[str]) -> None:
    """Raise ``InputError`` for a file laid out in another way, which would be read wrongly, or one line at a time."""
    number, first = next(((n, line) for n, line in enumerate(lines, start=1) if line.strip()), (1, ""))
    if first and not any("|" in line for line in lines):
        divider = "tabs" if "\t" in first else "commas" if "," in first else "anything else"
        what = f"has no '|', like all lines: columns are separated by '|', not by {divider}"
        raise InputError(f"{path}:{number}", what, f"write it as id|text, or name it {MANIFEST_FILES[1]} with a header")
    rows = [[field.strip() for field in line.split("|")] for line in lines if line.strip()]
    if rows and rows[0][0].lower() != "id" and all(len(row) == 3 for row in rows) and _are_speakers(rows):
        what = f"the second column seems to name speakers, such as {rows[0][1]!r}, but is read as the text"
        raise InputError(f"{path}:{number}", what, "put a first line that names the columns: id|speaker|text")


def _are_speakers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the second of three columns takes few values, none of which shares a word with the third."""
    names = {row[1] for row in rows}
    few = len(rows) > 1 and len(names) <= max(1, len(rows) // 2)
    return few and all(_words(row[1]).isdisjoint(_words(row[2])) and row[1] for row in rows)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _read_manifest(path: Path, textgrids: Sequence[Path]) -> Iterator[Utterance]:
    for line, row in (_read_jsonl if path.suffix == ".jsonl" else _read_csv)(path):
        fields = {key: " ".join(value.split()) for key, value in row.items() if isinstance(value, str)}
        if not fields.get("audio"):
            raise InputError(line, "names no audio file", "every entry has 'audio' and 'text'")
        audio = existing(path.parent, fields["audio"])
        id, speaker = fields.get("id") or audio.stem, fields.get("speaker") or path.parent.resolve().name
        yield Utterance(
            id=id,
            text=fields.get("text", ""),
            speaker=speaker,
            audio=audio,
            textgrid=_find_textgrid(textgrids, speaker, id),
            line=line,
            language=fields.get("language", ""),
        )


def _read_csv(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        if missing := {"audio", "text"} - set(reader.fieldnames or ()):
            hint = "the first line names the columns, with commas between them"
            raise InputError(f"{path}:1", f"names no column {min(missing)!r}", hint)
        for row in reader:
            line = f"{path}:{reader.line_num}"
            if None in row:
                raise InputError(line, "has more fields than there are columns", "put quotes around a text with commas")
            yield line, row
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}", f"is not CSV ({error})") from None


def _read_jsonl(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, content in enumerate(read_text(path).split("\n"), start=1):
        if content.strip():
            row = parse_json(content, f"{path}:{number}")
            if not isinstance(row, dict):
                raise InputError(f"{path}:{number}", "is not a JSON object", 'write {"audio": ..., "text": ...}')
            yield f"{path}:{number}", row


def _read_vctk(folder: Path, textgrids: Sequence[Path]) -> Iterator[Utterance]:
    audio = next(iter(sorted(folder.glob("wav48*"))), folder / "wav48")
    for speaker in sorted(path for path in (folder / "txt").iterdir() if path.is_dir()):
        recordings = Recordings(audio / speaker.name)
        for path in sorted(speaker.glob("*.txt")):
            yield _read_transcript(path, recordings, textgrids)


def _read_transcript(path: Path, recordings: Recordings, textgrids: Sequence[Path]) -> Utterance:
    """An utterance whose transcript is a file of its own, in a folder named after the speaker."""
    id, speaker = path.stem, path.parent.name
    return Utterance(
        id=id,
        text=" ".join(read_text(path).split()),
        speaker=speaker,
        audio=recordings.find(id),
        textgrid=_find_textgrid(textgrids, speaker, id),
        line=str(path),
    )


def _find_textgrid(folders: Sequence[Path], speaker: str, id: str) -> Path:
    """The first that exists; if none does, the first, to be reported as missing."""
    names = (f"{id}.TextGrid", f"{speaker}/{id}.TextGrid")
    paths = [existing(folder, name) for folder in folders for name in names]
    return next((path for path in paths if is_file(path)), paths[0])
