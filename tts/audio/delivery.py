"""From what a voice speaks to what a listener asked for: level, sample rate, 16 bits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tts.audio.loudness import normalise_loudness
from tts.audio.resample import resample
from tts.audio.wav import to_pcm16
from tts.errors import InputError

RATES = (4000, 384_000)  # Hz
LOUDNESS = (-70.0, 0.0)  # LUFS


@dataclass(frozen=True)
class Delivery:
    """``None`` keeps the voice's own. Raises ``InputError`` for values no listener wants."""

    sample_rate: int | None = None  # Hz
    loudness: float | None = None  # LUFS
    dither: bool = False

    def __post_init__(self) -> None:
        for name, value, (low, high) in (
            ("sample rate", self.sample_rate, RATES),
            ("loudness", self.loudness, LOUDNESS),
        ):
            if value is not None and not low <= value <= high:
                raise InputError(name, f"{value:g} is not between {low:g} and {high:g}")

    def rate(self, spoken_rate: int) -> int:
        """Hz of what ``convert`` gives."""
        return self.sample_rate or spoken_rate

    def convert(self, blocks: Iterable[npt.NDArray[np.float32]], spoken_rate: int) -> Iterator[npt.NDArray[np.int16]]:
        """Blocks (S,) one by one; to set the loudness all of them are needed first."""
        if self.loudness is not None:
            blocks = [normalise_loudness(np.concatenate(list(blocks)), spoken_rate, self.loudness)]
        if self.rate(spoken_rate) != spoken_rate:
            blocks = resample(blocks, spoken_rate, self.rate(spoken_rate))
        noise = np.random.default_rng(0) if self.dither else None
        return (to_pcm16(block, noise) for block in blocks)
