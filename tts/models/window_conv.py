"""Wide convolutions as products of matrices, for a CPU.

PyTorch's convolutions reach 24 to 55 GFLOP/s on a core that multiplies matrices at 60 (tools/bench_vocoder_step.py):
where channels are many, copying the windows of the input beside each other and multiplying once is up to twice as fast.
A GPU's library needs no such help. Both give the same numbers up to rounding.
"""

import torch.nn.functional as F
from torch import Tensor, nn

WIDE = 128  # input channels, from which on the copy costs less than it saves


def convolve_windows(x: Tensor, weight: Tensor, bias: Tensor | None, stride: int, padding: int) -> Tensor:
    """x: (B, C, H, W), convolved along H alone with weight (O, C, kernel). Returns (B, O, H', W), channels last."""
    padded = F.pad(x, (0, 0, padding, padding)).permute(0, 3, 2, 1)  # (B, W, H, C)
    windows = padded.unfold(2, weight.shape[2], stride)  # (B, W, H', C, kernel)
    return F.linear(windows.flatten(3), weight.flatten(1), bias).permute(0, 3, 2, 1)


class ColumnConv2d(nn.Conv2d):
    """A convolution along the first of two axes: its kernel is (k, 1)."""

    wide = WIDE

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int) -> None:
        super().__init__(in_channels, out_channels, (kernel, 1), (stride, 1), padding=(kernel // 2, 0))

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, C, H, W)."""
        if x.device.type != "cpu" or self.in_channels < self.wide:
            return super().forward(x)
        return convolve_windows(x, self.weight[..., 0], self.bias, self.stride[0], self.kernel_size[0] // 2)


class WideConv1d(nn.Conv1d):
    """A convolution padded by half its kernel. In groups it is left to the library."""

    wide = WIDE

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, C, L)."""
        if x.device.type != "cpu" or self.in_channels < self.wide or self.groups > 1:
            return super().forward(x)
        stride, kernel = self.stride[0], self.kernel_size[0]
        return convolve_windows(x[..., None], self.weight, self.bias, stride, kernel // 2)[..., 0]
