"""Training runs: their length, their optimisers, and the weights of their losses."""

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from tts.config.audio import check_resolutions
from tts.config.section import NotEmpty, Section, Share, Weight
from tts.names import Criterion, Reduction

Peak = Annotated[float, Field(gt=0.0, le=1.0)]

GAME_TERMS = {"adversarial", "feature_matching"}  # which take discriminators


class RunConfig(Section):
    """What every training run shares. Steps drive everything."""

    seed: Annotated[int, Field(ge=0)] = 1234
    steps: PositiveInt
    batch_size: PositiveInt  # utterances (acoustic) or segments (vocoder)
    validate_every: PositiveInt = 1000  # steps
    validation_items: PositiveInt = 256  # utterances or segments that each validation judges, spread over the split
    checkpoint_every: PositiveInt = 1000  # steps
    keep_checkpoints: PositiveInt = 3
    n_samples: Annotated[int, Field(ge=0)] = 3  # validation utterances drawn and spoken at each validation
    accelerator: Literal["auto", "cpu", "gpu"] = "auto"
    devices: PositiveInt = 1  # processes, one per device
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    patience: PositiveInt | None = None  # validations without a better one, after which the run ends; None: all steps


class TunedConfig(RunConfig):
    """What matters where a run starts with trained weights."""

    frozen: tuple[str, ...] = ()  # parts of the model that stay as they are, such as "encoder" or "f0"
    discriminators_first: NonNegativeInt = 0  # steps at the start in which they alone learn, so as to know something


class AdversarialConfig(Section):
    """What discriminators minimise, and the generator against them. See ``tts.losses.adversarial``."""

    criterion: Criterion = "least_squares"
    reduction: Reduction = "mean"  # over the discriminators


class FeatureMatchingConfig(Section):
    """Distance between the features of real and of generated audio."""

    criterion: Literal["l1", "l2", "charbonnier"] = "l1"
    epsilon: PositiveFloat = 1e-3  # of Charbonnier's: sqrt(d² + ε²) - ε
    layers: tuple[Annotated[int, Field(ge=-6, le=5)], ...] | None = None  # of every discriminator; default: all
    reduction: Reduction = "mean"  # over the layers, and over the discriminators


class DivergenceConfig(Section):
    """How the term ``kl`` of a variational prosody is kept from 0 and from ruling the beginning."""

    free_bits: Annotated[float, Field(ge=0.0)] = 0.05  # nats of each latent number that cost nothing (arXiv 1606.04934)
    warmup_steps: NonNegativeInt = 1000  # in which its weight rises from 0


class AcousticTrainingConfig(TunedConfig):
    """Adam with the inverse square root schedule of the Transformer (arXiv 1706.03762)."""

    steps: PositiveInt = 160_000
    batch_size: PositiveInt = 48
    learning_rate: PositiveFloat = 1e-3  # at the end of the warm-up
    warmup_steps: PositiveInt = 4000
    repeats: dict[str, PositiveInt] = {}  # by speaker: how often an epoch has each recording, where not once
    betas: tuple[Share, Share] = (0.9, 0.98)
    epsilon: PositiveFloat = 1e-9
    clip_norm: PositiveFloat = 1.0
    ema_decay: Share | None = None  # of a moving average of the model's weights, used in its stead outside training
    adversarial: AdversarialConfig = AdversarialConfig()  # with discriminators of mels
    feature_matching: FeatureMatchingConfig = FeatureMatchingConfig()
    divergence: DivergenceConfig = DivergenceConfig()  # where 'acoustic.prosody' is set
    weights: dict[str, Weight] = {"mel": 1.0, "duration": 0.1, "pitch": 0.1, "energy": 0.1}  # 0: logged, not learned


class STFTLossConfig(Section):
    """Multi-resolution STFT loss (Parallel WaveGAN, arXiv 1910.11480): one entry of each per resolution.

    ``mel_windows``: of the term ``multi_scale_mel`` (DAC, arXiv 2306.06546).
    """

    n_ffts: Annotated[tuple[PositiveInt, ...], NotEmpty] = (512, 1024, 2048)
    hop_lengths: tuple[PositiveInt, ...] = (128, 256, 512)
    win_lengths: tuple[PositiveInt, ...] = (512, 1024, 2048)
    mel_windows: tuple[Annotated[int, Field(ge=32, multiple_of=32)], ...] = ()  # samples; DAC's are 32, 64 ... 2048

    @model_validator(mode="after")
    def check(self) -> Self:
        check_resolutions(self.n_ffts, self.hop_lengths, self.win_lengths)
        return self


class BalancerConfig(Section):
    """Weights mean shares of the gradient at the generator's output (EnCodec, arXiv 2210.13438)."""

    decay: Share = 0.999  # of the running mean of gradient norms, per step


class F0LessonsConfig(Section):
    """What a source filter that begins with trained weights learns first: to hear the F0 of new speakers."""

    seed: Annotated[int, Field(ge=0)] = 1234
    steps: PositiveInt = 500
    batch_size: PositiveInt = 8  # stretches
    n_frames: PositiveInt = 96  # of a stretch
    learning_rate: PositiveFloat = 1e-3  # at the start, then by a cosine to 0
    # The new ones; what it hears of others is kept. None: those that the voice it begins as does not name.
    speakers: tuple[str, ...] | None = None


class VocoderTrainingConfig(TunedConfig):
    """AdamW with a learning rate that decays."""

    steps: NonNegativeInt = 2_500_000  # 0: as it begins, after the lessons of F0 if there are any
    f0_lessons: F0LessonsConfig | None = None
    batch_size: PositiveInt = 16
    segment_length: PositiveInt = 8192  # samples; of them, those that make whole frames
    # Each recording is scaled to a peak between these two, evenly in dB; None: it is as loud as it is. Share of full
    # scale. Predicted mels stay as they are.
    peaks: tuple[Peak, Peak] | None = None
    validation_clips: NonNegativeInt = 8  # whole utterances that each validation measures as 'tts evaluate' does
    learning_rate: PositiveFloat = 2e-4
    betas: tuple[Share, Share] = (0.8, 0.99)
    schedule: Literal["exponential", "cosine"] = "exponential"  # of the learning rate; cosine: to 0 at the last step
    decay: Annotated[float, Field(gt=0.0, le=1.0)] = 0.999  # of the exponential schedule, per epoch
    ema_decay: Share | None = None  # of a moving average of the generator's weights, used in its stead outside training
    stft: STFTLossConfig = STFTLossConfig()
    # How many discriminators of each kind learn and judge at a step, drawn anew, for all of their kind; None: all. The
    # cost of a step is mostly theirs.
    judges: PositiveInt | None = None
    adversarial: AdversarialConfig = AdversarialConfig()
    feature_matching: FeatureMatchingConfig = FeatureMatchingConfig()
    # Terms of 'tts.names.LOSSES', of which the first two are the STFT loss, then those that take discriminators. A
    # source filter adds the term f0. 0: logged, not learned.
    weights: dict[str, Weight] = {
        "spectral_convergence": 45.0,
        "log_magnitude": 45.0,
        "magnitude": 0.0,
        "mel": 0.0,
        "adversarial": 1.0,
        "feature_matching": 2.0,
    }
    start_steps: dict[str, NonNegativeInt] = {}  # before it, a term waits
    balancer: BalancerConfig | None = None
    replayed: bool = True  # on a GPU, steps are recorded once and replayed, which is several times faster
    alarm_window: PositiveInt = 100  # steps that alarms judge together: single ones are too noisy

    @model_validator(mode="after")
    def check(self) -> Self:
        if not any(weight and not self.start_steps.get(name) for name, weight in self.weights.items()):
            raise ValueError("no term has a weight and starts at step 0: there is nothing to learn at first")
        if self.judges and self.devices > 1:
            raise ValueError("judges are drawn in one process: leave them out, or set devices: 1")
        if self.peaks and self.peaks[0] > self.peaks[1]:
            raise ValueError(f"peaks ({self.peaks[0]:g}, {self.peaks[1]:g}): the lower one comes first")
        return self


class LessonsConfig(Section):
    """What an aligner learns from a voice, which knows when it says each phone, before it hears recordings."""

    seed: Annotated[int, Field(ge=0)] = 1234
    minutes: PositiveFloat = 8.0  # of speech
    steps: PositiveInt = 400
    batch_size: PositiveInt = 8  # stretches of some seconds
    learning_rate: PositiveFloat = 2e-3


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
    devices: Literal[1] = 1  # commands that train it do more than that, which several processes would do at once
    lessons: LessonsConfig = LessonsConfig()  # where the aligner begins with a voice


class TrainingConfig(Section):
    aligner: AlignerTrainingConfig = AlignerTrainingConfig()
    acoustic: AcousticTrainingConfig = AcousticTrainingConfig()
    vocoder: VocoderTrainingConfig = VocoderTrainingConfig()
