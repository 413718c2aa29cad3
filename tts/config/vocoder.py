"""Generators and discriminators of vocoders."""

from abc import ABC, abstractmethod
from math import prod
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    SerializeAsAny,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from tts.config.audio import check_resolutions
from tts.config.section import Distinct, NotEmpty, Section, Share, Width
from tts.names import GENERATORS, find


class ISTFTConfig(Section):
    """Inverse STFT with a Hann window that ends a generator (iSTFTNet, arXiv 2203.02395)."""

    n_fft: PositiveInt = 16  # samples
    hop_length: PositiveInt = 4  # samples

    @model_validator(mode="after")
    def check(self) -> Self:
        # Only then do squared Hann windows overlap to a constant.
        if self.n_fft % self.hop_length or self.n_fft < 3 * self.hop_length:
            raise ValueError(f"n_fft ({self.n_fft}) must be 3 or more whole times hop_length ({self.hop_length})")
        if self.hop_length % 2:
            raise ValueError(f"hop_length ({self.hop_length}) must be even, to cut evenly at both ends")
        return self


class GeneratorConfig(Section, ABC):
    """What every kind of generator has. ``tts.names.GENERATORS`` lists them all."""

    kind: str
    terms: ClassVar[frozenset[str]] = frozenset()  # loss terms that the generator adds to its training

    @property
    @abstractmethod
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""

    @property
    @abstractmethod
    def hop_factors(self) -> str:
        """The keys that ``hop_length`` is the product of, and their values."""


class HiFiGANConfig(GeneratorConfig):
    """HiFi-GAN generator. Defaults are V1; V2, V3 and those with an inverse STFT are recipes in ``configs/``."""

    kind: Literal["hifigan"] = "hifigan"
    channels: PositiveInt = 512
    upsample_rates: tuple[PositiveInt, ...] = (8, 8, 2, 2)
    upsample_kernels: tuple[PositiveInt, ...] = (16, 16, 4, 4)
    resblock: Literal["1", "2"] = "1"
    resblock_kernels: tuple[PositiveInt, ...] = (3, 7, 11)
    resblock_dilations: tuple[tuple[PositiveInt, ...], ...] = ((1, 3, 5), (1, 3, 5), (1, 3, 5))
    istft: ISTFTConfig | None = None  # replaces the last upsampling stages

    @property
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""
        return prod(self.upsample_rates) * (self.istft.hop_length if self.istft else 1)

    @property
    def hop_factors(self) -> str:
        istft = f" and istft.hop_length {self.istft.hop_length}" if self.istft else ""
        return f"upsample_rates {self.upsample_rates}{istft}"

    @model_validator(mode="after")
    def check(self) -> Self:
        if len(self.upsample_rates) != len(self.upsample_kernels):
            raise ValueError("upsample_rates and upsample_kernels differ in length")
        for rate, kernel in zip(self.upsample_rates, self.upsample_kernels, strict=True):
            if kernel < rate or (kernel - rate) % 2:
                raise ValueError(f"upsample kernel {kernel} must be at least its rate {rate} and of the same parity")
        if len(self.resblock_kernels) != len(self.resblock_dilations):
            raise ValueError("resblock_kernels and resblock_dilations differ in length")
        if any(kernel % 2 == 0 for kernel in self.resblock_kernels):
            raise ValueError(f"resblock_kernels {self.resblock_kernels} must be odd to keep the length")
        if self.channels % 2 ** len(self.upsample_rates):
            raise ValueError(f"channels ({self.channels}) must halve evenly {len(self.upsample_rates)} times")
        return self


class ConvNeXtConfig(Section):
    """ConvNeXt blocks on frames of mel."""

    channels: PositiveInt = 512
    hidden_channels: PositiveInt = 1536  # within a block
    n_blocks: PositiveInt = 8
    kernel: PositiveInt = 7  # frames

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel ({self.kernel}) must be odd to keep the length")
        return self


class FrameGeneratorConfig(ConvNeXtConfig, GeneratorConfig):
    """A generator without upsampling: every frame of mel becomes one of an inverse STFT."""

    istft: ISTFTConfig = ISTFTConfig(n_fft=1024, hop_length=256)

    @property
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""
        return self.istft.hop_length

    @property
    def hop_factors(self) -> str:
        return f"istft.hop_length {self.istft.hop_length}"


class VocosConfig(FrameGeneratorConfig):
    """Vocos (arXiv 2306.00814)."""

    kind: Literal["vocos"] = "vocos"


class F0PredictorConfig(ConvNeXtConfig):
    """What hears the F0 of a mel: one of the steps from floor to ceiling."""

    channels: PositiveInt = 128
    hidden_channels: PositiveInt = 384
    n_blocks: PositiveInt = 3
    floor: PositiveFloat = 60.0  # Hz
    ceiling: PositiveFloat = 800.0  # Hz
    step: PositiveFloat = 20.0  # cents


class SourceFilterConfig(FrameGeneratorConfig):
    """Pulses of the F0 and noise, filtered frame by frame (arXiv 1810.11946, 2001.04643, 2309.09493)."""

    kind: Literal["source_filter"] = "source_filter"
    terms: ClassVar[frozenset[str]] = frozenset({"f0"})
    f0: F0PredictorConfig = F0PredictorConfig()
    filters_per_frame: PositiveInt = 1  # of mel, each for the next frame of the inverse STFT

    @property
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""
        return self.filters_per_frame * self.istft.hop_length

    @property
    def hop_factors(self) -> str:
        return f"filters_per_frame {self.filters_per_frame} and {super().hop_factors}"


class FamilyConfig(Section):
    """Discriminators of one kind."""

    weight: Annotated[float, Field(gt=0.0)] = 1.0  # of each, beside those of other kinds
    width: Width = 1.0  # share of the paper's channels


class PeriodConfig(FamilyConfig):
    """Multi-period discriminators of HiFi-GAN (arXiv 2010.05646)."""

    kind: Literal["period"] = "period"
    normalise: bool = False  # hear audio without DC and at one peak, as in DAC
    periods: Annotated[tuple[Annotated[int, Field(ge=2)], ...], NotEmpty, Distinct] = (2, 3, 5, 7, 11)  # samples


class ScaleConfig(FamilyConfig):
    """Multi-scale discriminators, each at half the sample rate of the one before (MelGAN, HiFi-GAN)."""

    kind: Literal["scale"] = "scale"
    n_scales: PositiveInt = 3
    max_groups: PositiveInt = 16  # of a convolution. HiFi-GAN's; 1 is ungrouped; MelGAN's 256 may starve it


class ComplexSTFTConfig(FamilyConfig):
    """Discriminators of the complex spectrum in bands, without DC and at one peak (DAC, arXiv 2306.06546)."""

    kind: Literal["complex_stft"] = "complex_stft"
    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty, Distinct] = (2048, 1024, 512)  # windows; hops are a quarter
    bands: Annotated[tuple[Share, ...], NotEmpty] = (0.0, 0.1, 0.25, 0.5, 0.75)  # where each begins, of half the rate

    @model_validator(mode="after")
    def check(self) -> Self:
        if list(self.bands) != sorted({0.0, *self.bands}):
            raise ValueError(f"bands {self.bands} must begin with 0 and grow")
        return self


class MultiResolutionConfig(FamilyConfig):
    """Discriminators of the magnitude spectrogram (UnivNet, arXiv 2106.07889): one entry of each per resolution."""

    kind: Literal["multi_resolution"] = "multi_resolution"
    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty, Distinct] = (1024, 2048, 512)
    hop_lengths: tuple[PositiveInt, ...] = (120, 240, 50)
    win_lengths: tuple[PositiveInt, ...] = (600, 1200, 240)

    @model_validator(mode="after")
    def check(self) -> Self:
        check_resolutions(self.n_ffts, self.hop_lengths, self.win_lengths)
        return self


DiscriminatorConfig = Annotated[
    PeriodConfig | ScaleConfig | ComplexSTFTConfig | MultiResolutionConfig, Field(discriminator="kind")
]
DISCRIMINATOR_SETS: dict[str, tuple[DiscriminatorConfig, ...]] = {
    "hifigan": (PeriodConfig(), ScaleConfig()),
    "dac": (PeriodConfig(normalise=True), ComplexSTFTConfig()),
    "light": (PeriodConfig(width=0.125), ScaleConfig(width=0.125, max_groups=1)),  # for training on a CPU
}


def _expand_set(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in DISCRIMINATOR_SETS:
        raise ValueError(f"no set {value!r}; the sets are {', '.join(DISCRIMINATOR_SETS)}")
    return DISCRIMINATOR_SETS[value]


def _check_kinds(members: tuple[DiscriminatorConfig, ...]) -> tuple[DiscriminatorConfig, ...]:
    kinds = [member.kind for member in members]
    if repeated := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise ValueError(f"more than one entry of kind {', '.join(repeated)}: give one with all its discriminators")
    return members


def _of_its_kind(value: Any) -> Any:
    """The config of one of ``GENERATORS``, in which HiFi-GAN need not be named."""
    if not isinstance(value, dict):
        return value
    kind = value.get("kind", "hifigan")
    if kind not in [*GENERATORS]:  # a list need not be hashed
        problem = PydanticCustomError("kind", f"{kind!r} is not one of {', '.join(GENERATORS)}")
        raise ValidationError.from_exception_data(
            "generator", [InitErrorDetails(type=problem, loc=("kind",), input=kind)]
        )
    return find(GENERATORS[kind][0]).model_validate(value)


class VocoderConfig(Section):
    """HiFi-GAN. Its discriminators are the name of a set, or a list of members such as ``{kind: period}``."""

    generator: Annotated[SerializeAsAny[GeneratorConfig], BeforeValidator(_of_its_kind)] = HiFiGANConfig()
    discriminators: Annotated[
        tuple[DiscriminatorConfig, ...], BeforeValidator(_expand_set), NotEmpty, AfterValidator(_check_kinds)
    ] = DISCRIMINATOR_SETS["hifigan"]
