"""Speech whose F0 is known.

From recordings this takes what speech is like: envelopes, where it is voiced, how its F0 moves. From them it makes
speech anew: pulses placed by an F0 of its own (the recording's contour at another height, with jitter and shimmer),
filtered by the recording's envelopes; noise where the recording has no voice, and some of it between the harmonics; and
pink noise over all of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tts.config.audio import AudioConfig

N_FFT = 2048  # samples, of an envelope: longer than any impulse response it may have
WINDOW_S = 0.03  # s, of the recording, for one envelope
LIFTER_S = 0.002  # s: the envelope keeps what is slower in the spectrum, less than a period of 500 Hz
AGREE = 50.0  # cents
SHIFTS = (0.8, 1.25)  # of the recording's F0: nothing of the recording's own F0 may help
JITTER, SHIMMER_DB = 0.005, 0.5  # deviations, of a period and of a pulse; those of healthy voices
NOISY_ABOVE = 4000.0  # Hz, where half of a voiced sound's power is noise
SHORTEST_VOICED = 4  # frames

FloatArray = npt.NDArray[np.floating]
Method = Callable[[npt.NDArray[np.float32], AudioConfig], npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Known:
    """Speech (S,) and its F0 (T,) in Hz at the centres of the mel frames, NaN where it has none."""

    audio: npt.NDArray[np.float32]
    f0: npt.NDArray[np.float32]


def cents(f0: FloatArray, truth: FloatArray) -> FloatArray:
    return np.abs(1200 * np.log2(f0 / truth))


def make_known(
    recording: npt.NDArray[np.float32], config: AudioConfig, methods: Sequence[Method], rng: np.random.Generator
) -> Known | None:
    """With the contour of these methods. None where they find too little voice in common."""
    recording = recording[: len(recording) // config.hop_length * config.hop_length]
    f0 = contour(recording, config, methods) * np.exp(rng.uniform(*np.log(SHIFTS)))
    if np.isfinite(f0).mean() < 0.1:
        return None
    envelopes = log_envelopes(recording, config)
    audio = voice(f0, envelopes, config, rng) + breath(f0, envelopes, config, rng)
    return Known(audio.astype(np.float32), f0.astype(np.float32))


def contour(audio: npt.NDArray[np.float32], config: AudioConfig, methods: Sequence[Method]) -> FloatArray:
    """F0 (T,) where two methods agree, smoothed a little; NaN elsewhere, and where too short to be a voice."""
    candidates = np.stack([method(audio, config) for method in methods])
    median = np.full(candidates.shape[1], np.nan)
    enough = np.isfinite(candidates).sum(axis=0) >= 2
    for frame in np.flatnonzero(enough):
        values = np.sort(candidates[np.isfinite(candidates[:, frame]), frame])
        gaps = cents(values[1:], values[:-1])
        if gaps.min() < AGREE:
            median[frame] = np.sqrt(values[gaps.argmin()] * values[gaps.argmin() + 1])
    smooth = np.full_like(median, np.nan)
    for start, end in runs(np.isfinite(median)):
        if end - start >= SHORTEST_VOICED:
            padded = np.pad(np.log(median[start:end]), 1, mode="edge")
            smooth[start:end] = np.exp(np.convolve(padded, [0.25, 0.5, 0.25], mode="valid"))
    return smooth


def runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past last of each stretch where ``mask`` is true."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def log_envelopes(audio: npt.NDArray[np.float32], config: AudioConfig) -> FloatArray:
    """Minimum-phase log spectra (T, N_FFT // 2 + 1), complex, of what is around each frame's centre."""
    length = round(WINDOW_S * config.sample_rate)
    window = np.hanning(length + 2)[1:-1]
    window /= np.sqrt(np.square(window).sum())
    padded = np.pad(audio, length // 2 + 1)
    starts = np.arange(len(audio) // config.hop_length) * config.hop_length + config.hop_length // 2
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[starts]
    spectra = np.log(np.square(np.abs(np.fft.rfft(frames * window, N_FFT))) + 1e-12) / 2
    cepstra = np.fft.irfft(spectra)  # (T, N_FFT)
    kept = round(LIFTER_S * config.sample_rate)
    lifter = np.zeros(N_FFT)
    lifter[:kept] = 2 * np.cos(np.pi / 2 * np.arange(kept) / kept) ** 2  # folded: minimum phase
    lifter[0] = 1
    return np.fft.rfft(cepstra * lifter)


def noise_share(config: AudioConfig) -> FloatArray:
    """Of the power of a voiced sound, per frequency of an envelope."""
    frequencies = np.fft.rfftfreq(N_FFT, 1 / config.sample_rate)
    return 1 / (1 + (NOISY_ABOVE / np.maximum(frequencies, 1.0)) ** 3)


def voice(f0: FloatArray, envelopes: FloatArray, config: AudioConfig, rng: np.random.Generator) -> FloatArray:
    """The pulses (S,), each filtered by the envelope of its frame."""
    hop, rate = config.hop_length, config.sample_rate
    audio = np.zeros(len(f0) * hop + N_FFT)
    centres = (np.arange(len(f0)) + 0.5) * hop
    harmonic = np.sqrt(1 - noise_share(config))
    turns = -2j * np.pi * np.arange(N_FFT // 2 + 1) / N_FFT
    for start, end in runs(np.isfinite(f0)):
        times = np.arange(start * hop, end * hop)
        per_sample = np.exp(np.interp(times, centres[start:end], np.log(f0[start:end]))) / rate
        phase = np.cumsum(per_sample)
        at = np.interp(np.arange(1, int(phase[-1]) + 1), phase, times)
        periods = 1 / np.interp(at, times, per_sample)
        at = np.maximum(at + rng.normal(0, JITTER, len(at)) * periods, 0)
        gains = np.sqrt(periods) * 10 ** (rng.normal(0, SHIMMER_DB, len(at)) / 20)
        frames = np.minimum(at // hop, len(f0) - 1).astype(int)
        spectra = np.exp(envelopes[frames] + turns * (at % 1)[:, None]) * harmonic * gains[:, None]
        for first, pulse in zip(at.astype(int), np.fft.irfft(spectra), strict=True):
            audio[first : first + N_FFT] += pulse
    return audio[: len(f0) * hop]


def breath(f0: FloatArray, envelopes: FloatArray, config: AudioConfig, rng: np.random.Generator) -> FloatArray:
    """White noise (S,) filtered by the envelopes; of a voiced frame only its share."""
    hop = config.hop_length
    share = np.where(np.isfinite(f0)[:, None], np.sqrt(noise_share(config)), 1.0)
    audio = np.zeros(len(f0) * hop + N_FFT)
    for frame, (envelope, gain) in enumerate(zip(envelopes, share, strict=True)):
        white = np.fft.rfft(rng.standard_normal(hop), N_FFT)
        audio[frame * hop : frame * hop + N_FFT] += np.fft.irfft(white * np.exp(envelope) * gain)
    return audio[: len(f0) * hop]


def in_noise(known: Known, snr_db: float, rng: np.random.Generator) -> Known:
    """With pink noise over it. ``snr_db``: the power of the voiced frames above it; infinite for none."""
    n = len(known.audio)
    spectrum = np.fft.rfft(rng.standard_normal(n)) / np.sqrt(np.maximum(np.arange(n // 2 + 1), 20))
    noise = np.fft.irfft(spectrum, n)
    frames = known.audio.reshape(len(known.f0), -1)
    power = np.square(frames[np.isfinite(known.f0)]).mean()
    noise *= np.sqrt(power / np.square(noise).mean()) * 10 ** (-snr_db / 20)
    return Known((known.audio + noise).astype(np.float32), known.f0)
