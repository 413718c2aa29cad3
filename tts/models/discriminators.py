"""The discriminators of HiFi-GAN (arXiv 2010.05646): five that look at periods, three that look at scales.

Submodules carry the published names and layout (``mpd.discriminators.i.convs.j``, ``msd...``, ``conv_post``).
"""

from collections.abc import Callable
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from tts.config.schema import DiscriminatorConfig

SLOPE = 0.1

# The paper's layers: output channels, kernel, stride (, groups). Channels are scaled by the config's width.
PERIOD_LAYERS = ((32, 5, 3), (128, 5, 3), (512, 5, 3), (1024, 5, 3), (1024, 5, 1))
SCALE_LAYERS = (
    (128, 15, 1, 1),
    (128, 41, 2, 4),
    (256, 41, 2, 16),
    (512, 41, 4, 16),
    (1024, 41, 4, 16),
    (1024, 41, 1, 16),
    (1024, 5, 1, 1),
)
MAX_GROUPS = 16

Norm = Callable[[nn.Module], nn.Module]


class DiscriminatorOutput(NamedTuple):
    score: Tensor  # (B, N), 1 = real
    features: list[Tensor]  # of every layer, the score's map included


class PeriodDiscriminator(nn.Module):
    """Folds the waveform into rows of one period and convolves along time only."""

    def __init__(self, period: int, width: float) -> None:
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList()
        previous = 1
        for channels, kernel, stride in PERIOD_LAYERS:
            narrow = max(1, round(channels * width))
            conv = nn.Conv2d(previous, narrow, (kernel, 1), (stride, 1), padding=(kernel // 2, 0))
            self.convs.append(weight_norm(conv))
            previous = narrow
        self.conv_post = weight_norm(nn.Conv2d(previous, 1, (3, 1), padding=(1, 0)))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > period."""
        audio = F.pad(audio, (0, -audio.shape[2] % self.period), mode="reflect")
        batch, _, length = audio.shape
        folded = audio.view(batch, 1, length // self.period, self.period)
        return _judge(folded, self.convs, self.conv_post)


class ScaleDiscriminator(nn.Module):
    """Strided, grouped convolutions over the waveform."""

    def __init__(self, width: float, norm: Norm) -> None:
        super().__init__()
        self.convs = nn.ModuleList()
        previous = 1
        for channels, kernel, stride, groups in SCALE_LAYERS:
            narrow = max(1, round(channels * width / MAX_GROUPS)) * MAX_GROUPS  # divisible by every number of groups
            conv = nn.Conv1d(previous, narrow, kernel, stride, padding=kernel // 2, groups=groups)
            self.convs.append(norm(conv))
            previous = narrow
        self.conv_post = norm(nn.Conv1d(previous, 1, 3, padding=1))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S)."""
        return _judge(audio, self.convs, self.conv_post)


def _judge(x: Tensor, convs: nn.ModuleList, conv_post: nn.Module) -> DiscriminatorOutput:
    features = []
    for conv in convs:
        x = F.leaky_relu(conv(x), SLOPE)
        features.append(x)
    x = conv_post(x)
    return DiscriminatorOutput(score=x.flatten(1), features=[*features, x])


class MultiPeriodDiscriminator(nn.Module):
    def __init__(self, periods: tuple[int, ...], width: float) -> None:
        super().__init__()
        self.discriminators = nn.ModuleList(PeriodDiscriminator(period, width) for period in periods)
        self.names = [f"period_{period}" for period in periods]

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        return {name: judge(audio) for name, judge in zip(self.names, self.discriminators, strict=True)}


class MultiScaleDiscriminator(nn.Module):
    """Each discriminator hears half the sample rate of the one before. The first is spectrally normed."""

    def __init__(self, n_scales: int, width: float) -> None:
        super().__init__()
        self.discriminators = nn.ModuleList(
            ScaleDiscriminator(width, weight_norm if index else spectral_norm) for index in range(n_scales)
        )

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        outputs = {}
        for index, judge in enumerate(self.discriminators):
            outputs[f"scale_{2**index}"] = judge(audio)
            audio = F.avg_pool1d(audio, 4, 2, padding=2)
        return outputs


class Discriminators(nn.Module):
    """All of them. Outputs are named ``period_2`` ..., ``scale_1``, ``scale_2``, ``scale_4``."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.mpd = MultiPeriodDiscriminator(config.periods, config.width)
        self.msd = MultiScaleDiscriminator(config.n_scales, config.width)

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        return {**self.mpd(audio), **self.msd(audio)}
