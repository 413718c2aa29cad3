import io
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tts.audio.delivery import Delivery
from tts.audio.loudness import integrated_loudness
from tts.audio.sound_card import sound_card
from tts.audio.wav import audio_file, audio_pipe, to_pcm16
from tts.errors import InputError

RATE = 22_050
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)


@pytest.mark.slow
@given(cuts=st.lists(st.integers(0, len(TONE)), max_size=6).map(sorted), rate=st.sampled_from([8000, 16_000, 48_000]))
def test_blocks_are_converted_as_the_whole(cuts: list[int], rate: int) -> None:
    delivery = Delivery(sample_rate=rate)
    (whole, rest) = delivery.convert([TONE], RATE)
    blocks = np.concatenate(list(delivery.convert(np.split(TONE, cuts), RATE)))
    np.testing.assert_allclose(blocks, np.concatenate([whole, rest]), atol=1)
    assert len(blocks) == pytest.approx(rate, abs=1)
    ideal = 0.5 * np.sin(2 * np.pi * 440 * np.arange(len(blocks)) / rate) * 32768
    np.testing.assert_allclose(blocks[500:-500], ideal[500:-500], atol=4)


def test_loudness_is_set_over_all_blocks() -> None:
    pcm = np.concatenate(list(Delivery(loudness=-30.0).convert([TONE, TONE / 8], RATE)))
    assert integrated_loudness(pcm.astype(np.float32) / 32768, RATE) == pytest.approx(-30, abs=0.01)


def test_untouched_audio_is_only_rounded() -> None:
    (pcm,) = Delivery().convert([TONE], RATE)
    np.testing.assert_array_equal(pcm, np.rint(TONE.astype(np.float64) * 32768))


@pytest.mark.parametrize("wrong", [{"sample_rate": 0}, {"sample_rate": 10**7}, {"loudness": 3.0}, {"loudness": np.nan}])
def test_what_no_listener_wants_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="is not between"):
        Delivery(**wrong)


def test_dither_makes_the_error_independent_of_the_signal() -> None:
    """Triangular noise of two steps: mean and variance of the total error are 0 and 1/4 step², whatever the sample."""
    for value in (0.0, 0.25, 0.5):
        audio = np.full(200_000, value / 32768, np.float32)
        error = to_pcm16(audio, np.random.default_rng(1)) - value
        assert error.mean() == pytest.approx(0, abs=0.005)
        assert error.var() == pytest.approx(0.25, abs=0.005)
    assert not to_pcm16(audio - np.float32(0.1 / 32768)).any()  # without it, faint sounds vanish


def test_a_piped_wav_is_readable_and_raw_is_only_samples() -> None:
    pcm = to_pcm16(TONE)
    pipes = {name: io.BytesIO() for name in ("wav", "raw")}
    for name, pipe in pipes.items():
        with audio_pipe(pipe, RATE, name) as write:
            for block in np.array_split(pcm, 7):
                write(block)
    assert pipes["raw"].getvalue() == pcm.astype("<i2").tobytes()
    assert pipes["wav"].getvalue()[44:] == pipes["raw"].getvalue()
    read, rate = soundfile.read(io.BytesIO(pipes["wav"].getvalue()), dtype="int16")
    assert rate == RATE
    np.testing.assert_array_equal(read, pcm)
    with pytest.raises(InputError, match="into a pipe"), audio_pipe(io.BytesIO(), RATE, "ogg"):
        pass


def test_a_file_written_in_blocks_appears_when_it_is_whole(tmp_path: Path) -> None:
    pcm = to_pcm16(TONE)
    with audio_file(tmp_path / "a.raw", RATE) as write:
        write(pcm[:100])
        assert not (tmp_path / "a.raw").exists()
        write(pcm[100:])
    assert (tmp_path / "a.raw").read_bytes() == pcm.astype("<i2").tobytes()
    with pytest.raises(KeyError), audio_file(tmp_path / "b.flac", RATE) as write:
        write(pcm)
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == ["a.raw"]


def test_without_a_sound_card_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(InputError, match="install sounddevice"), sound_card(RATE):
        pass
