"""Another sample rate than the voice's, block by block."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32]


class Resampler:
    """What it is fed (S,) at ``from_rate`` (Hz), at ``to_rate``; soxr's high quality. Blocks leave no borders."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        import soxr

        self._stream = soxr.ResampleStream(from_rate, to_rate, num_channels=1, dtype="float32")

    def feed(self, block: Audio) -> Audio:
        resampled: Audio = self._stream.resample_chunk(block)
        return resampled

    def finish(self) -> Audio:
        """What its filter has kept back. Nothing can be fed after it."""
        rest: Audio = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        return rest


def resampled_length(n_samples: int, from_rate: int, to_rate: int) -> int:
    """Samples that a ``Resampler`` makes of ``n_samples``: the nearest number, halves rounded up."""
    return (2 * n_samples * to_rate + from_rate) // (2 * from_rate)


def resample(blocks: Iterable[Audio], from_rate: int, to_rate: int) -> Iterator[Audio]:
    """Block by block, and the rest."""
    resampler = Resampler(from_rate, to_rate)
    yield from map(resampler.feed, blocks)
    yield resampler.finish()
