"""The feed-forward Transformer block of FastSpeech (arXiv 1905.09263)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tts.config.acoustic import FFTBlockConfig
from tts.models.masks import MaskedConv1d

# The score of a padded key. Its weight exp(-1e4) is exactly 0 in float32, while minus infinity would turn rows that are
# all padding into NaN.
PADDING_SCORE = -1e4


class Positions(nn.Module):
    """Sinusoidal positions (arXiv 1706.03762), computed for the length at hand: there is no maximum."""

    frequencies: Tensor

    def __init__(self, hidden: int) -> None:
        super().__init__()
        frequencies = 10_000 ** (-torch.arange(0, hidden, 2, dtype=torch.float64) / hidden)
        self.register_buffer("frequencies", frequencies.float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, L, C). Returns x + positions."""
        steps = torch.arange(x.shape[1], device=x.device, dtype=torch.float32)
        angles = steps[:, None] * self.frequencies  # (L, C / 2)
        return x + torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


class SelfAttention(nn.Module):
    """Multi-head self-attention in which nobody attends to padding.

    With ``pooling``, neighbours are attended to as one, their mean (memory-compressed attention, arXiv 1801.10198):
    frames of speech are much alike, and the products of all pairs are that many times fewer.
    """

    def __init__(self, hidden: int, n_heads: int, pooling: int = 1) -> None:
        super().__init__()
        self.n_heads, self.pooling = n_heads, pooling
        self.scale = (hidden // n_heads) ** -0.5
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.output = nn.Linear(hidden, hidden)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, L, C), mask: (B, L). Returns (B, L, C)."""
        hidden = self.output.in_features
        query, key_value = self.query_key_value(x).split((hidden, 2 * hidden), dim=2)
        if self.pooling > 1:
            key_value, mask = self._pooled(key_value, mask)
        query = query.unflatten(2, (self.n_heads, -1)).transpose(1, 2)  # (B, heads, L, C / heads)
        key, value = key_value.unflatten(2, (2, self.n_heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        padding = ~mask[:, None, None]  # (B, 1, 1, L)
        bias = torch.zeros_like(padding, dtype=query.dtype).masked_fill(padding, PADDING_SCORE)
        if self.training:  # the same without a table of all pairs in memory; not for graphs
            attended = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        else:
            # The bias comes with the product, as one more channel: another pass over all pairs costs what softmax does.
            query = torch.cat([query * self.scale, 0.0 * query[..., :1] + 1.0], 3)
            key = torch.cat([key, 0.0 * key[..., :1] + bias.transpose(2, 3)], 3)
            attended = (query @ key.transpose(2, 3)).softmax(3) @ value
        output: Tensor = self.output(attended.transpose(1, 2).flatten(2))
        return output

    def _pooled(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """x: (B, L, C), mask: (B, L). Means (B, N, C) over what is real of N windows, and the mask of these (B, N)."""

        def means(values: Tensor) -> Tensor:
            pooled = F.avg_pool2d(values[:, None], (self.pooling, 1), ceil_mode=True, count_include_pad=False)
            return pooled[:, 0]

        real = mask[:, :, None]
        share = means(real.to(x.dtype))
        return means(x.masked_fill(~real, 0.0)) / torch.where(share > 0, share, 1.0), share[:, :, 0] > 0


class FFTBlock(nn.Module):
    """Self-attention and two convolutions, each with dropout, residual and layer norm after it."""

    def __init__(self, config: FFTBlockConfig, hidden: int) -> None:
        super().__init__()
        self.attention = SelfAttention(hidden, config.n_heads, config.pooling)
        self.attention_norm = nn.LayerNorm(hidden)
        self.conv_1 = MaskedConv1d(hidden, config.conv_channels, config.conv_kernels[0])
        self.conv_2 = MaskedConv1d(config.conv_channels, hidden, config.conv_kernels[1])
        self.conv_norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, L, C), mask: (B, L). Returns (B, L, C)."""
        x = self.attention_norm(x + self.dropout(self.attention(x, mask)))
        convolved = self.conv_2(self.conv_1(x, mask).relu(), mask)
        normed: Tensor = self.conv_norm(x + self.dropout(convolved))
        return normed


class FFTStack(nn.Module):
    """Positions, then blocks: the encoder and the decoder of FastSpeech 2."""

    def __init__(self, config: FFTBlockConfig, hidden: int) -> None:
        super().__init__()
        self.positions = Positions(hidden)
        self.blocks = nn.ModuleList(FFTBlock(config, hidden) for _ in range(config.n_blocks))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (B, L, C), mask: (B, L). Returns (B, L, C), arbitrary where the mask is False."""
        x = self.positions(x)
        for block in self.blocks:
            x = block(x, mask)
        return x
