import pytest
import torch

from tts.models.fft_block import SelfAttention
from tts.models.masks import length_mask


@pytest.mark.parametrize("pooling", [1, 4])
def test_attention_is_the_same_in_training(pooling: int) -> None:
    torch.manual_seed(0)
    attention, mask = SelfAttention(16, 2, pooling), length_mask(torch.tensor([40, 25]), 40)
    found = []
    for training in (True, False):
        x = torch.linspace(-1, 1, 2 * 40 * 16).view(2, 40, 16).sin().requires_grad_()
        y = attention.train(training)(x, mask)
        found.append((y, *torch.autograd.grad(y.square().sum(), [x, *attention.parameters()])))
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_neighbours_that_are_equal_are_attended_to_as_one() -> None:
    torch.manual_seed(0)
    plain, pooled = SelfAttention(16, 2).eval(), SelfAttention(16, 2, 4).eval()
    pooled.load_state_dict(plain.state_dict())
    x, mask = torch.randn(2, 5, 16).repeat_interleave(4, 1), length_mask(torch.tensor([20, 12]), 20)
    torch.testing.assert_close(pooled(x, mask), plain(x, mask))


@pytest.mark.parametrize("length", [1, 3, 4, 5, 9])
def test_padding_changes_no_mean(length: int) -> None:
    torch.manual_seed(0)
    attention = SelfAttention(16, 2, 4).eval()
    x = torch.randn(1, 16, 16)
    alone = attention(x[:, :length], length_mask(torch.tensor([length]), length))
    padded = attention(x, length_mask(torch.tensor([length]), 16))
    torch.testing.assert_close(padded[:, :length], alone)
