"""Exponential moving average of weights: a model calmer than the one that learns, to be judged and exported."""

import torch
from torch import nn


@torch.no_grad()
def update_average(average: nn.Module, learner: nn.Module, decay: float, step: int) -> None:
    """Move ``average`` towards ``learner`` after its step number ``step``, counted from 0.

    Early steps weigh more, as if ``decay`` were ``(1 + step) / (10 + step)``, so that the first random weights are soon
    forgotten.
    """
    share = 1 - min(decay, (1 + step) / (10 + step))
    torch._foreach_lerp_(list(average.parameters()), list(learner.parameters()), share)
    for mine, theirs in zip(average.buffers(), learner.buffers(), strict=True):
        mine.copy_(theirs)
