"""Features on disk: Arrow shards as ``tts.config.features`` describes them, each whole or absent."""

import json
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from preprocess.corpus import Utterance
from preprocess.folder import Folder, write_whole
from tts.errors import InputError
from tts.files.shard import SCHEMA, DamagedShardError, is_sealed, open_reader, open_sealed, read_whole, sealed
from tts.names import Split

Row = TypeVar("Row")
SOURCE_KEY, REJECTED_KEY = b"source", b"rejected"


@dataclass(frozen=True)
class Features:
    """One utterance, a row of a shard."""

    id: str
    speaker: str
    split: Split
    text: str
    phones: list[str]  # (P,)
    durations: npt.NDArray[np.int32]  # (P,) frames
    log_f0: npt.NDArray[np.float32] | None  # (T,)
    voiced: npt.NDArray[np.bool_]  # (T,)
    energy: npt.NDArray[np.float32]  # (T,)
    phone_log_f0: npt.NDArray[np.float32] | None  # (P,)
    phone_energy: npt.NDArray[np.float32]  # (P,)
    mel: npt.NDArray[np.float32]  # (M, T)
    audio: npt.NDArray[np.int16]  # (S,)


@dataclass(frozen=True)
class Rejected:
    """An utterance that could not be used."""

    id: str
    line: str  # of the corpus, such as "corpus/metadata.csv:17"
    reason: str


def sift(
    utterances: Iterable[Utterance], make: Callable[[Utterance], Row]
) -> Generator[Rejected | None, None, tuple[list[Row], list[Rejected]]]:
    """Make a row of each utterance, yielding after each what is wrong with it, or None; returns both kinds."""
    rows, rejected = [], []
    for utterance in utterances:
        bad = None
        try:
            rows.append(make(utterance))
        except InputError as error:
            bad = Rejected(utterance.id, utterance.line, str(error))
            rejected.append(bad)
        yield bad
    return rows, rejected


def stop_at(rejected: Sequence[Rejected]) -> None:
    """Raise ``InputError`` for the first of them, if any."""
    if rejected:
        first = min(rejected, key=lambda entry: entry.id)
        others = f" (and {len(rejected) - 1} more like it)" if len(rejected) > 1 else ""
        hint = "correct it, or go on without what is bad with --skip-bad"
        raise InputError(first.line, f"{first.id}: {first.reason}{others}", hint)


@dataclass(frozen=True)
class Shard:
    """A shard. Its table is read when asked for, and memory-mapped if it is on this machine."""

    reader: pa.RecordBatchFileReader
    source: str  # fingerprint of the utterances it was made from
    rejected: list[Rejected]

    @cached_property
    def table(self) -> pa.Table:
        return self.reader.read_all()


def as_table(rows: Sequence[Features]) -> pa.Table:
    columns = [pa.array([_flat(getattr(row, column.name)) for row in rows], type=column.type) for column in SCHEMA]
    return pa.table(columns, schema=SCHEMA)


def write_shard(path: Folder, rows: Sequence[Features], source: str, rejected: Sequence[Rejected]) -> None:
    """Write a shard of features atomically."""
    write_table(path, as_table(rows), source, rejected)


def write_table(path: Folder, table: pa.Table, source: str, rejected: Sequence[Rejected]) -> None:
    """Write any shard atomically. The rejected utterances travel in it, so that a later run still knows them."""
    notes = {SOURCE_KEY: source, REJECTED_KEY: json.dumps([asdict(entry) for entry in rejected])}
    write_whole(path, sealed(table.replace_schema_metadata(notes)))


def read_shard(path: Folder, without: Collection[str] = (), *, verified: bool = False) -> Shard | None:
    """The shard, or None when it is missing or damaged, and has to be made again.

    without: columns of ``SCHEMA`` to leave out of its table, so that they need not be transferred. A shard on this
    machine is read whole and compared with its checksum, unless it was ``verified`` before.
    """
    wanted = [index for index, column in enumerate(SCHEMA.names) if column not in without] if without else None
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        if isinstance(path, Path) and not verified:
            open_sealed(path)
        file = pa.memory_map(str(path)) if isinstance(path, Path) else pa.PythonFile(path.open("rb"))
        reader = open_reader(file, wanted)
        notes = reader.schema.metadata
        rejected = [Rejected(**entry) for entry in json.loads(notes[REJECTED_KEY])]
        return Shard(reader, notes[SOURCE_KEY].decode(), rejected)
    return None


def is_finished(path: Folder, source: str, skip_bad: bool, schema: pa.Schema = SCHEMA) -> bool:
    """Whether the shard of ``source`` is there and whole, and has no rejected utterances unless such are skipped."""
    shard = read_shard(path)
    if shard is None or shard.source != source or (shard.rejected and not skip_bad):
        return False
    try:
        table = read_whole(shard.reader, schema)
    except DamagedShardError:
        return False
    return is_sealed(shard.reader) or all(map(_is_finite, table.columns))


def _is_finite(column: pa.ChunkedArray) -> bool:
    """Shards from before there were seals show damage by numbers that are none, if at all."""
    floats = pa.types.is_list(column.type) and pa.types.is_floating(column.type.value_type)
    return not floats or all(np.isfinite(chunk.values.to_numpy(zero_copy_only=False)).all() for chunk in column.chunks)


def _flat(value: Any) -> Any:
    return value.ravel() if isinstance(value, np.ndarray) else value
