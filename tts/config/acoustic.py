"""FastSpeech 2."""

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from tts.config.section import NotEmpty, Section, Share
from tts.names import Level


class FFTBlockConfig(Section):
    """A stack of feed-forward Transformer blocks (FastSpeech, arXiv 1905.09263)."""

    n_blocks: PositiveInt = 4
    n_heads: PositiveInt = 2
    pooling: PositiveInt = 1  # neighbours that are attended to as one
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

    level: Level = "phone"
    n_bins: PositiveInt = 256
    predictor: PredictorConfig = PredictorConfig()


class PostnetConfig(Section):
    """Residual convolutions on the mel (Tacotron 2, arXiv 1712.05884)."""

    n_layers: Annotated[int, Field(ge=2)] = 5
    channels: PositiveInt = 512
    kernel: PositiveInt = 5
    dropout: Share = 0.5


class ProsodyConfig(PredictorConfig):
    """A latent that says what the text leaves open, and the two networks that read the text and the recording. See
    ``tts.models.prosody``."""

    level: Literal["phone", "utterance"] = "phone"
    size: PositiveInt = 4  # numbers, of each phone or of the utterance
    channels: PositiveInt = 128
    kernel: PositiveInt = 5
    dropout: Share = 0.0


class MelDiscriminatorsConfig(Section):
    """Discriminators of mel spectrograms, one per window length (HiFiSinger, arXiv 2009.01776)."""

    windows: Annotated[tuple[PositiveInt, ...], NotEmpty] = (32, 64, 128)  # frames
    channels: PositiveInt = 32  # of the first layer


class AcousticConfig(Section):
    """FastSpeech 2. With ``discriminators``, its mels also learn to pass for recorded ones."""

    hidden: PositiveInt = 256
    encoder: FFTBlockConfig = FFTBlockConfig()
    decoder: FFTBlockConfig = FFTBlockConfig()
    duration: PredictorConfig = PredictorConfig()
    pitch: VarianceConfig = VarianceConfig()
    energy: VarianceConfig = VarianceConfig()
    postnet: PostnetConfig | None = None
    prosody: ProsodyConfig | None = None
    discriminators: MelDiscriminatorsConfig | None = None
    sharpness: Share = 0.0  # of the mels that are spoken, see ``tts.models.sharpening``; training does not see it

    @property
    def own_terms(self) -> set[str]:
        """Loss terms beside those of every FastSpeech 2."""
        parts = {"postnet_mel": self.postnet, "kl": self.prosody}
        return {term for term, part in parts.items() if part}

    @model_validator(mode="after")
    def check(self) -> Self:
        for name, stack in (("encoder", self.encoder), ("decoder", self.decoder)):
            if self.hidden % stack.n_heads:
                raise ValueError(f"hidden ({self.hidden}) must be divisible by {name}.n_heads ({stack.n_heads})")
        if self.hidden % 2:
            raise ValueError(f"hidden ({self.hidden}) must be even for sinusoidal positions")
        return self
