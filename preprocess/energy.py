"""Loudness of each frame."""

import numpy as np
import numpy.typing as npt


def log_energy(magnitude: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Natural log of the L2 norm over frequency (FastSpeech 2, arXiv 2006.04558).

    magnitude: (n_fft // 2 + 1, T) of ``LogMel.magnitude``, which is positive even in digital silence. Returns (T,).
    """
    energy: npt.NDArray[np.float32] = np.log(np.linalg.norm(magnitude, axis=0))
    return energy
