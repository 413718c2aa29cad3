import pytest
import torch

from tts.models.cpu_conv import WIDE
from tts.models.masks import MaskedConv1d, length_mask


def test_true_is_real() -> None:
    assert length_mask(torch.tensor([0, 2, 3]), 3).tolist() == [[False] * 3, [True, True, False], [True] * 3]


def test_what_stands_in_the_padding_does_not_matter() -> None:
    conv, mask = MaskedConv1d(2, 3, kernel=5), length_mask(torch.tensor([4]), 7)
    x = torch.randn(1, 7, 2)
    rubbish = x.masked_fill(~mask[:, :, None], 1e6)
    torch.testing.assert_close(conv(x, mask)[:, :4], conv(rubbish, mask)[:, :4])
    torch.testing.assert_close(conv(x, mask)[:, :4], conv(x[:, :4], mask[:, :4]))


@pytest.mark.parametrize("kernel", [1, 9])
def test_a_wide_convolution_is_the_same_in_training(kernel: int) -> None:
    torch.manual_seed(0)
    conv, x, mask = MaskedConv1d(WIDE, 8, kernel), torch.randn(2, 20, WIDE), length_mask(torch.tensor([20, 13]), 20)
    torch.testing.assert_close(conv.train()(x, mask)[mask], conv.eval()(x, mask)[mask], rtol=1e-4, atol=1e-5)
