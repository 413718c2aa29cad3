"""The whole config, and what its sections must agree on."""

from collections.abc import Set
from typing import Any, Self

from pydantic import model_validator

from tts.config.acoustic import AcousticConfig
from tts.config.aligner import AlignerConfig
from tts.config.audio import AudioConfig
from tts.config.corpus import DoctorConfig, PreprocessConfig
from tts.config.section import Section
from tts.config.text import TextConfig
from tts.config.training import GAME_TERMS, TrainingConfig
from tts.config.vocoder import (
    ComplexSTFTConfig,
    MultiResolutionConfig,
    VocoderConfig,
)
from tts.names import LOSSES


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
            raise ValueError(
                f"vocoder.generator.{generator.hop_factors} multiply to {generator.hop_length}, but audio.hop_length "
                f"is {hop}"
            )
        segment = self.training.vocoder.segment_length // hop * hop
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
        weights = self.training.vocoder.weights
        vocoder_terms = LOSSES.keys() & weights.keys() | self.vocoder.generator.terms | GAME_TERMS
        _check_names("training.vocoder.weights", weights, vocoder_terms, optional=LOSSES.keys())
        _check_known("training.vocoder.start_steps", self.training.vocoder.start_steps, vocoder_terms)
        if bool(stft.mel_windows) != ("multi_scale_mel" in weights):
            raise ValueError(
                "training.vocoder.stft.mel_windows and training.vocoder.weights.multi_scale_mel go together"
            )
        return self

    def _acoustic_terms(self) -> set[str]:
        terms = {"mel", "duration", "pitch", "energy"} | self.acoustic.own_terms
        return terms | GAME_TERMS if self.acoustic.discriminators else terms


def _check_names(path: str, given: dict[str, Any], terms: Set[str], optional: Set[str] = frozenset()) -> None:
    """Every loss term has a value and every value a term: a typo must not train silently."""
    _check_known(path, given, terms | optional)
    if missing := terms - set(given):
        raise ValueError(f"{path}: missing {_listed(missing)} (the terms are {_listed(terms)})")


def _check_known(path: str, given: dict[str, Any], terms: Set[str]) -> None:
    if unknown := set(given) - terms:
        raise ValueError(f"{path}: unknown {_listed(unknown)} (the terms are {_listed(terms)})")


def _listed(names: Set[str]) -> str:
    return ", ".join(sorted(names))
