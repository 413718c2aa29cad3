"""A convolution as one product of matrices: the windows of the input are copied beside each other."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def convolve_windows(x: Tensor, weight: Tensor, bias: Tensor | None, stride: int, padding: int) -> Tensor:
    """x: (..., L, C), weight: (O, C, kernel). Returns (..., L', O)."""
    if weight.shape[2] == 1 and stride == 1 and padding == 0:
        return F.linear(x, weight[..., 0], bias)  # each window is a position: nothing to copy
    windows = F.pad(x, (0, 0, padding, padding)).unfold(-2, weight.shape[2], stride)  # (..., L', C, kernel)
    return F.linear(windows.flatten(-2), weight.flatten(1), bias)


def convolve_shifted(x: Tensor, conv: nn.Conv1d) -> Tensor:
    """A convolution that keeps the length as a product of whole rows, which ONNX Runtime can compute in 8 bits.

    x: (B, L, C). Returns (B, L, O).
    """
    kernel, n_inputs = conv.kernel_size[0], conv.in_channels
    rows = x
    if kernel > 1:
        padded = F.pad(x, (0, 0, kernel // 2, kernel // 2))
        rows = torch.cat([padded[:, at : at + 1 - kernel or None] for at in range(kernel)], dim=2)
    product = rows @ conv.weight.permute(2, 1, 0).reshape(kernel * n_inputs, conv.out_channels)
    return product if conv.bias is None else product + conv.bias
