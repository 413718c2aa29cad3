import torch

from tts.models.masks import MaskedConv1d, length_mask


def test_true_is_real() -> None:
    assert length_mask(torch.tensor([0, 2, 3]), 3).tolist() == [[False] * 3, [True, True, False], [True] * 3]


def test_what_stands_in_the_padding_does_not_matter() -> None:
    conv, mask = MaskedConv1d(2, 3, kernel=5), length_mask(torch.tensor([4]), 7)
    x = torch.randn(1, 7, 2)
    rubbish = x.masked_fill(~mask[:, :, None], 1e6)
    torch.testing.assert_close(conv(x, mask)[:, :4], conv(rubbish, mask)[:, :4])
    torch.testing.assert_close(conv(x, mask)[:, :4], conv(x[:, :4], mask[:, :4]))
