"""Waveform, mel spectrogram and F0."""

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from tts.config.section import Section

SWIFT_LOWEST, SWIFT_HIGHEST = 46.875, 2093.75  # Hz, the F0 that the network of swift-f0 knows


def check_resolutions(n_ffts: tuple[int, ...], hop_lengths: tuple[int, ...], win_lengths: tuple[int, ...]) -> None:
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


class PitchConfig(Section):
    """F0 extraction. ``docs/performance.md`` compares the methods."""

    method: Literal["swift_f0", "dio", "harvest"] = "swift_f0"  # a network; two of WORLD's, dio refined by StoneMask
    floor: PositiveFloat = 71.0  # Hz
    ceiling: PositiveFloat = 800.0  # Hz
    # Samples per period of the ceiling, of the audio that WORLD hears; StoneMask looks at six harmonics, which need 12.
    samples_per_period: Annotated[int, Field(ge=12)] = 13
    decimation: Annotated[int, Field(ge=1, le=6)] = 2  # further, for DIO's first estimate, which StoneMask refines

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.floor >= self.ceiling:
            raise ValueError(f"floor ({self.floor:g} Hz) must be below ceiling ({self.ceiling:g} Hz)")
        if self.method == "swift_f0" and not (self.floor >= SWIFT_LOWEST and self.ceiling <= SWIFT_HIGHEST):
            known = f"between {SWIFT_LOWEST:g} and {SWIFT_HIGHEST:g} Hz"
            raise ValueError(f"swift_f0 only knows an F0 {known}: set floor and ceiling within, or another method")
        return self
