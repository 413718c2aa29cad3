import torch

from tts.models.fft_block import SelfAttention
from tts.models.masks import length_mask


def test_attention_is_the_same_in_training() -> None:
    torch.manual_seed(0)
    attention, mask = SelfAttention(16, 2), length_mask(torch.tensor([40, 25]), 40)
    found = []
    for training in (True, False):
        x = torch.linspace(-1, 1, 2 * 40 * 16).view(2, 40, 16).sin().requires_grad_()
        y = attention.train(training)(x, mask)
        found.append((y, *torch.autograd.grad(y.square().sum(), [x, *attention.parameters()])))
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
