import pytest
import torch
from torch import nn

from tts.models.postnet import MaskedBatchNorm

MASK = torch.arange(7)[None] < torch.tensor([7, 3, 1])[:, None]


@pytest.mark.parametrize("shared", [False, True])
def test_batch_norm_of_the_real_positions_alone(shared: bool) -> None:
    """Outputs, gradients and running statistics are those of torch, had there been no padding."""
    x = torch.randn(3, 7, 5, generator=torch.Generator().manual_seed(0))
    x[~MASK] = torch.nan
    masked, plain = MaskedBatchNorm(5), nn.BatchNorm1d(5)
    for step in range(2):
        mine, theirs = (step + x).requires_grad_(), (step + x).requires_grad_()
        found = masked._over_processes(mine[MASK]) if shared else masked(mine, MASK)[MASK]
        expected = plain(theirs[MASK])
        torch.testing.assert_close(found, expected)
        for y in (found, expected):
            (y * torch.arange(5)).sin().sum().backward()
        torch.testing.assert_close(mine.grad, theirs.grad)
    torch.testing.assert_close(masked.state_dict(), plain.state_dict())
    masked.eval()
    plain.eval()
    torch.testing.assert_close(masked(x, MASK)[MASK], plain(x[MASK]))
