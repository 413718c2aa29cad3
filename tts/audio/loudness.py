"""Loudness as ITU-R BS.1770-4 and EBU R 128 define it."""

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32]

BLOCK_S, STEP_S = 0.4, 0.1
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS; LU below the mean of what passes the absolute gate
OFFSET = -0.691  # dB: the K weighting amplifies 997 Hz by as much
TAIL_S = 0.5  # after which the slower filter's response is below -100 dB

# The two K-weighting filters as analogue prototypes (frequency in Hz, Q, high-frequency gain in dB), from which the
# standard's coefficients at 48 kHz follow by the bilinear transform, and those of any other rate.
SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347)
HIGH_PASS = (38.13547087602444, 0.5003270373238773)
SHELF_EXPONENT = 0.4996667741545416  # of the gain at the shelf's corner
HIGH_PASS_GAIN = 1.0049949  # the standard's numerator at 48 kHz is not normalised


def integrated_loudness(audio: Audio, sample_rate: int) -> float:
    """LUFS of mono ``audio`` (S,); -inf for silence. Shorter than a block, it is measured as one block."""
    power = np.square(_k_weighted(audio, sample_rate))
    block, step = round(BLOCK_S * sample_rate), round(STEP_S * sample_rate)
    total = np.concatenate(([0.0], np.cumsum(power)))
    starts = np.arange(0, max(len(audio) - block, 0) + 1, step)
    ends = np.minimum(starts + block, len(audio))
    means = (total[ends] - total[starts]) / (ends - starts)
    loud = means[_lufs(means) > ABSOLUTE_GATE]
    if not len(loud):
        return -np.inf
    gated = loud[_lufs(loud) > _lufs(loud.mean()) + RELATIVE_GATE]
    return float(_lufs(gated.mean()))


def normalise_loudness(audio: Audio, sample_rate: int, target: float) -> Audio:
    """``audio`` amplified to ``target`` LUFS, or as near as its peaks allow without clipping. Silence stays silence."""
    loudness = integrated_loudness(audio, sample_rate)
    if loudness == -np.inf:
        return audio
    gain = min(10 ** ((target - loudness) / 20), 1 / float(np.abs(audio).max()))
    return audio * np.float32(gain)


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return OFFSET + 10 * np.log10(np.maximum(power, np.finfo(np.float64).tiny))


def _k_weighted(audio: Audio, sample_rate: int) -> npt.NDArray[np.float64]:
    """Filtered in the frequency domain, with room behind for the response to die away in."""
    n_fft = len(audio) + round(TAIL_S * sample_rate)
    s = 1j * np.tan(np.pi * np.arange(n_fft // 2 + 1) / n_fft)  # the bilinear transform of each bin
    spectrum = np.fft.rfft(audio, n_fft) * _shelf(s, sample_rate) * _high_pass(s, sample_rate)
    return np.fft.irfft(spectrum, n_fft)[: len(audio)]


def _shelf(s: npt.NDArray[np.complex128], sample_rate: int) -> npt.NDArray[np.complex128]:
    frequency, q, gain_db = SHELF
    k, gain = np.tan(np.pi * frequency / sample_rate), 10 ** (gain_db / 20)
    response: npt.NDArray[np.complex128] = (gain * s**2 + gain**SHELF_EXPONENT * k / q * s + k**2) / (
        s**2 + k / q * s + k**2
    )
    return response


def _high_pass(s: npt.NDArray[np.complex128], sample_rate: int) -> npt.NDArray[np.complex128]:
    frequency, q = HIGH_PASS
    k = np.tan(np.pi * frequency / sample_rate)
    response: npt.NDArray[np.complex128] = HIGH_PASS_GAIN * s**2 / (s**2 + k / q * s + k**2)
    return response
