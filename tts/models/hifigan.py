"""The HiFi-GAN generator (arXiv 2010.05646), or iSTFTNet's (arXiv 2203.02395): a mel spectrogram to a waveform.

Submodules carry the published names (``conv_pre``, ``ups``, ``resblocks``, ``convs1``, ``convs2``, ``convs``,
``conv_post``) and layout, so that published weights map onto them.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations

from tts.config.vocoder import HiFiGANConfig
from tts.models.cpu_conv import Conv1d
from tts.models.generators import Generator, inputs_of_transposed
from tts.models.istft import ISTFTHead

SLOPE = 0.1  # of every leaky ReLU but the last
LAST_SLOPE = 0.01
INITIAL_STD = 0.01
EDGE_KERNEL = 7  # of the first and the last convolution


class ResBlock1(nn.Module):
    """Per dilation, a dilated and a plain convolution around a residual."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(Conv1d(channels, channels, kernel, dilation=dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(Conv1d(channels, channels, kernel) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, L) to (B, C, L)."""
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, SLOPE)), SLOPE))
        return x


class ResBlock2(nn.Module):
    """Per dilation, one dilated convolution around a residual."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(Conv1d(channels, channels, kernel, dilation=dilation) for dilation in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, L) to (B, C, L)."""
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, SLOPE))
        return x


class HiFiGAN(Generator):
    """Transposed convolutions, each followed by the mean of parallel residual blocks, up to the sample rate or to
    the frame rate of an inverse STFT."""

    def __init__(self, config: HiFiGANConfig, n_mels: int) -> None:
        super().__init__()
        self.config: HiFiGANConfig = config
        self.n_mels = n_mels
        self.conv_pre = nn.Conv1d(n_mels, config.channels, EDGE_KERNEL, padding=EDGE_KERNEL // 2)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        block = ResBlock1 if config.resblock == "1" else ResBlock2
        channels = config.channels
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernels, strict=True):
            self.ups.append(nn.ConvTranspose1d(channels, channels // 2, kernel, rate, padding=(kernel - rate) // 2))
            channels //= 2
            for size, dilations in zip(config.resblock_kernels, config.resblock_dilations, strict=True):
                self.resblocks.append(block(channels, size, dilations))
        self.istft = ISTFTHead(config.istft) if config.istft else None
        n_outputs = self.istft.n_channels if self.istft else 1
        self.conv_post = nn.Conv1d(channels, n_outputs, EDGE_KERNEL, padding=EDGE_KERNEL // 2)
        for conv in _convolutions(self):
            if conv is not self.conv_pre:
                nn.init.normal_(conv.weight, std=INITIAL_STD)
            weight_norm(conv)

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T), natural log. Returns audio (B, 1, T * hop_length), meant for [-1, 1]."""
        x = self.conv_pre(mel)
        n_parallel = len(self.resblocks) // len(self.ups)
        for stage, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, SLOPE))
            first, *others = self.resblocks[stage * n_parallel : (stage + 1) * n_parallel]
            total = first(x)
            for block in others:
                total = total + block(x)
            x = total / n_parallel
        x = self.conv_post(F.leaky_relu(x, LAST_SLOPE))
        audio: Tensor = self.istft(x) if self.istft else x.tanh()
        return audio

    @property
    def receptive_field(self) -> int:
        """Mel frames on each side that the audio of one frame depends on: 13 for V1 and V2, 11 for V3."""
        config, edge = self.config, EDGE_KERNEL // 2
        first, last = 0, config.hop_length - 1  # samples of frame 0
        if config.istft:
            first, last = inputs_of_transposed(first, last, config.istft.n_fft, config.istft.hop_length)
        first, last, reach = first - edge, last + edge, _resblock_reach(config)
        for rate, kernel in reversed(list(zip(config.upsample_rates, config.upsample_kernels, strict=True))):
            first, last = inputs_of_transposed(first - reach, last + reach, kernel, rate)
        return max(-first, last) + edge

    def remove_weight_norm(self) -> None:
        """Folds the norms into plain weights, for inference. Cannot be undone; does nothing the second time."""
        for conv in _convolutions(self):
            if is_parametrized(conv, "weight"):
                remove_parametrizations(conv, "weight")

    def folded(self) -> "HiFiGAN":
        """A copy in evaluation mode with the norms folded in. (They cannot be removed from a ``deepcopy``: it shares
        its classes with the original, which would lose its weights.)"""
        plain = HiFiGAN(self.config, self.n_mels)
        plain.remove_weight_norm()
        with torch.no_grad():
            for ours, theirs in zip(_convolutions(plain), _convolutions(self), strict=True):
                ours.weight.copy_(theirs.weight)
                ours.bias.copy_(theirs.bias)  # type: ignore[union-attr, arg-type]
        return plain.eval()


def _resblock_reach(config: HiFiGANConfig) -> int:
    """Positions on each side that the widest residual block sees."""
    reaches = []
    for kernel, dilations in zip(config.resblock_kernels, config.resblock_dilations, strict=True):
        plain = len(dilations) if config.resblock == "1" else 0
        reaches.append((sum(dilations) + plain) * (kernel // 2))
    return max(reaches)


def _convolutions(module: nn.Module) -> Iterator[nn.Conv1d | nn.ConvTranspose1d]:
    return (m for m in module.modules() if isinstance(m, nn.Conv1d | nn.ConvTranspose1d))
