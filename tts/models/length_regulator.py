"""From phones to frames: each phone's vector repeated for its duration (FastSpeech, arXiv 1905.09263).

No loop and no fixed length: the same operations run for any batch, in torch and in the exported graph, in O(P + T)
memory beyond the result.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def phone_of_frame(durations: Tensor) -> Tensor:
    """The phone that each frame belongs to.

    durations: (B, P) int64, frames, >= 0. Returns (B, T) int64 with T = the longest row's sum, at least 1; frames
    beyond the end of their row point at its last phone.
    """
    batch, n_phones = durations.shape
    ends = durations.cumsum(1)
    # The number of frames stays a tensor: converted, it would be a constant of the exported graph.
    n_frames: Any = ends[:, -1].max().clamp(min=1)
    # A frame's phone is the number of phones that ended at or before it: count the ends per frame, then accumulate.
    n_ended = torch.zeros(batch, n_frames + 1, dtype=torch.int64, device=durations.device)
    n_ended = n_ended.scatter_add(1, ends, torch.ones_like(ends)).cumsum(1)
    return n_ended[:, :-1].clamp(max=n_phones - 1)


def mean_of_frames(x: Tensor, durations: Tensor) -> Tensor:
    """Frame values to phone values: the mean over the frames of each phone, 0 for a phone without any.

    x: (B, T, C), durations: (B, P) int64, frames. Returns (B, P, C).
    """
    sums = F.pad(x.float().cumsum(1), (0, 0, 1, 0))  # (B, T + 1, C)
    ends = durations.cumsum(1)
    after, before = (sums.gather(1, at[:, :, None].expand(-1, -1, x.shape[2])) for at in (ends, ends - durations))
    return (after - before) / durations.clamp(min=1)[:, :, None]


def expand(x: Tensor, phone_index: Tensor) -> Tensor:
    """Phone values to frame values.

    x: (B, P, ...), phone_index: (B, T) int64. Returns (B, T, ...).
    """
    batch, n_phones = x.shape[:2]
    # Rows of the flattened batch, because an index as wide as the result would cost twice its memory.
    rows = phone_index + n_phones * torch.arange(batch, device=x.device)[:, None]
    return x.flatten(0, 1)[rows]
