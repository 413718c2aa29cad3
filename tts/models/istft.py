"""The end of a generator that predicts short spectra instead of samples (iSTFTNet, arXiv 2203.02395)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.vocoder import ISTFTConfig


class ISTFT(nn.Module):
    """The inverse STFT with a Hann window, and the STFT that it inverts. Spectra are real parts above imaginary ones.

    One transposed convolution whose kernels are the windowed sinusoids of the inverse DFT: a fixed linear map, the same
    in torch and in ONNX. Overlapping squared windows add up to a constant, which the kernels are divided by. Frames
    beyond either end count as silence, and L frames give exactly ``L * hop_length`` samples.
    """

    kernels: Tensor
    analysis_gain: Tensor

    def __init__(self, config: ISTFTConfig) -> None:
        super().__init__()
        self.n_channels = config.n_fft + 2
        self.hop_length, self.padding = config.hop_length, (config.n_fft - config.hop_length) // 2
        window = torch.hann_window(config.n_fft, dtype=torch.float64)
        self.loudest = window.sum().item()  # no frame of audio in [-1, 1] has a greater magnitude
        unit = torch.eye(config.n_fft // 2 + 1, dtype=torch.float64)
        sinusoids = torch.fft.irfft(torch.cat([unit, 1j * unit]), config.n_fft)
        overlap = window.square().sum() / config.hop_length
        kernels = sinusoids * window / overlap
        self.register_buffer("kernels", kernels[:, None].float(), persistent=False)  # (n_fft + 2, 1, n_fft)
        # The same sinusoids analyse. The inverse DFT divides by n_fft what counts once: the first and the last bin.
        share = torch.tensor([1.0] + [2.0] * (config.n_fft // 2 - 1) + [1.0], dtype=torch.float64).repeat(2)
        gain = config.n_fft * overlap / share
        self.register_buffer("analysis_gain", gain[:, None].float(), persistent=False)  # (n_fft + 2, 1)

    def forward(self, spectrum: Tensor) -> Tensor:
        """(B, n_fft + 2, L) to audio (B, 1, L * hop_length)."""
        return F.conv_transpose1d(spectrum, self.kernels, stride=self.hop_length, padding=self.padding)

    def analyse(self, audio: Tensor) -> Tensor:
        """Audio (B, 1, L * hop_length), with silence around it, to (B, n_fft + 2, L)."""
        return F.conv1d(audio, self.kernels, stride=self.hop_length, padding=self.padding) * self.analysis_gain


class ISTFTHead(ISTFT):
    """Log magnitudes and phases to audio.

    The phase is taken as it comes, as in Vocos (arXiv 2306.00814): the paper's sine around it would keep it within
    1 radian, and cosine and sine are periodic without it.
    """

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, n_fft + 2, L), log magnitudes above phases (radians). Returns (B, 1, L * hop_length)."""
        with torch.autocast(x.device.type, enabled=False):  # 8 bits are too few for a phase
            log_magnitude, phase = x.to(self.kernels.dtype).chunk(2, dim=1)
            magnitude = log_magnitude.exp().clamp(max=self.loudest)
            return super().forward(torch.cat([magnitude * phase.cos(), magnitude * phase.sin()], dim=1))
