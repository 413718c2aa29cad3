"""Convolutions computed in other ways: the same numbers as the library's, forwards and backwards."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from tts.models.cpu_conv import ColumnConv2d, Conv1d, way
from tts.models.fourier_conv import convolve_tiles
from tts.models.window_conv import convolve_windows

Grown = tuple[torch.Tensor, ...]


def grown(y: torch.Tensor, *leaves: torch.Tensor) -> Grown:
    """``y``, and the gradients of what it was made of."""
    weights = torch.linspace(-1, 1, y.numel()).view_as(y)
    return y, *torch.autograd.grad((y * weights).sum(), leaves)


def assert_same(found: Grown, expected: Grown) -> None:
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert (ours - theirs).norm() <= 1e-5 * theirs.norm() + 1e-6


@given(st.sampled_from([1, 3, 5, 41]), st.integers(1, 4), st.integers(1, 60))
def test_windows(kernel: int, stride: int, length: int) -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(2, 6, length, requires_grad=True), torch.randn(4, 6, kernel, requires_grad=True)
    found = convolve_windows(x.transpose(1, 2), weight, None, stride, kernel // 2).transpose(1, 2)
    expected = F.conv1d(x, weight, None, stride, kernel // 2)
    assert_same(grown(found, x, weight), grown(expected, x, weight))


@given(
    kernel=st.integers(1, 41),
    phases=st.sampled_from([(1, 1), (2, 1), (4, 1), (1, 2), (1, 5)]),
    padding=st.integers(0, 30),
    groups=st.sampled_from([1, 3]),
    length=st.integers(1, 150),
)
def test_tiles(kernel: int, phases: tuple[int, int], padding: int, groups: int, length: int) -> None:
    torch.manual_seed(0)
    stride, dilation = phases
    assume(length + 2 * padding > dilation * (kernel - 1))
    x = torch.randn(2, 2 * groups, length, requires_grad=True)
    weight = torch.randn(3 * groups, 2, kernel, requires_grad=True)
    bias = torch.randn(3 * groups, requires_grad=True)
    found = convolve_tiles(x, weight, bias, stride, padding, dilation, groups)
    expected = F.conv1d(x, weight, bias, stride, padding, dilation, groups)
    assert_same(grown(found, x, weight, bias), grown(expected, x, weight, bias))


USED = {  # one for each way that layers of this project are computed, and the way
    "HiFi-GAN, residual": (Conv1d(64, 64, 11, dilation=5), (1, 64, 70), "tiles"),
    "HiFi-GAN, last": (Conv1d(32, 32, 3), (1, 32, 70), "library"),
    "scale discriminator, second": (Conv1d(128, 128, 41, 2, groups=4), (1, 128, 300), "tiles"),
    "scale discriminator, fifth": (Conv1d(512, 1024, 41, 4, groups=256), (1, 512, 100), "library"),
    "scale discriminator, last": (Conv1d(256, 64, 5), (1, 256, 20), "windows"),
    "period discriminator": (ColumnConv2d(128, 64, 5, 3), (1, 128, 20, 3), "windows"),
}


@pytest.mark.parametrize("name", USED)
def test_layers_as_they_are_used(name: str) -> None:
    torch.manual_seed(0)
    conv, shape, expected = USED[name]
    x = torch.randn(shape, requires_grad=True)
    assert way(conv.train(), x) == expected
    found = grown(conv(x), x, *conv.parameters())
    assert way(conv.eval(), x) == "library"
    assert_same(found, grown(conv(x), x, *conv.parameters()))


def test_transforms_are_not_for_half_precision() -> None:
    conv, x = Conv1d(64, 64, 11), torch.randn(1, 64, 30)
    with torch.autocast("cpu", torch.bfloat16):
        assert way(conv, x) == "library"
        assert torch.isfinite(conv(x)).all()


def test_keys_are_those_of_a_plain_convolution() -> None:
    assert Conv1d(2, 3, 5, groups=1).state_dict().keys() == nn.Conv1d(2, 3, 5).state_dict().keys()
