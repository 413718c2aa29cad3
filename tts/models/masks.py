"""Masks, and the one convolution that respects them. True = real, everywhere."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.models.cpu_conv import way
from tts.models.fourier_conv import correlate_tiles
from tts.models.window_conv import convolve_windows


def length_mask(lengths: Tensor, max_length: int) -> Tensor:
    """lengths: (B,) int64. Returns (B, max_length) bool, True where position < length."""
    return torch.arange(max_length, device=lengths.device)[None] < lengths[:, None]


class MaskedConv1d(nn.Conv1d):
    """A length-preserving convolution over (B, L, C) for which padding is exactly what lies beyond the end: zeros.

    Without the mask, biases and layer norms make padding non-zero and it leaks into its real neighbours, so that an
    utterance would sound different according to what it is batched with.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int) -> None:
        super().__init__(in_channels, out_channels, kernel, padding=kernel // 2)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]
        """x: (B, L, C_in), mask: (B, L). Returns (B, L, C_out), arbitrary where the mask is False."""
        if self.kernel_size[0] > 1:  # a kernel of 1 sees no neighbours
            x = x.masked_fill(~mask[:, :, None], 0.0)
        half = self.kernel_size[0] // 2
        match way(self, x):
            case "tiles":
                return correlate_tiles(F.pad(x, (0, 0, half, half)), self.weight.permute(2, 1, 0)[:, None], self.bias)
            case "windows":
                return convolve_windows(x, self.weight, self.bias, 1, half)
            case "library":
                return super().forward(x.transpose(1, 2)).transpose(1, 2)
