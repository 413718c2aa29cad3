"""What a listener would say, where a package that imitates one is installed. No recording is needed to compare with.

``distill_mos`` is the mean opinion score that Distill-MOS (arXiv 2502.05356) predicts, 1 to 5: the package
``distillmos``, which carries its weights. Nothing is ever downloaded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
import torch

from tts.audio.wav import read_audio
from tts.evaluation.metrics import IDEAL

SAMPLE_RATE = 16_000  # Hz, of what listens
OPINION = "distill_mos"
BEST = IDEAL[OPINION]
POINT = 0.2  # share of the loss that one point of opinion is worth

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


def opinion(clips: Iterable[tuple[npt.NDArray[np.floating], int]]) -> dict[str, float]:
    """The mean over clips, audio (S,) and sample rate (Hz), by the name of the measure; empty where nothing listens."""
    listen = listener()
    scores = [listen(*clip) for clip in clips] if listen else []
    return {OPINION: float(np.mean(scores))} if scores else {}


def opinion_of(files: Sequence[Path]) -> dict[str, float]:
    """The same of sound files."""
    return opinion(map(read_audio, files))


def with_opinion(loss: float, measured: Mapping[str, float]) -> float:
    """The figure by which checkpoints are compared: the loss, a fifth larger for each point below the best opinion.

    The opinion counts for no more than that, because it does not hear whose voice it is: a voice that has not begun to
    adapt sounds best of all.
    """
    return loss * (1.0 + POINT * (BEST - measured[OPINION])) if OPINION in measured else loss
