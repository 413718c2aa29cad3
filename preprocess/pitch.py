"""F0 without gaps, and averages over phones."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def interpolate_log_f0(f0: FloatArray) -> FloatArray | None:
    """Natural log of F0 (T,), unvoiced frames interpolated linearly, edges held; None when no frame is voiced."""
    voiced = np.flatnonzero(np.isfinite(f0))
    if not len(voiced):
        return None
    return np.interp(np.arange(len(f0)), voiced, np.log(f0[voiced])).astype(np.float32)


def phone_means(values: FloatArray, durations: npt.NDArray[np.int32]) -> FloatArray:
    """Averages (P,) of frame values (T,) over each phone's frames.

    A phone without frames gets the value at its boundary: the mean of the frames before and after it.
    """
    last = len(values) - 1
    ends = np.cumsum(durations)
    starts = ends - durations
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    at_boundary = (values[np.maximum(starts - 1, 0)] + values[np.minimum(starts, last)]) / 2
    means = np.where(durations > 0, (sums[ends] - sums[starts]) / np.maximum(durations, 1), at_boundary)
    return np.asarray(means, dtype=np.float32)
