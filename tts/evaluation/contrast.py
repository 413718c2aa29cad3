"""How clear predicted mels are: whether neighbouring bands and frames differ as much as recorded ones do."""

import torch
from torch import Tensor

from tts.losses.masked import masked_l1

CONTRAST = "contrast"
SILENCE = 1e-3  # mean difference of neighbours below which nothing is recorded


def contrast(predicted: Tensor, recorded: Tensor, frame_mask: Tensor) -> Tensor:
    """predicted, recorded: (B, M, T), natural log. frame_mask: (B, T), bool.

    Returns for each item (B,) the mean difference of neighbours, in time and across bands, as a share of the recorded
    one, at most 1: less for the averages that a mean error asks for, which sound muffled.
    """
    bands = frame_mask[:, None]
    frames = bands[..., 1:] & bands[..., :-1]
    shares = [
        (_size(predicted.diff(dim=dim), mask) / _size(recorded.diff(dim=dim), mask).clamp(min=SILENCE)).clamp(max=1.0)
        for dim, mask in ((1, bands), (2, frames))
    ]
    return torch.stack(shares).mean(dim=0)


def with_contrast(loss: float, contrast: float) -> float:
    """The figure by which checkpoints are compared: the loss, raised by the share of contrast that is missing.

    The distance of mels is least where they are averages, so it would end a training against discriminators when mels
    have only begun to be clear.
    """
    return loss * (2.0 - contrast)


def _size(values: Tensor, mask: Tensor) -> Tensor:
    return masked_l1(values, torch.zeros_like(values), mask, per_item=True)
