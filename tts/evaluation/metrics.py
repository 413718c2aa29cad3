"""How far a generated clip is from its recording. Frames of both lie at the same times unless stated otherwise.

What cannot be measured, such as the F0 error of clips without a frame that is voiced in both, is NaN.
"""

from functools import cache
from math import inf, log, nan

import numpy as np
import numpy.typing as npt
import soxr

FloatArray = npt.NDArray[np.floating]

# The value of each metric when nothing is wrong.
IDEAL = {
    "mel_l1": 0.0,
    "stft_distance": 0.0,
    "mcd_db": 0.0,
    "f0_rmse_cents": 0.0,
    "f0_correlation": 1.0,
    "voicing_error_percent": 0.0,
    "periodicity_rmse": 0.0,
    "snr_db": inf,
    "amplitude_ratio": 1.0,
    "pesq": 4.64,
    "distill_mos": 5.0,
    "energy_rmse_db": 0.0,
    "variance_ratio": 1.0,
    "contrast": 1.0,
    "duration_mae_ms": 0.0,
    "duration_rmse_ms": 0.0,
    "length_ratio": 1.0,
    "pause_ratio": 1.0,
    "end_semitones": nan,  # there is none: it is the melody itself
    "rises": 1.0,
}
N_CEPSTRA = 13
PESQ_RATE = 16_000  # Hz, of the wide band
DB = 20 / log(10)  # dB per unit of natural logarithm of a magnitude
CENTS = 1200 / log(2)  # cents per unit of natural logarithm of a frequency
SEMITONES = CENTS / 100
FEWEST_VOICED = 10  # frames, for a correlation
MONOTONE = 1e-6  # deviation of log F0, below which there is no melody to compare


def shortfall(name: str, value: float) -> float:
    """How far a metric, or a loss term, is from ideal, to compare two values of it: lower is better."""
    ideal = IDEAL.get(name, -inf)  # of a term, which is a loss: the lower the better
    return abs(value - ideal) if abs(ideal) < inf else -value if ideal > 0 else value


def mel_l1(recorded: FloatArray, generated: FloatArray) -> float:
    """Mean absolute difference of two log-mel spectrograms (M, T), natural log."""
    return float(np.abs(recorded - generated).mean())


def mel_cepstra(mel: FloatArray) -> FloatArray:
    """Cepstra 1 to 13 of a log-mel spectrogram (M, T), natural log of the magnitude: (13, T).

    Its cosine transform (DCT-II), scaled so that ``mel = c_0 + sum of c_d cos(...)``; c_0, the loudness, is left out.
    """
    n_mels = len(mel)
    orders = np.arange(1, min(N_CEPSTRA, n_mels - 1) + 1)
    cosines = np.cos(np.pi / n_mels * orders[:, None] * (np.arange(n_mels) + 0.5))
    cepstra: FloatArray = 2 / n_mels * cosines @ mel
    return cepstra


def mcd_db(recorded: FloatArray, generated: FloatArray) -> float:
    """Mel-cepstral distortion of ``mel_cepstra`` (D, T): mean over the frames of ``10 / ln 10 * sqrt(2 * sum of d²)``
    (Kubichek, PACRIM 1993), which is the RMS difference in dB of the two smoothed spectra."""
    squares = np.square(recorded - generated).sum(axis=0)
    return float(DB / 2 * np.sqrt(2 * squares).mean())


def f0_rmse_cents(recorded: FloatArray, generated: FloatArray) -> float:
    """RMSE of F0 (T,) in Hz over the frames in which both are voiced, i.e. not NaN."""
    cents = CENTS * np.log(generated / recorded)
    return _rms(cents[np.isfinite(cents)])


def f0_correlation(recorded: FloatArray, generated: FloatArray) -> float:
    """Pearson's correlation of log F0, of (T,) in Hz, over the frames in which both are voiced; NaN for a monotone."""
    voiced = np.isfinite(recorded) & np.isfinite(generated)
    melodies = np.log(np.stack([recorded, generated])[:, voiced])
    if voiced.sum() < FEWEST_VOICED or melodies.std(axis=1).min() < MONOTONE:
        return nan
    return float(np.corrcoef(melodies)[0, 1])


def voicing_error_percent(recorded: FloatArray, generated: FloatArray) -> float:
    """Share of the frames that are voiced in one F0 contour (T,) and not in the other."""
    return 100 * float((np.isfinite(recorded) != np.isfinite(generated)).mean())


def rmse(recorded: FloatArray, generated: FloatArray) -> float:
    """Of two arrays of equal shape."""
    return _rms(recorded - generated)


def snr_db(recorded: FloatArray, generated: FloatArray) -> float:
    """Power of the recorded samples (S,) over that of the difference.

    It depends on phase. A good vocoder's audio sounds like the recording without matching it sample by sample, so the
    figure itself says little; a sudden fall says that something broke.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(10 * np.log10(np.square(recorded).sum() / np.square(recorded - generated).sum()))


def amplitude_ratio(recorded: FloatArray, generated: FloatArray) -> float:
    """RMS of the generated samples (S,) over that of the recorded ones."""
    return _rms(generated) / loudness if (loudness := _rms(recorded)) else nan


def pesq(recorded: FloatArray, generated: FloatArray, sample_rate: int) -> float:
    """Wide-band PESQ (ITU-T P.862.2), from 1.04 to 4.64, of samples (S,) resampled to 16 kHz.

    NaN where the package ``pesq`` is not installed or the recording holds no speech.
    """
    if not has_pesq() or not recorded.any():
        return nan
    from pesq import PesqError
    from pesq import pesq as compute

    both = [soxr.resample(audio, sample_rate, PESQ_RATE) for audio in (recorded, generated)]
    try:
        return float(compute(PESQ_RATE, *both, "wb"))
    except PesqError:
        return nan


@cache
def has_pesq() -> bool:
    """Whether the optional package is installed."""
    try:
        from pesq import PesqError, pesq  # noqa: F401
    except ImportError:
        return False
    return True


def variance_ratio(recorded: FloatArray, generated: FloatArray) -> float:
    """Global variance (Toda and Tokuda, IEICE 2007) of generated over recorded log-mels (M, T), which may differ in T:
    the variance over time, summed over the bands. Below 1, the speech is smoother than the recording."""
    return float(generated.var(axis=1).sum() / recorded.var(axis=1).sum())


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean())) if values.size else nan
