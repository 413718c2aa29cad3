"""Long convolutions through short Fourier transforms, for training on a CPU.

The input is cut into tiles that overlap by the kernel (overlap-save). In the frequency domain a tile of 2 k outputs
costs 4.2 k products of matrices over the channels instead of 2 k^2: with a kernel of 9, a quarter. Real tiles need only
half of the frequencies, and three real products for each complex one (Gauss). All is written as matrices, as in
Winograd's convolutions (arXiv 1509.09308), but between points on the unit circle, which lose no precision:

    y = out (to_points x * weight_to_points w)

The same numbers as the library's convolution up to rounding: about 1e-6 of their norm, gradients included.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

OUTPUTS = 2  # of a tile, in kernels
FEW = 64  # tiles: where there are fewer, half as large ones save more of the transform of the weights than they cost


class Transforms(NamedTuple):
    to_points: Tensor  # (products, inputs of a tile)
    weight_to_points: Tensor  # (products, kernel)
    out: Tensor  # (outputs of a tile, products)


@cache
def transforms(kernel: int, n_outputs: int) -> Transforms:
    """For tiles of ``n_outputs``. At a frequency, with X = a + ib of the tile and conj(W) = c + id of the kernel:

    Re Y = c (a + b) - b (c + d), Im Y = c (a + b) + a (d - c).
    """
    n = n_outputs + kernel - 1
    to_points: list[np.ndarray] = []
    weight_to_points: list[np.ndarray] = []
    out: list[np.ndarray] = []
    for frequency in range(n // 2 + 1):
        angles = 2 * np.pi * frequency / n * np.arange(n)
        cos, sin = np.cos(angles), np.sin(angles)
        real = 2 * frequency in (0, n)  # the first and, of an even number, the last are their own mirror images
        back_cos, back_sin = (wave[:n_outputs] / n * (1 if real else 2) for wave in (cos, sin))
        c, d = cos[:kernel], sin[:kernel]
        if real:
            to_points, weight_to_points, out = [*to_points, cos], [*weight_to_points, c], [*out, back_cos]
        else:
            to_points += [cos - sin, cos, -sin]
            weight_to_points += [c, d - c, c + d]
            out += [back_cos - back_sin, -back_sin, -back_cos]
    with torch.inference_mode(False):  # what a validation asks for first serves the next training step too
        return Transforms(
            *(torch.from_numpy(np.array(m, dtype=np.float32)) for m in (to_points, weight_to_points, np.transpose(out)))
        )


def correlate_tiles(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x: (B, L, groups * C), weight: (kernel, groups, C, O), bias: (groups * O,).

    Returns (B, L - kernel + 1, groups * O).
    """
    kernel, groups, c_in, c_out = weight.shape
    batch, length, _ = x.shape
    n_outputs, wanted = OUTPUTS * kernel, length - kernel + 1
    if batch * wanted < FEW * n_outputs:
        n_outputs = kernel
    to_points, weight_to_points, out = transforms(kernel, n_outputs)
    n_products, n_tiles = len(to_points), -(-wanted // n_outputs)
    x = F.pad(x, (0, 0, 0, (n_tiles + 1) * n_outputs - length)).view(batch, n_tiles + 1, n_outputs, -1)
    tiles = torch.cat([x[:, :-1], x[:, 1:, : kernel - 1]], 2).flatten(0, 1)  # (B * tiles, inputs, groups * C)
    points = to_points.expand(len(tiles), -1, -1).bmm(tiles)
    points = points.view(len(tiles), n_products * groups, c_in).transpose(0, 1)
    kernels = (weight_to_points @ weight.reshape(kernel, -1)).view(-1, c_in, c_out)
    products = points.bmm(kernels)  # (products * groups, B * tiles, O)
    if groups == 1:
        back, products = out.expand(len(tiles), -1, -1), products.transpose(0, 1)
        y = back.bmm(products) if bias is None else torch.baddbmm(bias, back, products)
        y = y.view(batch, n_tiles * n_outputs, c_out)
    else:  # groups lie outside of tiles: one product for all, and a copy
        y = (out @ products.view(n_products, -1)).view(n_outputs, groups, batch, n_tiles, c_out)
        y = y.permute(2, 3, 0, 1, 4).reshape(batch, n_tiles * n_outputs, groups * c_out)
        y = y if bias is None else y + bias
    return y[:, :wanted]


def convolve_tiles(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Tensor:
    """As ``F.conv1d``, with a stride or a dilation. x: (B, C_in, L), weight: (C_out, C_in / groups, kernel)."""
    batch, channels, length = x.shape
    c_out, c_in, kernel = weight.shape
    n_outputs = (length + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    phases = stride * dilation  # every so many samples are beside each other: channels, or items of the batch
    x = F.pad(x, (padding, padding + -(length + 2 * padding) % phases)).view(batch, channels, -1, phases)
    if dilation > 1:
        x = x.permute(0, 3, 2, 1).reshape(batch * dilation, -1, channels)
        y = correlate_tiles(x, weight.view(groups, -1, c_in, kernel).permute(3, 0, 2, 1), bias)
        y = y.view(batch, dilation, -1, c_out).permute(0, 3, 2, 1).flatten(2)
    else:
        x = x.permute(0, 2, 1, 3).flatten(2)  # channels of a group, each with its phases
        weight = F.pad(weight, (0, -kernel % stride)).view(groups, -1, c_in, -(-kernel // stride), stride)
        y = correlate_tiles(x, weight.permute(3, 0, 2, 4, 1).flatten(2, 3), bias).transpose(1, 2)
    return y[:, :, :n_outputs]
