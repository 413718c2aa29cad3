"""The postnet of Tacotron 2 (arXiv 1712.05884)."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from tts.config.acoustic import PostnetConfig
from tts.models.masks import MaskedConv1d
from tts.models.processes import n_learning, sum_over_processes


class MaskedBatchNorm(nn.BatchNorm1d):
    """Batch norm over (B, L, C) whose statistics count real positions only, those of all processes that train."""

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    momentum: float

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]
        """x: (B, L, C), mask: (B, L). Returns (B, L, C), arbitrary where the mask is False."""
        if not self.training:
            return super().forward(x.transpose(1, 2)).transpose(1, 2)
        real = x[mask]
        normed = super().forward(real) if n_learning() == 1 else self._over_processes(real)
        return x.new_zeros(x.shape, dtype=normed.dtype).index_put((mask,), normed)

    def _over_processes(self, x: Tensor) -> Tensor:
        """x: (N, C), this process's share. torch has this for GPUs alone (``SyncBatchNorm``)."""
        with torch.autocast(x.device.type, enabled=False):  # 8 bits are too few for a variance
            x = x.float()
            n = sum_over_processes(torch.full((), len(x), dtype=x.dtype, device=x.device))
            mean = sum_over_processes(x.sum(0)) / n
            centred = x - mean
            variance = sum_over_processes(centred.square().sum(0)) / n
            with torch.no_grad():  # the running variance is the unbiased one
                self.num_batches_tracked += 1
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(variance * n / (n - 1).clamp(min=1), self.momentum)
            return centred * (variance + self.eps).rsqrt() * self.weight + self.bias


class Postnet(nn.Module):
    """A residual for the mel: convolutions with batch norm, tanh on all but the last, dropout on all."""

    def __init__(self, config: PostnetConfig, n_mels: int) -> None:
        super().__init__()
        channels = [n_mels, *[config.channels] * (config.n_layers - 1), n_mels]
        self.convs = nn.ModuleList(MaskedConv1d(a, b, config.kernel) for a, b in pairwise(channels))
        self.norms = nn.ModuleList(MaskedBatchNorm(b) for b in channels[1:])
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, T, M), mask: (B, T). Returns (B, T, M), arbitrary where the mask is False."""
        last = len(self.convs) - 1
        for index, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            x = norm(conv(x, mask), mask)
            x = self.dropout(x if index == last else x.tanh())
        return x
