"""Discriminators: of periods, of scales, of complex spectra and of magnitude spectrograms, mixed as the config says.

HiFi-GAN's (``mpd.discriminators.i.convs.j``, ``msd...``, ``conv_post``) carry the published names and layout, so that
published weights can be loaded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import lcm
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from tts.config.vocoder import ComplexSTFTConfig, DiscriminatorConfig, MultiResolutionConfig, PeriodConfig, ScaleConfig

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

Norm = Callable[[nn.Module], nn.Module]


class DiscriminatorOutput(NamedTuple):
    score: Tensor  # (B, N), high = real
    features: list[Tensor]  # of every layer, the score's map included


def scores_of(outputs: Mapping[str, DiscriminatorOutput]) -> dict[str, Tensor]:
    return {name: output.score for name, output in outputs.items()}


def features_of(outputs: Mapping[str, DiscriminatorOutput]) -> dict[str, list[Tensor]]:
    return {name: output.features for name, output in outputs.items()}


class PeriodDiscriminator(nn.Module):
    """Folds the waveform into rows of one period and convolves along time only."""

    def __init__(self, period: int, width: float) -> None:
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList()
        previous = 1
        for channels, kernel, stride in PERIOD_LAYERS:
            narrow = _narrow(channels, width)
            conv = nn.Conv2d(previous, narrow, (kernel, 1), (stride, 1), padding=(kernel // 2, 0))
            self.convs.append(weight_norm(conv))
            previous = narrow
        self.conv_post = weight_norm(nn.Conv2d(previous, 1, (3, 1), padding=(1, 0)))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > period."""
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
            conv = nn.Conv1d(previous, narrow, kernel, stride, padding=kernel // 2, groups=groups)
            self.convs.append(norm(conv))
            previous = narrow
        self.conv_post = norm(nn.Conv1d(previous, 1, 3, padding=1))

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S)."""
        return judge(audio, self.convs, self.conv_post)


class SpectrumDiscriminator(nn.Module):
    """Convolutions over a picture of (B, in_channels, H, W), strided along its last axis."""

    window: Tensor

    def __init__(self, n_fft: int, hop_length: int, win_length: int, in_channels: int, width: float) -> None:
        super().__init__()
        self.n_fft, self.hop_length = n_fft, hop_length
        self.register_buffer("window", torch.hann_window(win_length), persistent=False)
        self.convs = nn.ModuleList()
        previous = in_channels
        for channels, kernel, stride in SPECTRUM_LAYERS:
            narrow = _narrow(channels, width)
            conv = nn.Conv2d(previous, narrow, (3, kernel), (1, stride), padding=(1, kernel // 2))
            self.convs.append(weight_norm(conv))
            previous = narrow
        self.conv_post = weight_norm(nn.Conv2d(previous, 1, 3, padding=1))

    def spectrum(self, audio: Tensor) -> Tensor:
        """(B, 1, S), S > n_fft / 2, to (B, 3, n_fft // 2 + 1, frames): real part, imaginary part, magnitude."""
        with torch.autocast(audio.device.type, enabled=False):
            window = self.window
            spectrum = torch.stft(
                audio[:, 0].float(), self.n_fft, self.hop_length, len(window), window, return_complex=True
            )
            magnitude = (spectrum.real.square() + spectrum.imag.square() + POWER_EPSILON).sqrt()
            return torch.stack([spectrum.real, spectrum.imag, magnitude], dim=1)


class ComplexSTFTDiscriminator(SpectrumDiscriminator):
    """Real part, imaginary part and magnitude as three channels, strided along frequency, as published."""

    def __init__(self, n_fft: int, width: float) -> None:
        super().__init__(n_fft, n_fft // 4, n_fft, in_channels=3, width=width)

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > n_fft / 2."""
        return judge(self.spectrum(audio).transpose(2, 3), self.convs, self.conv_post)


class ResolutionDiscriminator(SpectrumDiscriminator):
    """The magnitude alone, strided along time, as published."""

    def __init__(self, n_fft: int, hop_length: int, win_length: int, width: float) -> None:
        super().__init__(n_fft, hop_length, win_length, in_channels=1, width=width)

    def forward(self, audio: Tensor) -> DiscriminatorOutput:
        """audio: (B, 1, S), S > n_fft / 2."""
        return judge(self.spectrum(audio)[:, 2:], self.convs, self.conv_post)


def judge(x: Tensor, convs: Iterable[nn.Module], conv_post: nn.Module) -> DiscriminatorOutput:
    """The score of ``x``, and what each layer made of it."""
    features = []
    for conv in convs:
        x = F.leaky_relu(conv(x), SLOPE)
        features.append(x)
    x = conv_post(x)
    return DiscriminatorOutput(score=x.flatten(1), features=[*features, x])


def _narrow(channels: int, width: float, divisible_by: int = 1) -> int:
    return max(1, round(channels * width / divisible_by)) * divisible_by


class Family(nn.Module):
    """Discriminators of one kind, each with its name."""

    def __init__(self, names: Sequence[str], discriminators: Iterable[nn.Module]) -> None:
        super().__init__()
        self.names = names
        self.discriminators = nn.ModuleList(discriminators)

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        return {name: member(audio) for name, member in zip(self.names, self.discriminators, strict=True)}


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

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        outputs: dict[str, DiscriminatorOutput] = {}
        for name, member in zip(self.names, self.discriminators, strict=True):
            outputs[name] = member(audio)
            audio = F.avg_pool1d(audio, 4, 2, padding=2)
        return outputs


class Discriminators(nn.Module):
    """Those of the config. Outputs are named ``period_2``, ``scale_1``, ``stft_2048``, ``resolution_1024``..."""

    def __init__(self, members: Sequence[DiscriminatorConfig]) -> None:
        super().__init__()
        for member in members:
            self.add_module(*_family(member))

    def forward(self, audio: Tensor) -> dict[str, DiscriminatorOutput]:
        """audio: (B, 1, S)."""
        outputs: dict[str, DiscriminatorOutput] = {}
        for family in self.children():
            outputs |= family(audio)
        return outputs


def _family(config: DiscriminatorConfig) -> tuple[str, nn.Module]:
    """A family and the name of its weights."""
    match config:
        case PeriodConfig(periods=periods, width=width):
            names = [f"period_{period}" for period in periods]
            return "mpd", Family(names, (PeriodDiscriminator(period, width) for period in periods))
        case ScaleConfig():
            return "msd", MultiScaleDiscriminator(config)
        case ComplexSTFTConfig(n_ffts=n_ffts, width=width):
            names = [f"stft_{n_fft}" for n_fft in n_ffts]
            return "mstftd", Family(names, (ComplexSTFTDiscriminator(n_fft, width) for n_fft in n_ffts))
        case MultiResolutionConfig(n_ffts=n_ffts, width=width):
            names = [f"resolution_{n_fft}" for n_fft in n_ffts]
            resolutions = zip(n_ffts, config.hop_lengths, config.win_lengths, strict=True)
            return "mrd", Family(names, (ResolutionDiscriminator(*r, width) for r in resolutions))
