"""The end of a generator that predicts short spectra instead of samples (iSTFTNet, arXiv 2203.02395)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tts.config.vocoder import ISTFTConfig


class Spectrum(NamedTuple):
    """Both parts (B, L, n_fft / 2 + 1)."""

    real: Tensor
    imaginary: Tensor


class ISTFT(nn.Module):
    """The inverse STFT with a Hann window, and the STFT that it inverts.

    Matrix products, the same in torch and in ONNX. What is even in time comes from real parts and what is odd from
    imaginary ones, so that half a frame and its mirror image are all of it; its first sample is nothing, as the window
    is. Overlapping squared windows add up to a constant, which is divided by. Frames beyond either end count as
    silence, and L frames give exactly ``L * hop_length`` samples.
    """

    cosines: Tensor
    sines: Tensor
    window: Tensor
    folded_window: Tensor
    share: Tensor

    def __init__(self, config: ISTFTConfig) -> None:
        super().__init__()
        n_fft, self.middle = config.n_fft, config.n_fft // 2
        self.n_channels, self.hop_length = n_fft + 2, config.hop_length
        self.n_hops, self.padding = n_fft // config.hop_length, (n_fft - config.hop_length) // 2
        window = torch.hann_window(n_fft, dtype=torch.float64)
        self.loudest = window.sum().item()  # no frame of audio in [-1, 1] has a greater magnitude
        bins, samples = torch.arange(self.middle + 1)[:, None], torch.arange(1, self.middle + 1)
        angles = 2 * torch.pi / n_fft * (bins * samples % n_fft).double()
        # The inverse DFT divides by n_fft, and counts all bins twice but the first and the last.
        counts = torch.tensor([1.0] + [2.0] * (self.middle - 1) + [1.0], dtype=torch.float64)
        overlap = window.square().sum() / config.hop_length
        once = torch.tensor([1.0] * (self.middle - 1) + [0.5])  # the middle of a frame is its own mirror image
        for name, values in {
            "cosines": angles.cos(),  # (n_fft / 2 + 1, n_fft / 2)
            "sines": angles.sin(),
            "window": window[1 : self.middle + 1],  # (n_fft / 2,)
            "folded_window": window[1 : self.middle + 1] * once,
            "share": counts / (n_fft * overlap),  # (n_fft / 2 + 1,)
        }.items():
            self.register_buffer(name, values.float(), persistent=False)

    def forward(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Both parts (B, L, n_fft / 2 + 1), to audio (B, 1, L * hop_length)."""
        even = (real * self.share) @ self.cosines * self.window
        odd = (imaginary * self.share) @ self.sines * self.window
        mirrored = (even + odd)[..., :-1].flip(2)
        # Here and below 0 times something: traced, ``zeros_like`` keeps the shape of the example.
        frames = torch.cat([0.0 * even[..., :1], even - odd, mirrored], dim=2)
        hops = torch.unflatten(frames, 2, (-1, self.hop_length)).unbind(2)
        silence = 0.0 * hops[0][:, :1].expand(-1, self.n_hops - 1, -1)
        moved = [torch.cat([silence[:, :place], hop, silence[:, place:]], dim=1) for place, hop in enumerate(hops)]
        audio = sum(moved[1:], moved[0]).flatten(1)
        return audio[:, None, self.padding : -self.padding]

    def analyse(self, audio: Tensor) -> Spectrum:
        """Audio (B, 1, L * hop_length), with silence around it."""
        silence = 0.0 * audio[:, 0, :1].expand(-1, self.padding)
        hops = torch.unflatten(torch.cat([silence, audio[:, 0], silence], dim=1), 1, (-1, self.hop_length))
        last = self.n_hops - 1
        # Ends count from the end: traced, those from the beginning are the example's.
        frames = torch.cat([*(hops[:, place : place - last] for place in range(last)), hops[:, last:]], dim=2)
        ahead, mirrored = frames[..., 1 : self.middle + 1], frames[..., self.middle :].flip(2)
        even, odd = (mirrored + ahead) * self.folded_window, (mirrored - ahead) * self.folded_window
        return Spectrum(even @ self.cosines.T, odd @ self.sines.T)


class ISTFTHead(ISTFT):
    """Log magnitudes and phases to audio.

    The phase is taken as it comes, as in Vocos (arXiv 2306.00814): the paper's sine around it would keep it within
    1 radian, and cosine and sine are periodic without it.
    """

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """x: (B, n_fft + 2, L), log magnitudes above phases (radians). Returns (B, 1, L * hop_length)."""
        with torch.autocast(x.device.type, enabled=False):  # 8 bits are too few for a phase
            log_magnitude, phase = x.transpose(1, 2).to(self.window.dtype).chunk(2, dim=2)
            magnitude = log_magnitude.exp().clamp(max=self.loudest)
            return super().forward(magnitude * phase.cos(), magnitude * phase.sin())
