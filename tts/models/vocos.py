"""Vocos (arXiv 2306.00814): ConvNeXt blocks on mel frames, then an inverse STFT. Nothing is upsampled."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.vocoder import ConvNeXtConfig, FrameGeneratorConfig, VocosConfig
from tts.models.generators import Generator, inputs_of_transposed
from tts.models.istft import ISTFTHead

EDGE_KERNEL = 7  # of the first convolution
INITIAL_STD = 0.02
NORM_EPSILON = 1e-6


class ConvNeXtBlock(nn.Module):
    """A depthwise convolution and a wide layer for each frame around a residual (arXiv 2201.03545)."""

    def __init__(self, channels: int, hidden_channels: int, kernel: int, initial_scale: float) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=NORM_EPSILON)
        self.widen = nn.Linear(channels, hidden_channels)
        self.narrow = nn.Linear(hidden_channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), initial_scale))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T) to (B, C, T)."""
        frames: Tensor = self.norm(self.depthwise(x).transpose(1, 2))  # (B, T, C)
        frames = self.narrow(F.gelu(self.widen(frames))) * self.scale
        return x + frames.transpose(1, 2)


class ConvNeXt(nn.Module):
    """Frames of mel to frames of anything, at the same rate throughout."""

    def __init__(self, config: ConvNeXtConfig, n_mels: int, n_outputs: int) -> None:
        super().__init__()
        channels = config.channels
        self.conv_pre = nn.Conv1d(n_mels, channels, EDGE_KERNEL, padding=EDGE_KERNEL // 2)
        self.norm_pre = nn.LayerNorm(channels, eps=NORM_EPSILON)
        self.blocks = nn.Sequential(
            *(
                ConvNeXtBlock(channels, config.hidden_channels, config.kernel, 1 / config.n_blocks)
                for _ in range(config.n_blocks)
            )
        )
        self.norm_post = nn.LayerNorm(channels, eps=NORM_EPSILON)
        self.linear_post = nn.Linear(channels, n_outputs)
        for module in self.modules():
            if isinstance(module, nn.Conv1d | nn.Linear):
                nn.init.trunc_normal_(module.weight, std=INITIAL_STD)
                nn.init.zeros_(module.bias)  # type: ignore[arg-type]

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T), natural log. Returns (B, n_outputs, T)."""
        x = self.norm_pre(self.conv_pre(mel).transpose(1, 2)).transpose(1, 2)  # (B, C, T)
        x = self.norm_post(self.blocks(x).transpose(1, 2))
        outputs: Tensor = self.linear_post(x).transpose(1, 2)
        return outputs


class Vocos(ConvNeXt, Generator):
    """Every frame of mel becomes one frame of an inverse STFT."""

    def __init__(self, config: VocosConfig, n_mels: int) -> None:
        istft = ISTFTHead(config.istft)
        super().__init__(config, n_mels, istft.n_channels)
        self.config: VocosConfig = config
        self.n_mels, self.istft = n_mels, istft

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T), natural log. Returns audio (B, 1, T * hop_length), meant for [-1, 1]."""
        audio: Tensor = self.istft(super().forward(mel))
        return audio

    @property
    def receptive_field(self) -> int:
        return istft_reach(self.config) + reach(self.config)


def reach(config: ConvNeXtConfig) -> int:
    """Frames on each side that a frame depends on."""
    return EDGE_KERNEL // 2 + config.n_blocks * (config.kernel // 2)


def istft_reach(config: FrameGeneratorConfig) -> int:
    """Frames of the inverse STFT on each side that become the audio of a frame of mel."""
    n_fft, hop_length = config.istft.n_fft, config.istft.hop_length
    first, last = inputs_of_transposed(0, config.hop_length - 1, n_fft, hop_length)
    per_frame = config.hop_length // hop_length
    return max(-(first // per_frame), last // per_frame)
