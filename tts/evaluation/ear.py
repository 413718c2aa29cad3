"""What a listener would say, where a package that imitates one is installed. No recording is needed to compare with.

``distill_mos`` is the mean opinion score that Distill-MOS (arXiv 2502.05356) predicts, 1 to 5: the package
``distillmos``, which carries its weights. Nothing is ever downloaded.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
import torch

from tts.audio.wav import read_audio

SAMPLE_RATE = 16_000  # Hz, of what listens
OPINION = "distill_mos"

Opinion = Callable[[npt.NDArray[np.floating], int], float]


@cache
def listener() -> Opinion | None:
    """Audio (S,) and its sample rate (Hz) to a score from 1 to 5; None where the package is missing."""
    if find_spec("distillmos") is None:
        return None
    import distillmos

    model: Any = distillmos.ConvTransformerSQAModel().eval()

    @torch.inference_mode()
    def listen(audio: npt.NDArray[np.floating], sample_rate: int) -> float:
        heard = np.ascontiguousarray(soxr.resample(audio, sample_rate, SAMPLE_RATE), np.float32)
        return float(model(torch.from_numpy(heard)[None]))

    return listen


def opinion_of(files: Sequence[Path]) -> dict[str, float]:
    """The mean over sound files, by the name of the measure; empty where nothing listens."""
    listen = listener()
    if listen is None or not files:
        return {}
    return {OPINION: float(np.mean([listen(*read_audio(path)) for path in files]))}
