"""What a source-filter vocoder filters: pulses at the F0, all of whose harmonics are equally loud, and white noise."""

import math

import torch
from torch import Tensor, nn

from tts.models.istft import ISTFT, Spectrum

NOISE_FRAMES = 64  # after which the noise repeats; no ear follows 0.7 s of it through the changes of a voice
NEAR_PEAK = 1e-6  # sine of half the phase, below which a pulse is at its peak


class Pulses(nn.Module):
    """Band-limited pulses: cosines of every multiple of the F0 up to half the sample rate, of unit power in all.

    The phase adds up the F0 of all frames before, and rounding errors with it. It is hence counted in double precision.
    """

    def __init__(self, sample_rate: int, hop_length: int) -> None:
        super().__init__()
        self.sample_rate, self.hop_length = sample_rate, hop_length

    def phases(self, f0: Tensor) -> Tensor:
        """f0: (B, T) float64, Hz. Returns (B, T) float64: cycles from the centre of the first frame to that of each."""
        steps = (f0[:, 1:] + f0[:, :-1]) / 2 * (self.hop_length / self.sample_rate)
        return torch.cat([torch.zeros_like(f0[:, :1]), steps.cumsum(1)], 1)

    def forward(self, f0: Tensor, phases: Tensor) -> Tensor:
        """f0, phases: (B, T) float64, Hz and cycles at the centres of frames, between which F0 changes at an even rate.

        Returns (B, 1, T * hop_length).
        """
        before, slope, time = self._glides(f0)
        start = torch.cat([phases[:, :1] - before[:, 0] * self.hop_length, phases], 1)[..., None]
        cycles = self._inner(start + time * (before + slope * time / 2))  # (B, S)
        n_harmonics = self.room(f0).floor().float()
        half = ((cycles - cycles.round()) * math.pi).float()
        # The sum of cos(k x) for k from 1 to n is sin((n + 1/2) x) / (2 sin(x / 2)) - 1/2.
        sine = half.sin()
        peak = sine.abs() < NEAR_PEAK
        total = ((2 * n_harmonics + 1) * half).sin() / (2 * sine.masked_fill(peak, 1.0)) - 0.5
        pulses = torch.where(peak, n_harmonics, total) * (2 / n_harmonics).sqrt()
        return pulses[:, None]

    def room(self, f0: Tensor) -> Tensor:
        """f0: (B, T) float64, Hz. Returns (B, T * hop_length): of whole numbers up to it, each is a harmonic."""
        before, slope, time = self._glides(f0)
        return 0.5 / self._inner(before + slope * time)

    def _glides(self, f0: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From one centre of a frame to the next, with an edge on both sides: F0 at first and its change per sample
        (B, T + 1, 1), in cycles per sample, and the samples since (hop_length,)."""
        f0 = f0 / self.sample_rate
        before = torch.cat([f0[:, :1], f0], 1)[..., None]
        after = torch.cat([f0, f0[:, -1:]], 1)[..., None]
        time = torch.arange(self.hop_length, dtype=f0.dtype, device=f0.device) + 0.5
        return before, (after - before) / self.hop_length, time

    def _inner(self, x: Tensor) -> Tensor:
        """(B, T + 1, hop_length) to (B, S): what lies within the T frames."""
        half = self.hop_length // 2
        return x.flatten(1)[:, half:-half]


class Noise(nn.Module):
    """Spectra of white noise of unit power. It is always the same, so that audio is too, and analysed once."""

    real: Tensor
    imaginary: Tensor

    def __init__(self, istft: ISTFT, per_frame: int) -> None:
        """``per_frame``: spectra of ``istft`` for each frame of mel."""
        super().__init__()
        self.per_frame, self.n_spectra = per_frame, NOISE_FRAMES * per_frame
        noise = torch.randn(self.n_spectra * istft.hop_length, generator=torch.Generator().manual_seed(0))
        spectrum = istft.analyse(noise.repeat(3)[None, None])  # its end leads to its beginning
        for name, part in spectrum._asdict().items():
            self.register_buffer(name, part[0].chunk(3)[1].clone(), persistent=False)  # (n_spectra, bins)

    def forward(self, first_frame: Tensor, n_frames: int) -> Spectrum:
        """Of ``n_frames`` from ``first_frame`` (B,) on, ``per_frame`` times as many."""
        position = torch.arange(n_frames * self.per_frame, device=first_frame.device)
        index = (first_frame[:, None] * self.per_frame + position) % self.n_spectra
        return Spectrum(self.real[index], self.imaginary[index])
