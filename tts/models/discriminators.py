"""Discriminators: of periods, of scales, of complex spectra and of magnitude spectrograms, mixed as the config says.

HiFi-GAN's (``mpd.discriminators.i.convs.j``, ``msd...``, ``conv_post``) carry the published names and layout, so that
published weights can be loaded.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import pairwise
from math import lcm
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from tts.config.vocoder import ComplexSTFTConfig, DiscriminatorConfig, MultiResolutionConfig, PeriodConfig, ScaleConfig
from tts.models.cpu_conv import ColumnConv2d, Conv1d

SLOPE = 0.1
POWER_EPSILON = 1e-9  # under the square root of a magnitude, where its gradient would be infinite

# The papers' layers: output channels, kernel, stride (, groups). Channels are scaled by the config's width.
PERIOD_LAYERS = ((32, 5, 3), (128, 5, 3), (512, 5, 3), (1024, 5, 3), (1024, 5, 1))
SCALE_LAYERS = (
    (128, 15, 1, 1),
    (128, 41, 2, 4),
    (256, 41, 2, 16),
    (512, 41, 4, 64),
    (1024, 41, 4, 256),
    (1024, 41, 1, 256),
    (1024, 5, 1, 1),
)
SPECTRUM_LAYERS = ((32, 9, 1), (32, 9, 2), (32, 9, 2), (32, 9, 2), (32, 3, 1))  # kernel and stride of the last axis
PEAK = 0.8  # of audio that DAC's discriminators hear
PEAK_EPSILON = 1e-9

Norm = Callable[[nn.Module], nn.Module]


class DiscriminatorOutput(NamedTuple):
    score: Tensor  # (B, N), high = real
    features: list[list[Tensor]]  # the maps of every layer, one, or one for each band; the score's map included


class Game(nn.Module):
    """Discriminators that play against a generator."""

    weights: Mapping[str, float]  # of each, by its name, beside the others


def scores_of(outputs: Mapping[str, DiscriminatorOutput]) -> dict[str, Tensor]:
    return {name: output.score for name, output in outputs.items()}


def features_of(outputs: Mapping[str, DiscriminatorOutput]) -> dict[str, list[list[Tensor]]]:
    return {name: output.features for name, output in outputs.items()}


class PeriodDiscriminator(nn.Module):
    """Folds the waveform into rows of one period and convolves along time only."""

    def __init__(self, period: int, width: float, normalise: bool = False) -> None:
        super().__init__()
        self.period, self.normalise = period, normalise
        self.convs = nn.ModuleList()
        previous = 1
        for channels, kernel, stride in PERIOD_LAYERS:
            narrow = _narrow(channels, width)
            self.convs.append(weight_norm(ColumnConv2d(previous, narrow, kernel, stride)))
            previous = narrow
        self.conv_post = weight_norm(nn.Conv2d(previous, 1, (3, 1), padding=(1, 0)))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > period."""
        audio = normalised(audio) if self.normalise else audio
        audio = F.pad(audio, (0, -audio.shape[2] % self.period), mode="reflect")
        batch, _, length = audio.shape
        folded = audio.view(batch, 1, length // self.period, self.period)
        return judge(folded, self.convs, self.conv_post)


class ScaleDiscriminator(nn.Module):
    """Strided convolutions over the waveform, in groups up to ``max_groups``."""

    def __init__(self, max_groups: int, width: float, norm: Norm) -> None:
        super().__init__()
        self.convs = nn.ModuleList()
        all_groups = [min(groups, max_groups) for *_, groups in SCALE_LAYERS]
        previous = 1
        for (channels, kernel, stride, _), groups, next_groups in zip(
            SCALE_LAYERS, all_groups, [*all_groups[1:], 1], strict=True
        ):
            narrow = _narrow(channels, width, divisible_by=lcm(groups, next_groups))
            self.convs.append(norm(Conv1d(previous, narrow, kernel, stride, groups=groups)))
            previous = narrow
        self.conv_post = norm(nn.Conv1d(previous, 1, 3, padding=1))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S)."""
        return judge(audio, self.convs, self.conv_post)


class ComplexSTFTDiscriminator(nn.Module):
    """Real and imaginary part as two channels, in bands of frequency that only meet in the score; strided along it."""

    window: Tensor

    def __init__(self, n_fft: int, bands: Sequence[float], width: float) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)
        self.edges = [int(edge * (n_fft // 2 + 1)) for edge in (*bands, 1.0)]  # bins
        self.bands = nn.ModuleList(_spectrum_convs(2, width) for _ in bands)
        self.conv_post = weight_norm(nn.Conv2d(_narrow(SPECTRUM_LAYERS[-1][0], width), 1, 3, padding=1))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > n_fft / 2."""
        spectrum = _spectrum(normalised(audio), self.n_fft, self.n_fft // 4, self.window).transpose(2, 3)
        maps, ends = [], []
        for convs, (low, high) in zip(self.bands, pairwise(self.edges), strict=True):
            assert isinstance(convs, nn.ModuleList)
            features = through(channels_last(spectrum[..., low:high]), convs)  # (B, C, frames, bins)
            maps.append(features)
            ends.append(features[-1])
        score = self.conv_post(torch.cat(ends, dim=3))
        return DiscriminatorOutput(score.flatten(1), [*map(list, zip(*maps, strict=True)), [score]])


class ResolutionDiscriminator(nn.Module):
    """The magnitude alone, strided along time."""

    window: Tensor

    def __init__(self, n_fft: int, hop_length: int, win_length: int, width: float) -> None:
        super().__init__()
        self.n_fft, self.hop_length = n_fft, hop_length
        self.register_buffer("window", torch.hann_window(win_length), persistent=False)
        self.convs = _spectrum_convs(1, width)
        self.conv_post = weight_norm(nn.Conv2d(_narrow(SPECTRUM_LAYERS[-1][0], width), 1, 3, padding=1))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > n_fft / 2."""
        spectrum = _spectrum(audio, self.n_fft, self.hop_length, self.window)
        magnitude = (spectrum.square().sum(1, keepdim=True) + POWER_EPSILON).sqrt()
        return judge(channels_last(magnitude), self.convs, self.conv_post)


def _spectrum_convs(in_channels: int, width: float) -> nn.ModuleList:
    convs, previous = nn.ModuleList(), in_channels
    for channels, kernel, stride in SPECTRUM_LAYERS:
        narrow = _narrow(channels, width)
        convs.append(weight_norm(nn.Conv2d(previous, narrow, (3, kernel), (1, stride), padding=(1, kernel // 2))))
        previous = narrow
    return convs


def channels_last(x: Tensor) -> Tensor:
    """(B, C, H, W) in the order in memory in which few channels are convolved faster on a CPU (docs/performance.md)."""
    return x.contiguous(memory_format=torch.channels_last) if x.device.type == "cpu" else x


def _spectrum(audio: Tensor, n_fft: int, hop_length: int, window: Tensor) -> Tensor:
    """(B, 1, S), S > n_fft / 2, to (B, 2, n_fft // 2 + 1, frames): real part and imaginary part."""
    with torch.autocast(audio.device.type, enabled=False):
        spectrum = torch.stft(audio[:, 0].float(), n_fft, hop_length, len(window), window, return_complex=True)
        return torch.stack([spectrum.real, spectrum.imag], dim=1)


def normalised(audio: Tensor) -> Tensor:
    """(B, 1, S) without DC, at one peak: DAC's discriminators are deaf to the level."""
    audio = audio - audio.mean(2, keepdim=True)
    return PEAK * audio / (audio.abs().amax(2, keepdim=True) + PEAK_EPSILON)


def through(x: Tensor, convs: Iterable[nn.Module]) -> list[Tensor]:
    """What each layer makes of ``x``."""
    features = []
    for conv in convs:
        x = F.leaky_relu(conv(x), SLOPE)
        features.append(x)
    return features


def judge(x: Tensor, convs: Iterable[nn.Module], conv_post: nn.Module) -> DiscriminatorOutput:
    """The score of ``x``, and what each layer made of it."""
    features = through(x, convs)
    score = conv_post(features[-1])
    return DiscriminatorOutput(score.flatten(1), [[layer] for layer in (*features, score)])


def _narrow(channels: int, width: float, divisible_by: int = 1) -> int:
    return max(1, round(channels * width / divisible_by)) * divisible_by


class Family(nn.Module):
    """Discriminators of one kind, each with its name."""

    def __init__(self, names: Sequence[str], discriminators: Iterable[nn.Module]) -> None:
        super().__init__()
        self.names = names
        self.discriminators = nn.ModuleList(discriminators)

    def forward(self, audio: Tensor, judges: Container[str]) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        members = zip(self.names, self.discriminators, strict=True)
        return {name: member(audio) for name, member in members if name in judges}


class MultiScaleDiscriminator(Family):
    """Each discriminator hears half the sample rate of the one before. The first is spectrally normed."""

    def __init__(self, config: ScaleConfig) -> None:
        super().__init__(
            [f"scale_{2**index}" for index in range(config.n_scales)],
            (
                ScaleDiscriminator(config.max_groups, config.width, weight_norm if index else spectral_norm)
                for index in range(config.n_scales)
            ),
        )

    def forward(self, audio: Tensor, judges: Container[str]) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        outputs: dict[str, DiscriminatorOutput] = {}
        for name, member in zip(self.names, self.discriminators, strict=True):
            if name in judges:
                outputs[name] = member(audio)
            audio = F.avg_pool1d(audio, 4, 2, padding=2)
        return outputs


class Discriminators(Game):
    """Those of the config. Outputs are named ``period_2``, ``scale_1``, ``stft_2048``, ``resolution_1024``..."""

    def __init__(self, members: Sequence[DiscriminatorConfig]) -> None:
        super().__init__()
        self.weights = {}
        for member in members:
            name, family = _family(member)
            self.add_module(name, family)
            self.weights |= dict.fromkeys(family.names, member.weight)

    def drawn(self, n: int, random: np.random.Generator) -> dict[str, float]:
        """Names of ``n`` of each kind, or of all where there are no more, and weights with which they stand for all."""
        weights: dict[str, float] = {}
        for family in self.children():
            assert isinstance(family, Family)
            names, n_drawn = family.names, min(n, len(family.names))
            chosen = sorted(random.choice(len(names), n_drawn, replace=False))
            weights |= {names[i]: self.weights[names[i]] * len(names) / n_drawn for i in chosen}
        return weights

    def forward(self, audio: Tensor, judges: Container[str] | None = None) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S). ``judges``: the names of those that judge; None: all."""
        outputs: dict[str, DiscriminatorOutput] = {}
        for family in self.children():
            outputs |= family(audio, self.weights if judges is None else judges)
        return outputs


def _family(config: DiscriminatorConfig) -> tuple[str, Family]:
    """A family and the name of its weights."""
    width = config.width
    match config:
        case PeriodConfig(periods=periods):
            names = [f"period_{period}" for period in periods]
            return "mpd", Family(names, (PeriodDiscriminator(p, width, config.normalise) for p in periods))
        case ScaleConfig():
            return "msd", MultiScaleDiscriminator(config)
        case ComplexSTFTConfig(n_ffts=n_ffts, bands=bands):
            names = [f"stft_{n_fft}" for n_fft in n_ffts]
            return "mstftd", Family(names, (ComplexSTFTDiscriminator(n_fft, bands, width) for n_fft in n_ffts))
        case MultiResolutionConfig(n_ffts=n_ffts):
            names = [f"resolution_{n_fft}" for n_fft in n_ffts]
            resolutions = zip(n_ffts, config.hop_lengths, config.win_lengths, strict=True)
            return "mrd", Family(names, (ResolutionDiscriminator(*r, width) for r in resolutions))
