"""F0 of recorded and of generated speech."""

import warnings
from functools import cache

import numpy as np
import numpy.typing as npt
import soxr

import tts.onnx_runtime  # noqa: F401 (swift_f0 loads ONNX Runtime, which would report to its makers)
from tts.config.audio import SWIFT_LOWEST, AudioConfig, PitchConfig

import swift_f0  # isort: skip

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")  # pyworld asks it for its own version
    import pyworld

FloatArray = npt.NDArray[np.float32]

SWIFT_HOP = 256  # samples, between the estimates of swift-f0
VOICED = 0.5  # of swift-f0's confidence, which is calibrated to it


def extract_f0(audio: FloatArray, audio_config: AudioConfig, config: PitchConfig) -> FloatArray:
    """F0 (T,) in Hz, NaN where unvoiced, at the centres of the mel frames.

    audio: (T * hop_length,). ``tools/compare_f0.py`` shows how near each method comes, and what it costs.
    """
    match config.method:
        case "swift_f0":
            return _swift_f0(audio, audio_config, config)
        case "dio":
            return _dio(audio, audio_config, config)
        case "harvest":
            return _harvest(audio, audio_config, config)


def _swift_f0(audio: FloatArray, audio_config: AudioConfig, config: PitchConfig) -> FloatArray:
    """A small convolutional network (https://github.com/lars76/swift-f0).

    Its hop is fixed in samples, and it takes all audio to be sampled at 16 kHz. So it gets audio of as many samples as
    make its hop the mel's, which it hears slower and lower: an estimate falls on every mel frame, and is nearer to the
    truth than one between estimates at 16 kHz. Where that would push the floor below the lowest F0 it knows, the rate
    is as high as the floor allows.
    """
    sample_rate, hop = audio_config.sample_rate, audio_config.hop_length
    rate = min(SWIFT_HOP * sample_rate / hop, swift_f0.SAMPLE_RATE * config.floor / SWIFT_LOWEST)
    slower = swift_f0.SAMPLE_RATE / rate
    samples = soxr.resample(_from_first_centre(audio, audio_config), sample_rate, rate)
    found = _swift_detector().detect(samples, swift_f0.SAMPLE_RATE, config.floor * slower, config.ceiling * slower)
    times = np.arange(len(audio) // hop) * hop / sample_rate
    f0 = np.exp(np.interp(times, found.timestamps * slower, np.log(found.pitch_hz))) / slower
    voiced = np.interp(times, found.timestamps * slower, found.confidence) >= VOICED
    return np.where(voiced, f0, np.nan).astype(np.float32)


@cache
def _swift_detector() -> swift_f0.SwiftF0:
    """Loaded once a process. One thread: preprocessing has a process per core, and results stay the same everywhere."""
    return swift_f0.SwiftF0(threads=1)


def _dio(audio: FloatArray, audio_config: AudioConfig, config: PitchConfig) -> FloatArray:
    """DIO refined by StoneMask (Morise, https://github.com/mmorise/World).

    Neither hears what lies far above the ceiling: audio at the lower rate that is enough costs a fraction.
    """
    rate = min(audio_config.sample_rate, round(config.samples_per_period * config.ceiling))
    samples = soxr.resample(_from_first_centre(audio, audio_config), audio_config.sample_rate, rate).astype(np.float64)
    f0, times = pyworld.dio(samples, rate, speed=config.decimation, **_world_limits(audio_config, config))
    return _without_zeros(pyworld.stonemask(samples, f0, times, rate))


def _harvest(audio: FloatArray, audio_config: AudioConfig, config: PitchConfig) -> FloatArray:
    """Harvest (Morise, https://github.com/mmorise/World)."""
    samples = _from_first_centre(audio, audio_config).astype(np.float64)
    f0, _ = pyworld.harvest(samples, audio_config.sample_rate, **_world_limits(audio_config, config))
    return _without_zeros(f0)


def _from_first_centre(audio: FloatArray, config: AudioConfig) -> FloatArray:
    """All measure at 0, hop, 2 * hop...; the mel frames are centred half a hop later."""
    return audio[config.hop_length // 2 :]


def _world_limits(audio: AudioConfig, config: PitchConfig) -> dict[str, float]:
    period_ms = 1000 * audio.hop_length / audio.sample_rate
    return {"f0_floor": config.floor, "f0_ceil": config.ceiling, "frame_period": period_ms}


def _without_zeros(f0: npt.NDArray[np.float64]) -> FloatArray:
    return np.where(f0 > 0, f0, np.nan).astype(np.float32)
