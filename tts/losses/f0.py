"""How far a predicted F0 is from the recorded one, where it is chosen from a grid (CREPE, arXiv 1802.06182)."""

from math import log

from torch import Tensor

BLUR = 25 / 1200 * log(2)  # 25 cents as in the paper: a near miss is a small mistake


def f0_cross_entropy(logits: Tensor, log_f0: Tensor, grid: Tensor) -> Tensor:
    """logits: (B, N, T) of the ``grid`` (N,) of log F0. log_f0: (B, T) recorded, interpolated where unvoiced.

    Returns a scalar, the cross-entropy against the recorded F0 blurred over its neighbours on the grid.
    """
    distance = (grid[:, None] - log_f0[:, None]) / BLUR
    target = (-distance.square() / 2).softmax(dim=1).to(logits.dtype)
    return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()
