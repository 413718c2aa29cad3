"""The mel spectrogram. The only definition: features, losses and samples all come through here."""

import torch
import torch.nn.functional as F
import torchaudio.functional
from torch import Tensor, nn

from tts.config.audio import AudioConfig

LOG_FLOOR = 1e-5  # of the magnitude mel, before the logarithm
MAGNITUDE_EPSILON = 1e-9  # under the square root, where its gradient would be infinite


class LogMel(nn.Module):
    """Natural log of the magnitude mel spectrogram, equal to HiFi-GAN's (arXiv 2010.05646, published code).

    Reflection padding of ``(n_fft - hop) / 2`` on both sides without centring gives exactly ``S // hop_length`` frames;
    mel filters are Slaney's, in scale and area. Digital silence is ``log(1e-5)``.
    """

    window: Tensor
    filters: Tensor

    def __init__(self, config: AudioConfig, fmax: float | None = None) -> None:
        """``fmax`` (Hz) replaces the config's, for losses that look above the model's band."""
        super().__init__()
        self.config = config
        n_freqs = config.n_fft // 2 + 1
        filters = torchaudio.functional.melscale_fbanks(
            n_freqs,
            config.fmin,
            fmax or config.fmax,
            config.n_mels,
            config.sample_rate,
            norm="slaney",
            mel_scale="slaney",
        )
        self.register_buffer("window", torch.hann_window(config.win_length), persistent=False)
        self.register_buffer("filters", filters.T.contiguous(), persistent=False)  # (M, n_fft // 2 + 1)

    def magnitude(self, audio: Tensor) -> Tensor:
        """Magnitude spectrogram.

        audio: (B, S) in [-1, 1], S >= n_fft. Returns (B, n_fft // 2 + 1, S // hop_length).
        """
        pad = (self.config.n_fft - self.config.hop_length) // 2
        audio = F.pad(audio[:, None], (pad, pad), mode="reflect")[:, 0]
        spectrum = torch.stft(
            audio,
            self.config.n_fft,
            self.config.hop_length,
            self.config.win_length,
            self.window,
            center=False,
            return_complex=True,
        )
        power = spectrum.real.square() + spectrum.imag.square()
        return (power + MAGNITUDE_EPSILON).sqrt()

    def from_magnitude(self, magnitude: Tensor) -> Tensor:
        """(B, n_fft // 2 + 1, T) to (B, M, T)."""
        return (self.filters @ magnitude).clamp(min=LOG_FLOOR).log()

    def forward(self, audio: Tensor) -> Tensor:
        """audio: (B, S) in [-1, 1]. Returns (B, M, S // hop_length)."""
        return self.from_magnitude(self.magnitude(audio))
