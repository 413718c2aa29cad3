"""Convolutions by products of matrices: the same numbers, forwards and backwards, as the library's."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tts.models.window_conv import WIDE, ColumnConv2d, WideConv1d

Grown = tuple[torch.Tensor, ...]


def grown(conv: nn.Module, x: torch.Tensor, wide: int) -> Grown:
    """The output, and the gradients of the input, weight and bias."""
    conv.wide = wide
    x = x.clone().requires_grad_()
    output = conv(x)
    conv.zero_grad()
    (output * torch.linspace(-1, 1, output.numel()).view_as(output)).sum().backward()
    return output, x.grad, conv.weight.grad.clone(), conv.bias.grad.clone()


def same(conv: nn.Module, x: torch.Tensor) -> bool:
    pairs = zip(grown(conv, x, wide=1), grown(conv, x, wide=10**6), strict=True)
    return all(torch.allclose(a, b, rtol=1e-4, atol=1e-4) and a.shape == b.shape for a, b in pairs)


@given(st.sampled_from([1, 3, 5, 7]), st.integers(1, 4), st.integers(1, 40), st.integers(1, 7))
def test_along_one_of_two_axes(kernel: int, stride: int, height: int, width: int) -> None:
    torch.manual_seed(0)
    assert same(ColumnConv2d(6, 4, kernel, stride), torch.randn(2, 6, height, width))


@given(st.sampled_from([1, 5, 41]), st.integers(1, 4), st.integers(1, 60))
def test_along_the_only_axis(kernel: int, stride: int, length: int) -> None:
    torch.manual_seed(0)
    assert same(WideConv1d(6, 4, kernel, stride, padding=kernel // 2), torch.randn(2, 6, length))


@pytest.mark.parametrize("groups", [1, 4])
def test_a_wide_layer_as_it_is_used(groups: int) -> None:
    torch.manual_seed(0)
    conv, x = WideConv1d(WIDE, 8, 5, padding=2, groups=groups), torch.randn(2, WIDE, 30)
    expected = nn.functional.conv1d(x, conv.weight, conv.bias, padding=2, groups=groups)
    torch.testing.assert_close(conv(x), expected, rtol=1e-4, atol=1e-5)
