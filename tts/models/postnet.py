"""The postnet of Tacotron 2 (arXiv 1712.05884)."""

from itertools import pairwise

from torch import Tensor, nn

from tts.config.acoustic import PostnetConfig
from tts.models.masks import MaskedConv1d


class MaskedBatchNorm(nn.BatchNorm1d):
    """Batch norm over (B, L, C) whose statistics count real positions only."""

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]
        """x: (B, L, C), mask: (B, L). Returns (B, L, C), arbitrary where the mask is False."""
        if not self.training:
            return super().forward(x.transpose(1, 2)).transpose(1, 2)
        normed = super().forward(x[mask])
        return x.new_zeros(x.shape, dtype=normed.dtype).index_put((mask,), normed)


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
