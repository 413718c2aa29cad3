"""Recordings broken on purpose."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from broken import Breakages, check_that_both_find, wav

from tts.config.root import Config

pytestmark = pytest.mark.slow  # a whole run of 'preprocess' and of 'doctor' each

breaks = Breakages()


def change(corpus: Path, function: Callable[[np.ndarray], np.ndarray], rate: int = 22_050) -> None:
    audio, _ = soundfile.read(wav(corpus))
    soundfile.write(wav(corpus), function(audio), rate)


@breaks(r"error .*u01.wav: audio file is missing", r"metadata.csv:2: u01: .*u01.wav is missing")
def no_wav(corpus: Path) -> None:
    wav(corpus).unlink()


@breaks(r"error .*u01.wav: audio file is missing|error .*u01.wav: cannot be read", r"metadata.csv:2: u01: .*u01.wav")
def a_folder_for_a_wav(corpus: Path) -> None:
    wav(corpus).unlink()
    wav(corpus).mkdir()


@breaks(r"error .*u01.wav: cannot be read as audio", r"metadata.csv:2: u01: .*u01.wav: cannot be read as audio")
def a_wav_of_junk(corpus: Path) -> None:
    wav(corpus).write_bytes(b"junk" * 1000)


@breaks(r"error .*u01.wav: cannot be read as audio", r"metadata.csv:2: u01: .*u01.wav: cannot be read as audio")
def a_wav_of_no_bytes(corpus: Path) -> None:
    wav(corpus).write_bytes(b"")


@breaks(r"error .*u01.wav: holds no samples", r"metadata.csv:2: u01: .*u01.wav: holds no samples")
def a_wav_of_no_samples(corpus: Path) -> None:
    change(corpus, lambda audio: audio[:0])


@breaks(r"error .*u01.wav: is truncated", r"metadata.csv:2: u01: .*u01.wav: is truncated")
def a_truncated_wav(corpus: Path) -> None:
    wav(corpus).write_bytes(wav(corpus).read_bytes()[:20_000])


@breaks(r"error .*u01.wav: .*NaN", r"metadata.csv:2: u01: .*u01.wav: .*NaN")
def a_wav_with_nan(corpus: Path) -> None:
    soundfile.write(wav(corpus), np.full(40_000, np.nan), 22_050, subtype="FLOAT")


@breaks(r"error .*u01.TextGrid: phone .* after the audio", r"metadata.csv:2: u01: .*phone .* after the audio")
def a_wav_cut_short(corpus: Path) -> None:
    change(corpus, lambda audio: audio[:20_000])


@breaks(r"error .*u01.wav: is silent", r"metadata.csv:2: u01: .*u01.wav: is silent")
def digital_silence(corpus: Path) -> None:
    change(corpus, np.zeros_like)


@breaks(r"error .*u01.wav: is silent", r"metadata.csv:2: u01: .*u01.wav: is silent")
def a_constant_at_full_scale(corpus: Path) -> None:
    change(corpus, lambda audio: np.full_like(audio, 0.999))


@breaks(
    r"error .*u01.wav: holds samples up to 1e\+30", r"metadata.csv:2: u01: .*holds samples up to 1e\+30, far beyond 1"
)
def floats_far_beyond_1(corpus: Path) -> None:
    soundfile.write(wav(corpus), np.geomspace(1.0, 1e30, 40_000, dtype=np.float32), 22_050, subtype="FLOAT")


@breaks(r"error .*u01.wav: has a sample rate of 1 Hz", r"metadata.csv:2: u01: .*has a sample rate of 1 Hz")
def one_sample_a_second(corpus: Path) -> None:
    change(corpus, lambda audio: audio, rate=1)


@breaks(r"error .*u01.flac: ", r"metadata.csv:2: u01: .*u01.flac: ")
def a_flac_that_promises_too_much(corpus: Path) -> None:
    audio, rate = soundfile.read(wav(corpus))
    wav(corpus).unlink()
    soundfile.write(path := wav(corpus).with_suffix(".flac"), audio, rate)
    content = bytearray(path.read_bytes())
    content[21] |= 0x0F  # the upper 4 of the 36 bits of STREAMINFO that count the samples
    path.write_bytes(content)


@breaks(r"warning .*u01.wav: is clipped: \d+ samples")
def clipping(corpus: Path) -> None:
    change(corpus, lambda audio: (20 * audio).clip(-0.9, 0.9))


@breaks(r"warning .*u01.wav: has a DC offset of \+0.200")
def dc_offset(corpus: Path) -> None:
    change(corpus, lambda audio: audio + 0.2)


@breaks(r"warning .*u01.wav: is \d+.\d dB quieter than speaker 'tones'")
def a_quiet_recording(corpus: Path) -> None:
    change(corpus, lambda audio: audio / 10)


@breaks(r"warning .*u01.wav: ends with \d.\d s of silence")
def silence_at_the_end(corpus: Path) -> None:
    change(corpus, lambda audio: np.pad(audio, (0, 30_000)))


@breaks(r"warning .*u01.wav: has a pause of \d.\d s")
def silence_within(corpus: Path) -> None:
    change(corpus, lambda audio: np.concatenate([audio, np.zeros(40_000), audio]))


@breaks(r"warning .*u01.TextGrid: ends at 1.\d+ s, but the audio at \d")
def a_textgrid_that_ends_early(corpus: Path) -> None:
    change(corpus, lambda audio: np.tile(audio, 3))


@breaks(r"warning .*metadata.csv:2: \d.\d letters per second, where speaker 'tones' usually says")
def more_said_than_transcribed(corpus: Path) -> None:
    change(corpus, lambda audio: np.tile(audio, 3))


@breaks(r"warning .*u01.wav: lasts \d+.\d s, more than 20 s")
def a_recording_without_end(corpus: Path) -> None:
    change(corpus, lambda audio: np.pad(audio, (0, 25 * 22_050)))


@breaks(r"warning .*5 of 22050 Hz.*|warning .*: 1 of 11025 Hz, 5 of 22050 Hz")
def another_sample_rate(corpus: Path) -> None:
    change(corpus, lambda audio: audio[::2], 11_025)


@breaks(r"note .*1 recording\(s\) have several channels")
def stereo(corpus: Path) -> None:
    change(corpus, lambda audio: np.stack([audio, audio], axis=1))


@breaks(r"warning .*u04.wav: is the same recording as .*u00.wav")
def a_recording_twice(corpus: Path) -> None:
    (corpus / "wavs" / "u04.wav").write_bytes((corpus / "wavs" / "u00.wav").read_bytes())


@breaks(r"warning .*wavs: 1 recording\(s\) without a transcript, such as stray.wav")
def a_stray_recording(corpus: Path) -> None:
    (corpus / "wavs" / "stray.wav").write_bytes(wav(corpus).read_bytes())


@pytest.mark.parametrize("name", breaks)
def test_broken(name: str, tones: Path, tmp_path: Path, config: Config) -> None:
    check_that_both_find(breaks[name], tones, tmp_path / "features", config)
