"""Discriminators of mel spectrograms, for an acoustic model whose mels should not be averages.

Windows of several lengths are judged, each by its own convolutions (HiFiSinger, arXiv 2009.01776); feature matching
beside the adversarial loss as in GANSpeech (arXiv 2106.15153).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from tts.config.acoustic import MelDiscriminatorsConfig
from tts.models.discriminators import DiscriminatorOutput, Game, judge

CENTRE, SPREAD = -5.0, 2.0  # of log mels of speech, roughly
N_LAYERS = 3  # each of half the bands and frames of the one before, and twice its channels


class WindowDiscriminator(nn.Module):
    """Convolutions over mels whose bands it knows: beside the mel it sees the height of each band."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = [2, *(channels * 2**layer for layer in range(N_LAYERS))]
        self.convs = nn.ModuleList(
            weight_norm(nn.Conv2d(previous, size, 3, stride=2, padding=1)) for previous, size in pairwise(sizes)
        )
        self.conv_post = weight_norm(nn.Conv2d(sizes[-1], 1, 3, padding=1))

    def forward(self, mel: Tensor) -> DiscriminatorOutput:
        """mel: (B, M, T)."""
        height = torch.linspace(-1, 1, mel.shape[1], device=mel.device)[:, None].expand_as(mel)
        return judge(torch.stack([(mel - CENTRE) / SPREAD, height], dim=1), self.convs, self.conv_post)


class MelDiscriminators(Game):
    """One discriminator per window length. Outputs are named ``mel_32``, ``mel_64``..."""

    def __init__(self, config: MelDiscriminatorsConfig) -> None:
        super().__init__()
        self.windows = config.windows
        self.weights = {f"mel_{window}": 1.0 for window in config.windows}
        self.discriminators = nn.ModuleList(WindowDiscriminator(config.channels) for _ in config.windows)

    def forward(self, mel: Tensor, starts: Mapping[int, Tensor]) -> dict[str, DiscriminatorOutput]:
        """mel: (B, M, T); starts: per window length, the first frames (B,)."""
        return {
            f"mel_{window}": discriminator(cut(mel, starts[window], window))
            for window, discriminator in zip(self.windows, self.discriminators, strict=True)
        }


def random_starts(mel_lengths: Tensor, windows: Sequence[int]) -> dict[int, Tensor]:
    """Per window length, where a window begins in each utterance (B,): anywhere where all of it is speech."""
    return {
        window: (torch.rand_like(mel_lengths, dtype=torch.float) * (mel_lengths - window + 1).clamp(min=1)).long()
        for window in windows
    }


def cut(mel: Tensor, starts: Tensor, window: int) -> Tensor:
    """(B, M, T) to (B, M, window); utterances that are shorter end in padding."""
    if mel.shape[2] < window:
        mel = F.pad(mel, (0, window - mel.shape[2]), value=CENTRE)
    frames = starts[:, None] + torch.arange(window, device=mel.device)
    return mel.gather(2, frames[:, None].expand(-1, mel.shape[1], -1))
