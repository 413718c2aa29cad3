from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tts.audio.wav import read_audio, write_audio
from tts.errors import InputError

FULL_SCALE = 32768
TONE = np.sin(np.arange(4000, dtype=np.float32) / 10)


@given(pcm=arrays(np.int16, st.integers(1, 200)), suffix=st.sampled_from([".wav", ".flac"]))
def test_every_16_bit_sample_comes_back_exactly(
    pcm: np.ndarray, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("audio") / f"a{suffix}"
    audio = pcm.astype(np.float32) / FULL_SCALE
    write_audio(path, audio, 22_050)
    read, rate = read_audio(path)
    assert rate == 22_050 and read.dtype == np.float32
    np.testing.assert_array_equal(read, audio)


def test_loud_samples_are_clipped_not_wrapped(tmp_path: Path) -> None:
    write_audio(tmp_path / "loud.wav", np.float32([1.0, 1.5, -1.0, -7.0]), 16_000)
    read, _ = read_audio(tmp_path / "loud.wav")
    np.testing.assert_array_equal(read * FULL_SCALE, [32767, 32767, -32768, -32768])


def test_samples_are_rounded_to_the_nearest(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", np.float32([0.6, -0.6, 0.4]) / FULL_SCALE, 16_000)
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav")[0] * FULL_SCALE, [1, -1, 0])


def test_ogg_keeps_the_length(tmp_path: Path) -> None:
    long = np.tile(TONE, 400)  # libsndfile overflows its stack on a single write of this length
    write_audio(tmp_path / "a.ogg", long, 22_050)
    read, rate = read_audio(tmp_path / "a.ogg")
    assert (len(read), rate) == (len(long), 22_050)


@pytest.mark.parametrize(
    ("suffix", "sample_rate"), [("ogg", 192_001), ("ogg", 384_000), ("flac", 65_537), ("flac", 700_000)]
)
def test_rates_that_a_format_cannot_hold_are_refused(tmp_path: Path, suffix: str, sample_rate: int) -> None:
    with pytest.raises(InputError, match=f"{sample_rate:,} Hz does not fit into {suffix}"):  # the encoder would crash
        write_audio(tmp_path / f"a.{suffix}", TONE, sample_rate)
    assert not list(tmp_path.iterdir())


def test_channels_are_averaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "stereo.wav", np.float32([[0.5, 0.25], [0.0, -0.5]]), 8000)
    np.testing.assert_allclose(read_audio(tmp_path / "stereo.wav")[0], [0.375, -0.25])


@pytest.mark.parametrize("keep", [0, 20, 44, 1000])
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: int, suffix: str) -> None:
    path = tmp_path / f"cut{suffix}"
    write_audio(path, TONE, 22_050)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match=f"cut{suffix}"):
        read_audio(path)


def test_a_wav_written_into_a_pipe_promises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    write_audio(path, TONE, 22_050)
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff" * 4
    path.write_bytes(content)
    assert len(read_audio(path)[0]) == len(TONE)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "missing"), (b"", "cannot be read"), (b"not audio at all", "cannot be read")],
)
def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_audio(path)


@pytest.mark.parametrize(("samples", "message"), [([], "no samples"), ([0.0, np.nan], "NaN"), ([np.inf], "infinite")])
def test_unusable_samples_are_refused(tmp_path: Path, samples: list[float], message: str) -> None:
    soundfile.write(tmp_path / "a.wav", np.float32(samples), 8000, subtype="FLOAT")
    with pytest.raises(InputError, match=message):
        read_audio(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("name", "audio", "message"),
    [
        ("speech.mp3", TONE, "suffix"),
        ("speech", TONE, "suffix"),
        ("missing/speech.wav", TONE, "folder does not exist"),
        ("speech.wav", TONE * np.float32(np.nan), "NaN"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, name: str, audio: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_audio(tmp_path / name, audio, 22_050)
    assert not list(tmp_path.iterdir())
