"""The same sound is the same bytes, and nothing but the number of the stream and its checksums has changed."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tts.audio.ogg import CHECKSUM, HEADER, SERIAL, SteadySerial, checksum
from tts.audio.wav import write_audio
from tts.serving.encode import FORMATS

RATE = 24_000
NOISE = np.random.default_rng(0).integers(-3000, 3000, 4 * RATE).astype(np.int16)


def written_by_libsndfile(pcm: np.ndarray, subtype: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, pcm, RATE, format="OGG", subtype=subtype)
    return file.getvalue()


def renumbered(content: bytes, *cuts: int) -> bytes:
    pages, ends = SteadySerial(), sorted(cuts)
    pieces = [content[a:b] for a, b in zip([0, *ends], [*ends, len(content)], strict=True)]
    return b"".join(map(pages.feed, pieces)) + pages.finish()


def pages_of(content: bytes) -> list[bytes]:
    pages = []
    while content:
        table = HEADER + content[HEADER - 1]
        end = table + sum(content[HEADER:table])
        pages.append(content[:end])
        content = content[end:]
    return pages


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
@pytest.mark.parametrize("n_samples", [0, 1, 5000, len(NOISE)])
def test_two_streams_of_one_sound_are_the_same_bytes(subtype: str, n_samples: int) -> None:
    once, again = (written_by_libsndfile(NOISE[:n_samples], subtype) for _ in range(2))
    assert once != again
    assert renumbered(once) == renumbered(again)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_only_numbers_and_checksums_change_and_they_are_right(subtype: str) -> None:
    before = pages_of(written_by_libsndfile(NOISE, subtype))
    after = pages_of(renumbered(b"".join(before)))
    assert len(after) == len(before) > 4
    for old, new in zip(map(bytearray, before), map(bytearray, after), strict=True):
        assert new[SERIAL] == after[0][SERIAL]
        found = int.from_bytes(old[CHECKSUM], "little")
        old[CHECKSUM] = bytes(4)
        assert checksum(old) == found
        old[SERIAL], old[CHECKSUM] = new[SERIAL], new[CHECKSUM]
        assert old == new


@given(cuts=st.lists(st.integers(0, 20_000), max_size=8))
def test_pieces_of_any_length_come_to_the_same(cuts: list[int]) -> None:
    content = written_by_libsndfile(NOISE[:20_000], "VORBIS")
    assert renumbered(content, *cuts) == renumbered(content)


def test_files_and_streams_say_the_same_every_time_and_can_be_joined(tmp_path: Path) -> None:
    for name, pcm in (("a.ogg", NOISE), ("same.ogg", NOISE), ("b.ogg", NOISE[::-1])):
        write_audio(tmp_path / name, (pcm / 32768).astype(np.float32), RATE)
    first, same, other = ((tmp_path / name).read_bytes() for name in ("a.ogg", "same.ogg", "b.ogg"))
    assert first == same
    assert pages_of(first)[0][SERIAL] != pages_of(other)[0][SERIAL]
    decoded, _ = soundfile.read(io.BytesIO(written_by_libsndfile(NOISE, "VORBIS")))
    np.testing.assert_array_equal(soundfile.read(tmp_path / "a.ogg")[0], decoded)


def test_what_is_served_is_the_same_every_time() -> None:
    def served() -> bytes:
        encoder = FORMATS["opus"].make(RATE, 0)
        return b"".join([*(encoder.feed(block) for block in np.split(NOISE, 8)), encoder.finish()])

    assert served() == served()
    assert len(soundfile.read(io.BytesIO(served()))[0]) == len(NOISE)
