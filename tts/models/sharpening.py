"""A postfilter of predicted mels, which are smoother than recorded ones: what stands out from its surroundings in
frequency, such as a formant, stands out more, as in synthesis by hidden Markov models (Yoshimura et al., 2005)."""

from math import ceil

import torch
from torch import Tensor, nn

SURROUNDINGS = 0.05  # standard deviation of the Gaussian that averages them, as a share of the bands
REACH = 4.0  # standard deviations


class Sharpening(nn.Module):
    """Mels (B, M, T) plus ``sharpness`` times what they differ from their surroundings by. Flat ones stay."""

    matrix: Tensor  # (M, M)

    def __init__(self, n_mels: int, sharpness: float) -> None:
        super().__init__()
        identity = torch.eye(n_mels)
        matrix = identity + sharpness * (identity - _averages(n_mels))
        self.register_buffer("matrix", matrix, persistent=False)

    def forward(self, mel: Tensor) -> Tensor:
        return torch.matmul(self.matrix, mel)


def _averages(n_mels: int) -> Tensor:
    """(M, M) The Gaussian around each band; beyond the first and the last, these go on."""
    deviation = SURROUNDINGS * n_mels
    reach = ceil(REACH * deviation)
    offsets = torch.arange(-reach, reach + 1)
    weights = torch.exp(-0.5 * (offsets / deviation) ** 2)
    bands = (torch.arange(n_mels)[:, None] + offsets).clamp(0, n_mels - 1)
    return torch.zeros(n_mels, n_mels).scatter_add_(1, bands, (weights / weights.sum()).expand(n_mels, -1))
