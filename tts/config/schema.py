"""Every number of the system, each stated once.

All sections are frozen, refuse unknown keys, and check at construction whatever would otherwise fail hours later.
Defaults are the papers' values: FastSpeech 2 (arXiv 2006.04558) and HiFi-GAN V1 (arXiv 2010.05646).
"""

from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    Tag,
    model_validator,
)

Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Weight = Annotated[float, Field(ge=0.0)]
Width = Annotated[float, Field(gt=0.0, le=1.0)]


def _check_not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        raise ValueError("at least one entry is needed")
    return values


def _check_distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if repeated := [value for value in dict.fromkeys(values) if values.count(value) > 1]:
        raise ValueError(f"{repeated[0]} is there twice")
    return values


NotEmpty = AfterValidator(_check_not_empty)
Distinct = AfterValidator(_check_distinct)


class Section(BaseModel):
    """A part of the config: immutable, and strict about the names of its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _check_resolutions(n_ffts: tuple[int, ...], hop_lengths: tuple[int, ...], win_lengths: tuple[int, ...]) -> None:
    if not len(n_ffts) == len(hop_lengths) == len(win_lengths):
        raise ValueError("n_ffts, hop_lengths and win_lengths differ in length")
    for n_fft, win_length in zip(n_ffts, win_lengths, strict=True):
        if win_length > n_fft:
            raise ValueError(f"win_length ({win_length}) is longer than n_fft ({n_fft})")


class AudioConfig(Section):
    """Waveform and mel spectrogram. The only place where these numbers live."""

    sample_rate: PositiveInt = 22_050  # Hz
    n_fft: PositiveInt = 1024  # samples
    win_length: PositiveInt = 1024  # samples
    hop_length: PositiveInt = 256  # samples
    n_mels: PositiveInt = 80
    fmin: Annotated[float, Field(ge=0.0)] = 0.0  # Hz
    fmax: PositiveFloat = 8000.0  # Hz

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.fmax > self.sample_rate / 2:
            raise ValueError(f"fmax ({self.fmax:g} Hz) is above half of sample_rate ({self.sample_rate / 2:g} Hz)")
        if self.fmin >= self.fmax:
            raise ValueError(f"fmin ({self.fmin:g} Hz) must be below fmax ({self.fmax:g} Hz)")
        if self.win_length > self.n_fft:
            raise ValueError(f"win_length ({self.win_length}) is longer than n_fft ({self.n_fft})")
        if self.hop_length > self.win_length:
            raise ValueError(f"hop_length ({self.hop_length}) is longer than win_length ({self.win_length})")
        if (self.n_fft - self.hop_length) % 2:
            raise ValueError(f"n_fft - hop_length ({self.n_fft} - {self.hop_length}) must be even, to pad evenly")
        return self


class TextConfig(Section):
    """How text becomes phones."""

    front_end: Literal["gruut", "arpabet"] = "gruut"  # gruut: IPA; arpabet: CMUdict, for corpora aligned with it
    language: str = "en-us"


class PitchConfig(Section):
    """F0 extraction with WORLD."""

    method: Literal["dio", "harvest"] = "dio"  # dio is refined by StoneMask
    floor: PositiveFloat = 71.0  # Hz
    ceiling: PositiveFloat = 800.0  # Hz
    # Samples per period of the ceiling, of the audio that WORLD hears; StoneMask looks at six harmonics, which need 12.
    samples_per_period: Annotated[int, Field(ge=12)] = 13
    decimation: Annotated[int, Field(ge=1, le=6)] = 2  # further, for DIO's first estimate, which StoneMask refines

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.floor >= self.ceiling:
            raise ValueError(f"floor ({self.floor:g} Hz) must be below ceiling ({self.ceiling:g} Hz)")
        return self


class PreprocessConfig(Section):
    """From a corpus to features on disk."""

    pitch: PitchConfig = PitchConfig()
    validation_share: Share = 0.05  # of the utterances, chosen by a hash of the id
    edge_silence_s: Annotated[float, Field(ge=0.0)] = 0.1  # s of silence kept at either end of an utterance
    outlier_iqr: PositiveFloat = 1.5  # values further than this many interquartile ranges stay out of the statistics
    utterances_per_shard: PositiveInt = 256


class DoctorConfig(Section):
    """Beyond what 'tts doctor' finds a recording worth a look. None of these numbers changes the features."""

    clipped_samples: PositiveInt = 16  # on flat tops
    dc_offset: PositiveFloat = 0.01  # of full scale
    silence_db: PositiveFloat = 35.0  # dB below the loud frames of a recording
    edge_silence_s: PositiveFloat = 1.0  # s before or after the speech
    pause_s: PositiveFloat = 1.5  # s within it
    level_db: PositiveFloat = 6.0  # dB from the speaker's median
    rate_ratio: Annotated[float, Field(gt=1.0)] = 1.8  # times as fast, or as slow, as the speaker's median
    shortest_s: PositiveFloat = 0.5
    longest_s: PositiveFloat = 20.0
    early_end_s: PositiveFloat = 1.0  # s from the end of a TextGrid to the end of its audio
    phone_count: PositiveInt = 20  # a phone heard less often is rare
    speaker_minutes: PositiveFloat = 5.0  # a speaker with less is short of data
    n_players: PositiveInt = 24  # recordings that can be heard in the HTML page


class AlignerConfig(Section):
    """Forced alignment: a frame classifier over the states that phones consist of."""

    # Its own resolution: windows of 25 ms every 10 ms, shorter than a voice's, so that boundaries stay sharp.
    audio: AudioConfig = AudioConfig(sample_rate=16_000, n_fft=512, win_length=400, hop_length=160, n_mels=40)
    n_states: PositiveInt = 3  # of each phone, one after the other; no phone is shorter than as many frames
    channels: PositiveInt = 128
    kernels: tuple[PositiveInt, ...] = (5, 3, 3)  # frames; a wide context would recognise phones beside themselves
    dropout: Share = 0.1
    prior_scale: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5  # how much of the frequency of states is divided out
    shortest_pause_s: Annotated[float, Field(ge=0.0)] = 0.04  # s; what is shorter goes to the neighbouring phones
    stretch_s: PositiveFloat = 0.5  # s of speech over which the confidence is lowest, listed with each utterance
    suspicious_deviations: PositiveFloat = 5.0  # below the corpus' median confidence, in robust standard deviations

    @model_validator(mode="after")
    def check(self) -> Self:
        if any(kernel % 2 == 0 for kernel in self.kernels):
            raise ValueError(f"kernels {self.kernels} must be odd to keep the length")
        return self


class FFTBlockConfig(Section):
    """A stack of feed-forward Transformer blocks (FastSpeech, arXiv 1905.09263)."""

    n_blocks: PositiveInt = 4
    n_heads: PositiveInt = 2
    conv_channels: PositiveInt = 1024
    conv_kernels: tuple[PositiveInt, PositiveInt] = (9, 1)
    dropout: Share = 0.2

    @model_validator(mode="after")
    def check(self) -> Self:
        if any(kernel % 2 == 0 for kernel in self.conv_kernels):
            raise ValueError(f"conv_kernels {self.conv_kernels} must be odd to keep the length")
        return self


class PredictorConfig(Section):
    """A variance predictor: two convolutions, each with ReLU, layer norm and dropout, then a projection."""

    channels: PositiveInt = 256
    kernel: PositiveInt = 3
    dropout: Share = 0.5

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel ({self.kernel}) must be odd to keep the length")
        return self


class VarianceConfig(Section):
    """One predicted quantity, pitch or energy, and how it is embedded."""

    level: Literal["phone", "frame"] = "phone"
    n_bins: PositiveInt = 256
    predictor: PredictorConfig = PredictorConfig()


class PostnetConfig(Section):
    """Residual convolutions on the mel (Tacotron 2, arXiv 1712.05884)."""

    n_layers: Annotated[int, Field(ge=2)] = 5
    channels: PositiveInt = 512
    kernel: PositiveInt = 5
    dropout: Share = 0.5


class MelDiscriminatorsConfig(Section):
    """Discriminators of mel spectrograms, one per window length (HiFiSinger, arXiv 2009.01776)."""

    windows: Annotated[tuple[PositiveInt, ...], NotEmpty] = (32, 64, 128)  # frames
    channels: PositiveInt = 32  # of the first layer


class AcousticConfig(Section):
    """FastSpeech 2. With ``discriminators``, its mels are also trained to be told from recorded ones by no one."""

    hidden: PositiveInt = 256
    encoder: FFTBlockConfig = FFTBlockConfig()
    decoder: FFTBlockConfig = FFTBlockConfig()
    duration: PredictorConfig = PredictorConfig()
    pitch: VarianceConfig = VarianceConfig()
    energy: VarianceConfig = VarianceConfig()
    postnet: PostnetConfig | None = None
    discriminators: MelDiscriminatorsConfig | None = None

    @model_validator(mode="after")
    def check(self) -> Self:
        for name, stack in (("encoder", self.encoder), ("decoder", self.decoder)):
            if self.hidden % stack.n_heads:
                raise ValueError(f"hidden ({self.hidden}) must be divisible by {name}.n_heads ({stack.n_heads})")
        if self.hidden % 2:
            raise ValueError(f"hidden ({self.hidden}) must be even for sinusoidal positions")
        return self


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


class GeneratorConfig(Section):
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


class FrameGeneratorConfig(ConvNeXtConfig):
    """A generator without upsampling: every frame of mel becomes one of an inverse STFT."""

    istft: ISTFTConfig = ISTFTConfig(n_fft=1024, hop_length=256)

    @property
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""
        return self.istft.hop_length


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
    f0: F0PredictorConfig = F0PredictorConfig()
    filters_per_frame: PositiveInt = 1  # of mel, each for the next frame of the inverse STFT

    @property
    def hop_length(self) -> int:
        """Samples of audio per frame of mel."""
        return self.filters_per_frame * self.istft.hop_length


def _generator_kind(value: Any) -> str | None:
    """Of a section or of a tree that becomes one, in which HiFi-GAN need not be named."""
    return value.get("kind", "hifigan") if isinstance(value, dict) else getattr(value, "kind", None)


AnyGeneratorConfig = Annotated[
    Annotated[GeneratorConfig, Tag("hifigan")]
    | Annotated[VocosConfig, Tag("vocos")]
    | Annotated[SourceFilterConfig, Tag("source_filter")],
    Discriminator(_generator_kind),
]


class PeriodConfig(Section):
    """Multi-period discriminators of HiFi-GAN (arXiv 2010.05646)."""

    kind: Literal["period"] = "period"
    periods: Annotated[tuple[Annotated[int, Field(ge=2)], ...], NotEmpty, Distinct] = (2, 3, 5, 7, 11)  # samples
    width: Width = 1.0  # share of the paper's channels


class ScaleConfig(Section):
    """Multi-scale discriminators, each at half the sample rate of the one before (MelGAN, HiFi-GAN)."""

    kind: Literal["scale"] = "scale"
    n_scales: PositiveInt = 3
    max_groups: PositiveInt = 16  # of a convolution. HiFi-GAN's; 1 is ungrouped; MelGAN's 256 may starve it
    width: Width = 1.0


class ComplexSTFTConfig(Section):
    """Discriminators of the complex spectrum: they hear phase (EnCodec, arXiv 2210.13438; DAC, arXiv 2306.06546)."""

    kind: Literal["complex_stft"] = "complex_stft"
    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty, Distinct] = (2048, 1024, 512)  # windows; hops are a quarter
    width: Width = 1.0


class MultiResolutionConfig(Section):
    """Discriminators of the magnitude spectrogram (UnivNet, arXiv 2106.07889): one entry of each per resolution."""

    kind: Literal["multi_resolution"] = "multi_resolution"
    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty, Distinct] = (1024, 2048, 512)
    hop_lengths: tuple[PositiveInt, ...] = (120, 240, 50)
    win_lengths: tuple[PositiveInt, ...] = (600, 1200, 240)
    width: Width = 1.0

    @model_validator(mode="after")
    def check(self) -> Self:
        _check_resolutions(self.n_ffts, self.hop_lengths, self.win_lengths)
        return self


DiscriminatorConfig = Annotated[
    PeriodConfig | ScaleConfig | ComplexSTFTConfig | MultiResolutionConfig, Field(discriminator="kind")
]

DISCRIMINATOR_SETS: dict[str, tuple[DiscriminatorConfig, ...]] = {
    "hifigan": (PeriodConfig(), ScaleConfig()),
    "dac": (PeriodConfig(), ComplexSTFTConfig()),
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


class VocoderConfig(Section):
    """HiFi-GAN. Its discriminators are the name of a set, or a list of members such as ``{kind: period}``."""

    generator: AnyGeneratorConfig = GeneratorConfig()
    discriminators: Annotated[
        tuple[DiscriminatorConfig, ...], BeforeValidator(_expand_set), NotEmpty, AfterValidator(_check_kinds)
    ] = DISCRIMINATOR_SETS["hifigan"]


class RunConfig(Section):
    """What every training run shares. Steps drive everything."""

    seed: Annotated[int, Field(ge=0)] = 1234
    steps: PositiveInt
    batch_size: PositiveInt  # utterances (acoustic) or segments (vocoder)
    validate_every: PositiveInt = 1000  # steps
    checkpoint_every: PositiveInt = 1000  # steps
    keep_checkpoints: PositiveInt = 3
    n_samples: Annotated[int, Field(ge=0)] = 3  # validation utterances drawn and spoken at each validation
    accelerator: Literal["auto", "cpu", "gpu"] = "auto"
    devices: PositiveInt = 1  # processes, one per device
    precision: Literal["32-true", "bf16-mixed"] = "32-true"


class AcousticTrainingConfig(RunConfig):
    """Adam with the inverse square root schedule of the Transformer (arXiv 1706.03762)."""

    steps: PositiveInt = 160_000
    batch_size: PositiveInt = 48
    learning_rate: PositiveFloat = 1e-3  # at the end of the warm-up
    warmup_steps: PositiveInt = 4000
    betas: tuple[Share, Share] = (0.9, 0.98)
    epsilon: PositiveFloat = 1e-9
    clip_norm: PositiveFloat = 1.0
    ema_decay: Share | None = None  # of a moving average of the model's weights, used in its stead outside training
    weights: dict[str, Weight] = {"mel": 1.0, "duration": 0.1, "pitch": 0.1, "energy": 0.1}


class STFTLossConfig(Section):
    """Multi-resolution STFT loss (Parallel WaveGAN, arXiv 1910.11480): one entry of each per resolution.

    ``mel_windows`` adds the term ``multi_scale_mel`` (DAC, arXiv 2306.06546), whose window lengths it lists.
    """

    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty] = (512, 1024, 2048)
    hop_lengths: tuple[PositiveInt, ...] = (128, 256, 512)
    win_lengths: tuple[PositiveInt, ...] = (512, 1024, 2048)
    mel_windows: tuple[Annotated[int, Field(ge=32, multiple_of=32)], ...] = ()  # samples; DAC's are 32, 64 ... 2048
    weights: dict[str, Weight] = {"spectral_convergence": 1.0, "log_magnitude": 1.0, "magnitude": 0.0, "mel": 0.0}

    @model_validator(mode="after")
    def check(self) -> Self:
        _check_resolutions(self.n_ffts, self.hop_lengths, self.win_lengths)
        if not any(self.weights.values()):
            raise ValueError("every weight is 0: to leave the STFT loss out, set training.vocoder.weights.stft to 0")
        return self

    @property
    def terms(self) -> set[str]:
        terms = {"spectral_convergence", "log_magnitude", "magnitude", "mel"}
        return terms | {"multi_scale_mel"} if self.mel_windows else terms


class FeatureMatchingConfig(Section):
    """Distance between the features of real and of generated audio."""

    criterion: Literal["l1", "l2", "charbonnier"] = "l1"
    epsilon: PositiveFloat = 1e-3  # of Charbonnier's: sqrt(d² + ε²) - ε
    layers: tuple[Annotated[int, Field(ge=-6, le=5)], ...] | None = None  # of every discriminator; default: all
    reduction: Literal["mean", "published"] = "mean"  # published: HiFi-GAN's twice the sum over layers, over all


class BalancerConfig(Section):
    """Weights mean shares of the gradient at the generator's output (EnCodec, arXiv 2210.13438)."""

    decay: Share = 0.999  # of the running mean of gradient norms, per step


VOCODER_TERMS = {"stft", "adversarial", "feature_matching"}


class VocoderTrainingConfig(RunConfig):
    """AdamW with a decaying learning rate, as published."""

    steps: PositiveInt = 2_500_000
    batch_size: PositiveInt = 16
    segment_length: PositiveInt = 8192  # samples
    validation_clips: NonNegativeInt = 8  # whole utterances that each validation measures as 'tts evaluate' does
    learning_rate: PositiveFloat = 2e-4
    betas: tuple[Share, Share] = (0.8, 0.99)
    decay: Annotated[float, Field(gt=0.0, le=1.0)] = 0.999  # of the learning rate, per epoch
    ema_decay: Share | None = None  # of a moving average of the generator's weights, used in its stead outside training
    stft: STFTLossConfig = STFTLossConfig()
    adversarial: Literal["least_squares", "hinge", "bce"] = "least_squares"
    feature_matching: FeatureMatchingConfig = FeatureMatchingConfig()
    weights: dict[str, Weight] = {"stft": 45.0, "adversarial": 1.0, "feature_matching": 2.0}
    start_steps: dict[str, NonNegativeInt] = dict.fromkeys(sorted(VOCODER_TERMS), 0)  # before it, a term waits
    balancer: BalancerConfig | None = None

    @model_validator(mode="after")
    def check(self) -> Self:
        if not any(weight and not self.start_steps.get(name) for name, weight in self.weights.items()):
            raise ValueError("no term has a weight and starts at step 0: there is nothing to learn at first")
        return self


class AlignerTrainingConfig(RunConfig):
    """Adam. The steps are enough for any corpus: a small one is seen more often."""

    steps: PositiveInt = 600
    batch_size: PositiveInt = 8  # utterances
    validate_every: PositiveInt = 200
    checkpoint_every: PositiveInt = 100
    n_samples: Annotated[int, Field(ge=0)] = 1
    learning_rate: PositiveFloat = 2e-3  # at the end of the warm-up
    warmup_steps: PositiveInt = 60
    clip_norm: PositiveFloat = 1.0
    prior_decay: Share = 0.9  # of the running mean of state frequencies, per step


class TrainingConfig(Section):
    aligner: AlignerTrainingConfig = AlignerTrainingConfig()
    acoustic: AcousticTrainingConfig = AcousticTrainingConfig()
    vocoder: VocoderTrainingConfig = VocoderTrainingConfig()


class Config(Section):
    """The root. ``Config()`` is a complete, valid system; a recipe states only what differs."""

    audio: AudioConfig = AudioConfig()
    text: TextConfig = TextConfig()
    preprocess: PreprocessConfig = PreprocessConfig()
    doctor: DoctorConfig = DoctorConfig()
    aligner: AlignerConfig = AlignerConfig()
    acoustic: AcousticConfig = AcousticConfig()
    vocoder: VocoderConfig = VocoderConfig()
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def check(self) -> Self:
        generator, hop = self.vocoder.generator, self.audio.hop_length
        if generator.hop_length != hop:
            factors = f"istft.hop_length {generator.istft.hop_length}" if generator.istft else ""
            if isinstance(generator, GeneratorConfig):
                factors = f"upsample_rates {generator.upsample_rates}" + (f" and {factors}" if factors else "")
            elif isinstance(generator, SourceFilterConfig):
                factors = f"filters_per_frame {generator.filters_per_frame} and {factors}"
            raise ValueError(
                f"vocoder.generator.{factors} multiply to {generator.hop_length}, but audio.hop_length is {hop}"
            )
        segment = self.training.vocoder.segment_length
        if segment % hop:
            raise ValueError(f"training.vocoder.segment_length ({segment}) is no multiple of audio.hop_length ({hop})")
        stft = self.training.vocoder.stft
        needed = {"the STFT loss": max(max(stft.n_ffts + stft.mel_windows) // 2 + 1, self.audio.n_fft)}
        for member in self.vocoder.discriminators:
            if isinstance(member, ComplexSTFTConfig | MultiResolutionConfig):
                needed[f"the {member.kind} discriminators"] = max(member.n_ffts) // 2 + 1
        for what, samples in needed.items():
            if segment < samples:
                raise ValueError(
                    f"training.vocoder.segment_length ({segment}) is too short for {what}, which needs {samples}"
                )
        ceiling = self.preprocess.pitch.ceiling
        if ceiling > self.audio.sample_rate / 2:
            raise ValueError(f"preprocess.pitch.ceiling ({ceiling:g} Hz) is above half of audio.sample_rate")
        _check_names("training.acoustic.weights", self.training.acoustic.weights, self._acoustic_terms())
        _check_names("training.vocoder.stft.weights", stft.weights, stft.terms)
        _check_names("training.vocoder.weights", self.training.vocoder.weights, VOCODER_TERMS)
        _check_names("training.vocoder.start_steps", self.training.vocoder.start_steps, VOCODER_TERMS)
        return self

    def _acoustic_terms(self) -> set[str]:
        terms = {"mel", "duration", "pitch", "energy"}
        terms |= {"postnet_mel"} if self.acoustic.postnet else set()
        return terms | {"adversarial", "feature_matching"} if self.acoustic.discriminators else terms


def _check_names(path: str, given: dict[str, Any], terms: set[str]) -> None:
    """Every loss term has a value and every value a term: a typo must not train silently."""
    for problem, names in (("unknown", set(given) - terms), ("missing", terms - set(given))):
        if names:
            raise ValueError(f"{path}: {problem} {', '.join(sorted(names))} (the terms are {', '.join(sorted(terms))})")
