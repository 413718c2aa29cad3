"""Shards: Arrow files that carry a seal, the checksum of all their bytes, and are not trusted when they are read.

A damaged file would be read as other numbers, or end the process: what its offsets point at is not there.
"""

import mmap
import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SEAL = b"sha256:"
BLANK = SEAL + b"0" * 64  # in place of the seal while the checksum is computed
SEAL_KEY = b"seal"  # of the schema's metadata, which stand at the beginning of the file and again at its end
FOUND = re.compile(re.escape(SEAL) + rb"[0-9a-f]{64}")
HEAD = 1 << 20  # bytes within which the first of them must be

FLOATS, INTS = pa.list_(pa.float32()), pa.list_(pa.int32())
# Of features, as ``tts.config.features`` describes them.
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("speaker", pa.string()),
        ("split", pa.string()),
        ("text", pa.string()),
        ("phones", pa.list_(pa.string())),
        ("durations", INTS),
        ("log_f0", FLOATS),
        ("voiced", pa.list_(pa.bool_())),
        ("energy", FLOATS),
        ("phone_log_f0", FLOATS),
        ("phone_energy", FLOATS),
        ("mel", FLOATS),
        ("audio", pa.list_(pa.int16())),
    ]
)
PER = {"energy": ("log_f0", "voiced"), "phones": ("durations", "phone_log_f0", "phone_energy")}  # frame, phone
MAY_BE_NULL = frozenset({"log_f0", "phone_log_f0"})


class DamagedShardError(ValueError):
    """Says why, in a few words."""


def sealed(table: pa.Table) -> bytes:
    """The file of ``table``, which keeps its metadata."""
    table = table.replace_schema_metadata({SEAL_KEY: BLANK, **(table.schema.metadata or {})})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content.replace(BLANK, SEAL + sha256(content).hexdigest().encode())


def open_sealed(path: Path) -> pa.RecordBatchFileReader:
    """Memory-mapped. Files from before there were seals are opened without one.

    Raises ``DamagedShardError`` unless the seal is that of the content, and ``OSError`` for what cannot be read.
    """
    if path.exists() and not path.is_file():
        raise DamagedShardError("it is not a file")
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise DamagedShardError("it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            _check_seal(content)
    return open_reader(pa.memory_map(str(path)))


def open_reader(file: pa.NativeFile, columns: list[int] | None = None) -> pa.RecordBatchFileReader:
    """Raises ``DamagedShardError`` for what is not an Arrow file."""
    try:
        return pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=columns))
    except (OSError, pa.ArrowException) as error:
        raise DamagedShardError(_first_line(error)) from None


def read_whole(reader: pa.RecordBatchFileReader, schema: pa.Schema = SCHEMA) -> pa.Table:
    """Its table, checked to the last offset.

    Raises ``DamagedShardError`` for a table that lacks columns of ``schema``, or has other ones of that name, and for
    features whose columns are not of the same utterances.
    """
    try:
        table: pa.Table = reader.read_all()
        table.validate(full=True)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DamagedShardError(_first_line(error)) from None
    for field in schema:
        column = table.schema.get_field_index(field.name)
        if column < 0 or table.schema.field(column).type != field.type:
            raise DamagedShardError(f"column {field.name!r} is missing, or not {field.type}")
        cells = table.column(column)
        within = sum(chunk.values.null_count for chunk in cells.chunks) if pa.types.is_list(field.type) else 0
        if within or (field.name not in MAY_BE_NULL and cells.null_count):
            raise DamagedShardError(f"column {field.name!r} has gaps")
    if schema is SCHEMA:
        _check_lengths(table)
    return table


def _check_lengths(table: pa.Table) -> None:
    for by, columns in PER.items():
        expected = pc.list_value_length(table[by])
        for column in columns:
            if pc.any(pc.not_equal(pc.list_value_length(table[column]), expected)).as_py():
                raise DamagedShardError(f"{column} of some utterance is longer or shorter than it")
    durations = [cell.values.to_numpy(zero_copy_only=False) for cell in table["durations"]]
    if any(counts.min() < 0 for counts in durations if len(counts)) or not np.array_equal(
        [counts.sum() for counts in durations], pc.list_value_length(table["energy"])
    ):
        raise DamagedShardError("durations of some utterance are not those of its frames")


def is_sealed(reader: pa.RecordBatchFileReader) -> bool:
    return SEAL_KEY in (reader.schema.metadata or {})


def _check_seal(content: mmap.mmap) -> None:
    found = FOUND.search(content, 0, HEAD)
    if found is None:
        return
    digest, at = sha256(), 0
    with memoryview(content) as view:
        for place in re.finditer(re.escape(found[0]), content):
            digest.update(view[at : place.start()])
            digest.update(BLANK)
            at = place.end()
        digest.update(view[at:])
    if digest.hexdigest().encode() != found[0].removeprefix(SEAL):
        raise DamagedShardError("its checksum is that of another content")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
