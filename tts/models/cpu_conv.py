"""Convolutions that choose the fastest way to be computed when they are trained on a CPU.

PyTorch's reach 24 to 55 GFLOP/s on a core that multiplies matrices at 60, fewer in groups. Where channels are many, one
product over copied windows is up to twice as fast; where kernels are long, short Fourier transforms need up to five
times fewer multiplications (tools/bench_acoustic_step.py, tools/bench_vocoder_step.py). The numbers are the same up to
rounding. GPUs have better libraries, and what is exported or only evaluated is a plain convolution.
"""

from typing import Literal

import torch
from torch import Tensor, nn

from tts.models.fourier_conv import convolve_tiles
from tts.models.window_conv import convolve_windows

WIDE = 128  # input channels from which on copying windows costs less than it saves
LONG = 7  # taps of the kernel at one phase of its stride, from which on tiles save more than their transforms cost
WORK = 700  # multiplications for one output value, likewise
WORK_IN_GROUPS = 300  # the library is slower in groups


def way(conv: nn.Conv1d | nn.Conv2d, x: Tensor) -> Literal["library", "windows", "tiles"]:
    if not conv.training or x.device.type != "cpu":
        return "library"
    kernel, c_in = conv.kernel_size[0], conv.in_channels // conv.groups
    full_precision = x.dtype == torch.float32 and not torch.is_autocast_enabled("cpu")
    enough = c_in * kernel >= (WORK if conv.groups == 1 else WORK_IN_GROUPS)
    if isinstance(conv, nn.Conv1d) and full_precision and enough and kernel // conv.stride[0] >= LONG:
        return "tiles"
    return "windows" if c_in >= WIDE and conv.groups == 1 and conv.dilation[0] == 1 else "library"


class ColumnConv2d(nn.Conv2d):
    """A convolution along the first of two axes: its kernel is (k, 1)."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int) -> None:
        super().__init__(in_channels, out_channels, (kernel, 1), (stride, 1), padding=(kernel // 2, 0))

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, C, H, W)."""
        if way(self, x) == "library":
            return super().forward(x)
        columns = x.permute(0, 3, 2, 1)  # (B, W, H, C)
        padding = self.kernel_size[0] // 2
        y = convolve_windows(columns, self.weight[..., 0], self.bias, self.stride[0], padding)
        return y.permute(0, 3, 2, 1)


class Conv1d(nn.Conv1d):
    """A convolution padded so that, without a stride, it keeps the length."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, *, dilation: int = 1, groups: int = 1
    ) -> None:
        padding = dilation * (kernel - 1) // 2
        super().__init__(in_channels, out_channels, kernel, stride, padding, dilation, groups)

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, C, L)."""
        stride, dilation = self.stride[0], self.dilation[0]
        padding = dilation * (self.kernel_size[0] - 1) // 2
        match way(self, x):
            case "tiles":
                return convolve_tiles(x, self.weight, self.bias, stride, padding, dilation, self.groups)
            case "windows":
                return convolve_windows(x.transpose(1, 2), self.weight, self.bias, stride, padding).transpose(1, 2)
            case "library":
                return super().forward(x)
