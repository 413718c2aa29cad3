"""Damage to a shard is found; nothing in it ends the process."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tts.files.shard import SCHEMA, SEAL, DamagedShardError, is_sealed, open_reader, open_sealed, read_whole, sealed

N_FRAMES, N_MELS, HOP = 4, 3, 2


def row(id: str) -> dict[str, object]:
    floats = [0.5] * N_FRAMES
    return {
        "id": id, "speaker": "ann", "split": "train", "text": f"sha256:{'0' * 63}", "phones": ["sil", "AH0"],
        "durations": [1, 3], "log_f0": None, "voiced": [True] * N_FRAMES, "energy": floats, "phone_log_f0": None,
        "phone_energy": [1.0, 2.0], "mel": floats * N_MELS, "audio": [7] * N_FRAMES * HOP,
    }  # fmt: skip


TABLE = pa.Table.from_pylist([row("a"), row("b")], SCHEMA.with_metadata({"source": "x"}))
CONTENT = sealed(TABLE)


def read(content: bytes) -> pa.Table:
    return read_whole(open_reader(pa.BufferReader(content)))


def test_what_is_sealed_is_an_arrow_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "shard").write_bytes(CONTENT)
    reader = open_sealed(tmp_path / "shard")
    assert is_sealed(reader) and reader.schema.metadata[b"source"] == b"x"
    assert read_whole(reader).equals(TABLE) and pa.ipc.open_file(CONTENT).read_all().equals(TABLE)
    assert sealed(TABLE) == CONTENT  # the same table, the same bytes


@pytest.mark.parametrize("place", range(0, len(CONTENT), 97))
def test_any_changed_byte_breaks_the_seal(tmp_path: Path, place: int) -> None:
    content = bytearray(CONTENT)
    content[place] ^= 1
    (tmp_path / "shard").write_bytes(content)
    with pytest.raises(DamagedShardError):
        open_sealed(tmp_path / "shard")
        assert content[place : place + len(SEAL)] in SEAL  # without a seal it passes for an old one


@pytest.mark.parametrize("content", [b"", b"ARROW1", CONTENT[:-1], CONTENT[: len(CONTENT) // 2]])
def test_what_is_cut_short_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shard").write_bytes(content)
    with pytest.raises(DamagedShardError):
        read_whole(open_sealed(tmp_path / "shard"))


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("voiced", [True] * 3, "voiced of some utterance is longer or shorter"),
        ("log_f0", [5.0] * 5, "log_f0 of some utterance is longer or shorter"),
        ("phone_energy", [1.0], "phone_energy of some utterance is longer or shorter"),
        ("durations", [1, 4], "durations of some utterance are not those of its frames"),
        ("durations", [-1, 5], "durations of some utterance are not those of its frames"),
        ("voiced", [True, None, True, True], "'voiced' has gaps"),
        ("phones", [None, "sil"], "'phones' has gaps"),
    ],
)
def test_columns_of_different_utterances_are_refused(column: str, cell: list[object], problem: str) -> None:
    table = pa.Table.from_pylist([row("a"), row("b") | {column: cell}], SCHEMA)
    with pytest.raises(DamagedShardError, match=problem):
        read(sealed(table))


def test_a_table_of_other_columns_is_refused() -> None:
    with pytest.raises(DamagedShardError, match="'energy' is missing"):
        read(sealed(TABLE.drop_columns("energy")))
    with pytest.raises(DamagedShardError, match="'id' has gaps"):
        read(sealed(TABLE.set_column(0, "id", pa.array(["a", None]))))


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_files_of_strangers_are_refused_or_read(data: st.DataObject) -> None:
    """Without a seal, or with one that they have written themselves."""
    content = bytearray(CONTENT)
    for place in data.draw(st.lists(st.integers(0, len(content) - 4), min_size=1, max_size=6)):
        content[place : place + 4] = data.draw(
            st.sampled_from([b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f", b"\1\0\0\0"])
        )
    try:
        table = read(bytes(content))
    except DamagedShardError as refused:
        assert "\n" not in str(refused) and len(str(refused)) <= 200
    else:
        table.to_pylist()
