"""The forced aligner."""

from typing import Annotated, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from tts.config.audio import AudioConfig
from tts.config.section import Section, Share


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
