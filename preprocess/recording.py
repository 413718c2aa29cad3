"""A recording of a corpus, as everything that measures or learns from one reads it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from tts.audio.wav import read_audio
from tts.errors import InputError


def read_recording(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    """Samples (S,) in [-1, 1], mono, and the sample rate (Hz).

    Raises ``InputError`` as ``read_audio`` does, and for a recording in which nothing can be heard.
    """
    audio, sample_rate = read_audio(path)
    if audio.min() == audio.max():
        raise InputError(path, "is silent: all its samples are equal", "record it again, or leave it out")
    return audio, sample_rate
