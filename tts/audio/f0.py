"""F0 with WORLD: for the features, and to measure what was generated."""

import warnings

import numpy as np
import numpy.typing as npt
import soxr

from tts.config.audio import AudioConfig, PitchConfig

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
