import numpy as np
import torch

from tts.losses.f0 import f0_cross_entropy

GRID = torch.arange(300, dtype=torch.float64) * 20 / 1200 * np.log(2) + np.log(60.0)


def test_it_equals_the_formula() -> None:
    torch.manual_seed(0)
    logits, log_f0 = torch.randn(2, 300, 7), torch.rand(2, 7) + 4.6
    cents = 1200 / np.log(2) * (GRID.numpy()[:, None] - log_f0.numpy()[:, None])
    target = np.exp(-0.5 * (cents / 25) ** 2)
    target /= target.sum(1, keepdims=True)
    shares = np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(1, keepdims=True)
    assert np.isclose(f0_cross_entropy(logits, log_f0, GRID), -(target * np.log(shares)).sum(1).mean())


def test_the_right_step_scores_best_and_near_misses_score_better_than_far_ones() -> None:
    log_f0 = GRID[150].float()[None, None]
    choices = torch.nn.functional.one_hot(torch.arange(300), 300).float() * 20
    losses = torch.stack([f0_cross_entropy(choice[None, :, None], log_f0, GRID) for choice in choices[150:156]])
    assert (losses.diff() > 0).all()
