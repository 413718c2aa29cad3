"""Named batches. Shapes: B batch, P phones, T frames, S samples, M mel bands."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Self

import torch
from torch import Tensor


class Batch:
    def to(self, device: torch.device) -> Self:
        """A copy on ``device``; what is not a tensor stays as it is."""
        return self._with_tensors(lambda tensor: tensor.to(device, non_blocking=True))

    def pinned(self) -> Self:
        """A copy in memory that a GPU reads while the CPU goes on."""
        return self._with_tensors(Tensor.pin_memory)

    def copied(self) -> Self:
        """A copy in memory of its own."""
        return self._with_tensors(Tensor.clone)

    def take(self, other: Self) -> None:
        """The numbers of a batch of the same shapes, into the memory of this one."""
        for f in fields(self):  # type: ignore[arg-type]
            mine = getattr(self, f.name)
            if isinstance(mine, Tensor):
                mine.copy_(getattr(other, f.name), non_blocking=True)

    def _with_tensors(self, change: Callable[[Tensor], Tensor]) -> Self:
        values = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        return type(self)(**{k: change(v) if isinstance(v, Tensor) else v for k, v in values.items()})


@dataclass(frozen=True)
class AlignmentBatch(Batch):
    ids: tuple[str, ...]
    phone_ids: Tensor  # (B, P) int64, 0 = padding, a pause wherever there may be one
    phone_lengths: Tensor  # (B,) int64
    mel: Tensor  # (B, M, T) float32, z-scored per utterance and band
    mel_lengths: Tensor  # (B,) int64


@dataclass(frozen=True)
class AcousticBatch(Batch):
    ids: tuple[str, ...]
    phone_ids: Tensor  # (B, P) int64, 0 = padding
    phone_lengths: Tensor  # (B,) int64
    speaker_ids: Tensor  # (B,) int64
    durations: Tensor  # (B, P) int64, frames
    pitch: Tensor  # (B, P) or (B, T) float32, z-scored log-F0
    energy: Tensor  # (B, P) or (B, T) float32, z-scored log energy
    mel: Tensor  # (B, M, T) float32
    mel_lengths: Tensor  # (B,) int64


@dataclass(frozen=True)
class VocoderBatch(Batch):
    ids: tuple[str, ...]
    mel: Tensor  # (B, M, T) float32
    audio: Tensor  # (B, 1, T * hop_length) float32
    log_f0: Tensor  # (B, T) float32, interpolated where unvoiced
    first_frames: Tensor  # (B,) int64, where in its utterance each begins
    phases: Tensor  # (B,) float64, cycles of the F0 from the utterance's first frame to that one
