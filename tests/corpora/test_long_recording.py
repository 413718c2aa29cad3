"""Recordings that no aligner should hear."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tts.config.audio import AudioConfig
from tts.corpora.recording import LongRecording
from tts.errors import InputError

NOISE = np.random.default_rng(0).normal(0, 0.1, 40_000).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "sample_rate", "problem"),
    [
        (NOISE, 1, "has a sample rate of 1 Hz"),
        (NOISE, 65_537, "does not fit into flac"),  # which clips are saved as
        (np.where(NOISE > 0.3, np.nan, NOISE), 22_050, "NaN or infinite"),
        (1e30 * NOISE, 22_050, "far beyond 1"),
        (0 * NOISE, 22_050, "holds no speech"),
    ],
)
def test_what_no_one_said_is_refused(tmp_path: Path, samples: np.ndarray, sample_rate: int, problem: str) -> None:
    soundfile.write(tmp_path / "day.wav", samples, sample_rate, subtype="FLOAT")
    with pytest.raises(InputError, match=problem):
        LongRecording.open(tmp_path / "day.wav", AudioConfig(), tmp_path)


def test_channels_do_not_multiply_what_is_read_at_once(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "one.wav", NOISE, 22_050)
    soundfile.write(tmp_path / "many.wav", np.tile(NOISE[:, None], 300), 22_050)
    one, many = (LongRecording.open(tmp_path / f"{n}.wav", AudioConfig(), tmp_path).mel[:] for n in ("one", "many"))
    np.testing.assert_allclose(many, one, atol=0.02)
