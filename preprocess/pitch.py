"""F0 with WORLD, and averages over phones."""

import warnings

import numpy as np
import numpy.typing as npt
import soxr

from tts.config.schema import AudioConfig, PitchConfig

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")  # pyworld asks it for its own version
    import pyworld

FloatArray = npt.NDArray[np.float32]


def extract_f0(audio: npt.NDArray[np.float32], audio_config: AudioConfig, config: PitchConfig) -> FloatArray:
    """F0 (T,) in Hz, NaN where unvoiced, at the centres of the mel frames.

    audio: (T * hop_length,). DIO refined by StoneMask, or Harvest (Morise, https://github.com/mmorise/World). Neither
    hears what lies far above the ceiling, so DIO gets the audio at the lower rate that is enough: it costs a fraction.
    """
    sample_rate, hop = audio_config.sample_rate, audio_config.hop_length
    samples = audio[hop // 2 :]  # WORLD measures at 0, hop, 2 * hop...; the mel frames are centred half a hop later
    limits = {"f0_floor": config.floor, "f0_ceil": config.ceiling, "frame_period": 1000 * hop / sample_rate}
    if config.method == "harvest":
        f0, _ = pyworld.harvest(samples.astype(np.float64), sample_rate, **limits)
    else:
        rate = min(sample_rate, round(config.samples_per_period * config.ceiling))
        samples = soxr.resample(samples, sample_rate, rate).astype(np.float64)
        f0, times = pyworld.dio(samples, rate, speed=config.decimation, **limits)
        f0 = pyworld.stonemask(samples, f0, times, rate)
    return np.where(f0 > 0, f0, np.nan).astype(np.float32)


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
