"""Distances between spectra: multi-resolution STFT (Parallel WaveGAN, arXiv 1910.11480), the mel of HiFi-GAN (arXiv
2010.05646), the multi-scale mel of DAC (arXiv 2306.06546)."""

from math import sqrt
from typing import Self

import torch
from torch import Tensor, nn

from tts.audio.mel import LogMel
from tts.config.audio import AudioConfig
from tts.config.training import STFTLossConfig, VocoderTrainingConfig
from tts.losses.audio import AudioLoss
from tts.models.processes import sum_over_processes

POWER_EPSILON = 1e-7  # under the square root: bounds the gradients of the magnitude and of its logarithm
QUIETEST_RMS = 1e-3  # of full scale, -60 dBFS: spectral convergence takes quieter targets to be this loud


class STFTLoss(nn.Module):
    """Distances between magnitude spectrograms of one resolution."""

    window: Tensor

    def __init__(self, n_fft: int, hop_length: int, win_length: int) -> None:
        super().__init__()
        self.n_fft, self.hop_length, self.win_length = n_fft, hop_length, win_length
        self.register_buffer("window", torch.hann_window(win_length), persistent=False)
        # White noise of that RMS has this expected magnitude (root mean square over the bins).
        self.quietest_magnitude = QUIETEST_RMS * sqrt(self.window.square().sum())

    def magnitude(self, audio: Tensor) -> Tensor:
        """(B, S) to (B, n_fft // 2 + 1, 1 + S // hop_length)."""
        spectrum = torch.stft(
            audio, self.n_fft, self.hop_length, self.win_length, self.window, center=True, return_complex=True
        )
        return (spectrum.real.square() + spectrum.imag.square() + POWER_EPSILON).sqrt()

    def forward(self, prediction: Tensor, target: Tensor, pooled: bool) -> dict[str, Tensor]:
        """prediction, target: (B, S). Returns three distances of each item (B,).

        Spectral convergence is ``||S - Ŝ||_F / ||S||_F`` of each item; or, ``pooled``, of the whole batch, so that a
        silent segment is judged beside the others instead of being divided by almost nothing.
        """
        with torch.no_grad():
            target_magnitude = self.magnitude(target)
        magnitude = self.magnitude(prediction)
        difference = target_magnitude - magnitude
        squares = torch.stack([_sum(difference.square()), _sum(target_magnitude.square()), self._quietest(magnitude)])
        if pooled:
            squares = sum_over_processes(squares.sum(1))[:, None].expand_as(squares)
        distance, reference, quietest = squares
        return {
            "spectral_convergence": _sqrt(distance) / reference.maximum(quietest).sqrt(),
            "log_magnitude": _mean((target_magnitude.log() - magnitude.log()).abs()),
            "magnitude": _mean(difference.abs()),
        }

    def _quietest(self, magnitude: Tensor) -> Tensor:
        """(B,), the squares that an item counts as having at least."""
        return magnitude.new_full((len(magnitude),), self.quietest_magnitude**2 * magnitude[0].numel())


class MultiResolutionSTFT(AudioLoss):
    """Distances between spectrograms, averaged over the resolutions, and between full-band log-mel spectrograms."""

    def __init__(self, config: STFTLossConfig, audio: AudioConfig) -> None:
        super().__init__()
        resolutions = zip(config.n_ffts, config.hop_lengths, config.win_lengths, strict=True)
        self.resolutions = nn.ModuleList(STFTLoss(*resolution) for resolution in resolutions)
        self.log_mel = LogMel(audio, fmax=audio.sample_rate / 2)
        self.mel_scales = nn.ModuleList(LogMel(mel_scale(window, audio)) for window in config.mel_windows)
        self.shortest = max(max(config.n_ffts + config.mel_windows) // 2 + 1, audio.n_fft)  # samples

    @classmethod
    def build(cls, config: VocoderTrainingConfig, audio: AudioConfig) -> Self:
        return cls(config.stft, audio)

    def forward(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S) in [-1, 1]; no gradient reaches the target.

        Returns the scalars ``spectral_convergence``, ``log_magnitude``, ``magnitude`` (L1), ``mel`` (L1) and, where
        the config asks for it, ``multi_scale_mel`` (L1), computed in float32 whatever the training precision. Raises
        ``ValueError`` for segments too short for the reflection padding.
        """
        return {name: values.mean() for name, values in self._distances(prediction, target, pooled=True).items()}

    def per_item(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """The same of each item (B,), which the others of the batch do not change."""
        return self._distances(prediction, target, pooled=False)

    def _distances(self, prediction: Tensor, target: Tensor, pooled: bool) -> dict[str, Tensor]:
        if prediction.shape != target.shape:
            raise ValueError(f"prediction {tuple(prediction.shape)} and target {tuple(target.shape)} differ in shape")
        if prediction.shape[-1] < self.shortest:
            raise ValueError(f"segments of {prediction.shape[-1]} samples; these FFTs need at least {self.shortest}")
        with torch.autocast(prediction.device.type, enabled=False):
            prediction, target = prediction.float(), target.detach().float()
            distances = [resolution(prediction, target, pooled) for resolution in self.resolutions]
            terms = {name: torch.stack([each[name] for each in distances]).mean(0) for name in distances[0]}
            terms["mel"] = _l1(self.log_mel, prediction, target)
            if self.mel_scales:
                scales = [_l1(scale, prediction, target) for scale in self.mel_scales]
                terms["multi_scale_mel"] = torch.stack(scales).mean(0)
        return terms


def _l1(log_mel: nn.Module, prediction: Tensor, target: Tensor) -> Tensor:
    return _mean((log_mel(prediction) - log_mel(target)).abs())


def _sum(x: Tensor) -> Tensor:
    """Of each item (B,)."""
    return x.sum((1, 2))


def _mean(x: Tensor) -> Tensor:
    """Of each item (B,)."""
    return x.mean((1, 2))


def mel_scale(window: int, audio: AudioConfig) -> AudioConfig:
    """DAC's: a hop of a quarter of the window, and as many bands as windows of 32 samples have 5."""
    return AudioConfig(
        sample_rate=audio.sample_rate,
        n_fft=window,
        win_length=window,
        hop_length=window // 4,
        n_mels=5 * window // 32,
        fmax=audio.sample_rate / 2,
    )


def _sqrt(x: Tensor) -> Tensor:
    """With a gradient of 0 instead of infinity at 0."""
    positive = x > 0
    return x.where(positive, 1.0).sqrt().where(positive, 0.0)
