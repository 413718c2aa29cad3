"""Means over real positions only: what stands in the padding, and how much of it there is, changes nothing.

Masks are True where a position is real and broadcast against the prediction, so a ``frame_mask`` (B, T) goes with a
mel (B, M, T) as ``frame_mask[:, None]``. Without any real position the loss is 0, with zero gradients.
"""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from tts.models.processes import mean_over_processes


def masked_l1(prediction: Tensor, target: Tensor, mask: Tensor, per_item: bool = False) -> Tensor:
    """Mean absolute error. prediction, target: (B, ...) alike; mask: bool. Returns a scalar, or one per item (B,)."""
    return _masked_mean(F.l1_loss, prediction, target, mask, per_item)


def masked_mse(prediction: Tensor, target: Tensor, mask: Tensor, per_item: bool = False) -> Tensor:
    """Mean squared error. prediction, target: (B, ...) alike; mask: bool. Returns a scalar, or one per item (B,)."""
    return _masked_mean(F.mse_loss, prediction, target, mask, per_item)


def _masked_mean(
    loss: Callable[..., Tensor], prediction: Tensor, target: Tensor, mask: Tensor, per_item: bool
) -> Tensor:
    if prediction.shape != target.shape:
        raise ValueError(f"prediction {tuple(prediction.shape)} and target {tuple(target.shape)} differ in shape")
    mask = mask.expand_as(prediction)
    # Masked before the loss as well as after: the gradient of a NaN in the padding would be NaN, not 0.
    values = loss(prediction.where(mask, 0.0), target.where(mask, 0.0), reduction="none").where(mask, 0.0)
    if per_item:
        return values.flatten(1).sum(1) / mask.flatten(1).sum(1).clamp(min=1)
    return values.sum() / mean_over_processes(mask.sum().float()).clamp(min=1.0)
