"""How periodic each frame is: 1 a perfect tone, 0 noise."""

import numpy as np
import numpy.typing as npt

from tts.config.audio import AudioConfig, PitchConfig

N_PERIODS = 3  # of the lowest F0 in a window
NOISE_POWER = 1e-8  # -80 dBFS of white noise under everything: digital silence is not periodic

FloatArray = npt.NDArray[np.floating]


def periodicity(audio: FloatArray, audio_config: AudioConfig, pitch: PitchConfig) -> FloatArray:
    """(T,) in [0, 1] at the centres of the mel frames; audio: (T * hop_length,).

    The height of the autocorrelation's highest peak at the periods from ``pitch.ceiling`` to ``pitch.floor``, the
    window's own autocorrelation divided out (Boersma, IFA Proceedings 17, 1993). A periodic signal of power h in white
    noise of power n has h / (h + n).
    """
    rate, hop = audio_config.sample_rate, audio_config.hop_length
    n_window = round(N_PERIODS * rate / pitch.floor)
    shortest, longest = int(rate / pitch.ceiling), int(rate / pitch.floor) + 1
    padded = np.pad(audio, (n_window // 2, n_window))
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_window)[hop // 2 :: hop][: len(audio) // hop]
    window = np.hanning(n_window)
    windowed = (frames - frames.mean(axis=1, keepdims=True)) * window
    lags = slice(shortest - 1, longest + 2)  # with a neighbour on either side
    own = _autocorrelation(window[None])[0]
    correlation = _autocorrelation(windowed)
    total = correlation[:, :1] + NOISE_POWER * own[0]
    return _highest_peak(correlation[:, lags] / (own[lags] / own[0]) / total)


def _autocorrelation(frames: FloatArray) -> FloatArray:
    """(T, W) to (T, W), lag by lag."""
    n = frames.shape[1]
    power = np.abs(np.fft.rfft(frames, 2 * n)) ** 2
    return np.asarray(np.fft.irfft(power)[:, :n])


def _highest_peak(curves: FloatArray) -> FloatArray:
    """Height (T,) of the highest local maximum of each row, between the samples by a parabola; 0 without one."""
    before, middle, after = curves[:, :-2], curves[:, 1:-1], curves[:, 2:]
    is_peak = (middle > before) & (middle >= after)
    curvature = np.where(is_peak, before - 2 * middle + after, -1.0)
    heights = np.where(is_peak, middle - (after - before) ** 2 / (8 * curvature), 0.0)
    return np.asarray(heights.max(axis=1).clip(0.0, 1.0))
