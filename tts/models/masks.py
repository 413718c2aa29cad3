"""Masks, and the one convolution that respects them. True = real, everywhere."""

import torch
from torch import Tensor, nn


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
        x = x.masked_fill(~mask[:, :, None], 0.0).transpose(1, 2)  # (B, C_in, L)
        return super().forward(x).transpose(1, 2)
