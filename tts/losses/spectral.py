"""Multi-resolution STFT loss (Parallel WaveGAN, arXiv 1910.11480) and HiFi-GAN's mel loss (arXiv 2010.05646)."""

from math import sqrt

import torch
from torch import Tensor, nn

from tts.audio.mel import LogMel
from tts.config.schema import AudioConfig, STFTLossConfig

POWER_EPSILON = 1e-7  # under the square root: bounds the gradients of the magnitude and of its logarithm
QUIETEST_RMS = 1e-3  # of full scale, -60 dBFS: spectral convergence takes quieter targets to be this loud


class STFTLoss(nn.Module):
    """Spectral convergence and log magnitude distance at one resolution."""

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

    def forward(self, prediction: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """prediction, target: (B, S). Returns two scalars.

        Spectral convergence is ``||S - Ŝ||_F / ||S||_F`` over the whole batch, so that a silent segment is judged
        beside the others instead of being divided by almost nothing.
        """
        with torch.no_grad():
            target_magnitude = self.magnitude(target)
        magnitude = self.magnitude(prediction)
        distance = torch.linalg.vector_norm(target_magnitude - magnitude)
        reference = torch.linalg.vector_norm(target_magnitude)
        quietest = self.quietest_magnitude * sqrt(target_magnitude.numel())
        return distance / reference.clamp(min=quietest), (target_magnitude.log() - magnitude.log()).abs().mean()


class MultiResolutionSTFT(nn.Module):
    """Distances between spectra, averaged over the resolutions, and between full-band log-mel spectrograms."""

    def __init__(self, config: STFTLossConfig, audio: AudioConfig) -> None:
        super().__init__()
        resolutions = zip(config.n_ffts, config.hop_lengths, config.win_lengths, strict=True)
        self.resolutions = nn.ModuleList(STFTLoss(*resolution) for resolution in resolutions)
        self.log_mel = LogMel(audio, fmax=audio.sample_rate / 2)
        self.shortest = max(max(config.n_ffts) // 2 + 1, audio.n_fft)  # samples

    def forward(self, prediction: Tensor, target: Tensor) -> dict[str, Tensor]:
        """prediction, target: (B, S) in [-1, 1]; no gradient reaches the target.

        Returns the scalars ``spectral_convergence``, ``log_magnitude`` and ``mel`` (L1), computed in float32 whatever
        the training precision. Raises ``ValueError`` for segments too short for the reflection padding.
        """
        if prediction.shape != target.shape:
            raise ValueError(f"prediction {tuple(prediction.shape)} and target {tuple(target.shape)} differ in shape")
        if prediction.shape[-1] < self.shortest:
            raise ValueError(f"segments of {prediction.shape[-1]} samples; these FFTs need at least {self.shortest}")
        with torch.autocast(prediction.device.type, enabled=False):
            prediction, target = prediction.float(), target.detach().float()
            terms = [resolution(prediction, target) for resolution in self.resolutions]
            convergence, log_magnitude = (torch.stack(values).mean() for values in zip(*terms, strict=True))
            mel = (self.log_mel(prediction) - self.log_mel(target)).abs().mean()
        return {"spectral_convergence": convergence, "log_magnitude": log_magnitude, "mel": mel}
