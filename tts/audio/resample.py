"""Another sample rate than the voice's, block by block."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32]


def resample(blocks: Iterable[Audio], from_rate: int, to_rate: int) -> Iterator[Audio]:
    """What ``blocks`` (S,) hold at ``from_rate`` (Hz), at ``to_rate``; soxr's high quality. Blocks keep no borders."""
    import soxr

    stream = soxr.ResampleStream(from_rate, to_rate, num_channels=1, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)
