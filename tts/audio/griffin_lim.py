"""Audio from a mel spectrogram without a vocoder: rough, but enough to hear what an acoustic model has learnt."""

import torch
import torch.nn.functional as F
import torchaudio.functional
from torch import Tensor

from tts.audio.mel import LogMel

N_ITERATIONS = 32


def griffin_lim(mel: Tensor, log_mel: LogMel) -> Tensor:
    """mel: (B, M, T) natural log. Returns audio (B, T * hop_length) in [-1, 1].

    The mel filters are inverted by least squares, the phase is found by Griffin and Lim's iteration
    (IEEE TASSP 32, 1984), started from zero so that the same mel always sounds the same.
    """
    config = log_mel.config
    magnitude = (torch.linalg.pinv(log_mel.filters) @ mel.exp()).clamp(min=0.0)
    audio: Tensor = torchaudio.functional.griffinlim(
        magnitude,
        log_mel.window,
        config.n_fft,
        config.hop_length,
        config.win_length,
        power=1.0,
        n_iter=N_ITERATIONS,
        momentum=0.99,
        length=None,
        rand_init=False,
    )
    # torchaudio centres frame k on sample k * hop; ours is centred half a hop later.
    half = config.hop_length // 2
    return F.pad(audio, (half, config.hop_length - half)).clamp(-1.0, 1.0)
