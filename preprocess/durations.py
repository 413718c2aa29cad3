"""From times to frames."""

import numpy as np
import numpy.typing as npt


def to_frames(ends_s: npt.NDArray[np.float64], n_frames: int, frames_per_second: float) -> npt.NDArray[np.int32]:
    """Durations (P,) in frames of phones that follow each other from 0 s and end at ``ends_s`` (P,), in order.

    Boundaries are rounded, not lengths, so that errors never add up: each lies within half a frame of the truth. The
    last phone takes what remains, hence the sum is ``n_frames`` exactly; phones shorter than a frame may get none.
    """
    boundaries = np.rint(ends_s * frames_per_second).clip(0, n_frames).astype(np.int32)
    boundaries[-1] = n_frames
    return np.diff(boundaries, prepend=np.int32(0))


def speech_span(ends_s: npt.NDArray[np.float64], edge_silence_s: float) -> tuple[float, float]:
    """From where to where, in s, an utterance is kept: the pauses that are its first and last phone are cut."""
    return max(0.0, ends_s[0] - edge_silence_s), min(ends_s[-1], ends_s[-2] + edge_silence_s)
