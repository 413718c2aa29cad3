"""Names and shapes every exported graph and voice folder agrees on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, Self, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tts.config.section import FrontEndName
from tts.files.digest import sha256
from tts.names import Variant

VOICE_SCHEMA_VERSION = 1
OPSET = 18

MANIFEST_FILE = "voice.json"
ACOUSTIC_FILE = "acoustic.onnx"
VOCODER_FILE = "vocoder.onnx"
LEXICON_FILE = "lexicon.txt.gz"  # pronunciations that the voice brings along
USER_LEXICON_FILE = "user_lexicon.txt"  # words of one\'s own, as ``tts.text.user_lexicon`` has them

# Inputs of acoustic.onnx, in order; speaker_ids only for voices with several speakers.
PHONE_IDS = "phone_ids"  # (B, P) int64, 0 = padding
PHONE_LENGTHS = "phone_lengths"  # (B,) int64
SPEAKER_IDS = "speaker_ids"  # (B,) int64
DURATION_SCALE = "duration_scale"  # (B, P) float32, factor on each phone's duration
PITCH_SHIFT = "pitch_shift"  # (B, P) float32, semitones
ENERGY_SHIFT = "energy_shift"  # (B, P) float32, dB

# Of voices with a variational prosody, an optional input, 0 by default: how many standard deviations from the likeliest
# way to say each phone or, where the latent is the utterance's, the first one.
PROSODY = "prosody"  # (B, P, Z) float32

# Outputs of acoustic.onnx; MEL is also the input of vocoder.onnx and AUDIO its output.
MEL = "mel"  # (B, M, T) float32, natural log
MEL_LENGTHS = "mel_lengths"  # (B,) int64
DURATIONS = "durations"  # (B, P) int64, frames
AUDIO = "audio"  # (B, S) float32, S = T * hop_length

# Of vocoders that keep count of a phase, also optional inputs, 0 by default, and an output. With them the mel is the
# stretch of a longer one from FIRST_FRAME on. Beyond the very beginning, its first ``vocoder_context_frames`` have been
# heard before, and PHASE is what PHASES was at the frame behind those.
FIRST_FRAME = "first_frame"  # (1,) int64
PHASE = "phase"  # (1,) float64, cycles
PHASES = "phases"  # (B, T) float64, cycles

# Of vocoders that speak at an F0, the one they hear in the mel as an output, and one to speak at instead as an optional
# input: Hz, 0 for frames at which they should speak as they hear.
F0 = "f0"  # (B, T) float64
GIVEN_F0 = "given_f0"  # (B, T) float64

# metadata_props of both graphs (strings, as ONNX has them).
METADATA_KEYS = ("schema_version", "sample_rate", "hop_length", "n_mels", "fingerprint", "facts_sha256")

# A voice may come from anywhere: no voice needs more than these sizes.
MAX_MANIFEST_BYTES = 16 << 20
MAX_GRAPH_BYTES = (2 << 30) - 1  # protobuf's limit
MAX_LEXICON_BYTES = 256 << 20  # of text
MAX_ENTRIES = 10_000  # phones, or speakers
Label = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
FileName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]


def variant_file(name: str, variant: Variant) -> str:
    """The file of a graph: ``vocoder.int8.onnx`` stands beside ``vocoder.onnx``."""
    stem, suffix = name.rsplit(".", 1)
    return name if variant == "fp32" else f"{stem}.{variant}.{suffix}"


class VoiceManifest(BaseModel):
    """``voice.json``: everything about a voice that is not weights."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_version: int = VOICE_SCHEMA_VERSION
    name: Label
    language: Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")]
    sample_rate: Annotated[int, Field(gt=0, le=384_000)]  # Hz
    hop_length: Annotated[int, Field(gt=0, le=16_384)]  # samples
    n_mels: Annotated[int, Field(gt=0, le=1024)]
    vocoder_context_frames: Annotated[int, Field(ge=0, le=1024)]  # on each side of a frame that its audio depends on
    front_end: FrontEndName
    phones: Annotated[tuple[Label, ...], Field(max_length=MAX_ENTRIES)]  # index = phone id
    speakers: Annotated[tuple[Label, ...], Field(min_length=1, max_length=MAX_ENTRIES)]  # index = speaker id
    pauses: dict[Label, Annotated[float, Field(ge=0, le=60)]] = {}  # s by kind: medians within the corpus' utterances
    default_speaker: Label | None = None  # who speaks when nobody is named: by default the first
    fingerprint: Label  # shared by the manifest and both graphs; what does not share it does not belong together
    sha256: dict[FileName, str]  # of every other file, by its name
    licence: str = ""
    provenance: dict[str, Any] = {}  # resolved config, steps, library versions
    quality: dict[str, float] = {}  # measured, with units in the names

    def variants(self) -> tuple[Variant, ...]:
        """Those that the voice folder holds, the most exact first; one that lists no graphs should have fp32."""
        held = (variant for variant in get_args(Variant) if variant_file(VOCODER_FILE, variant) in self.sha256)
        return tuple(held) or ("fp32",)

    @property
    def facts_sha256(self) -> str:
        """Of all that speaking depends on outside the graphs, which carry it: a changed manifest is noticed."""
        facts = self.model_dump(exclude={"name", "default_speaker", "sha256", "licence", "provenance", "quality"})
        if not self.pauses:
            del facts["pauses"]  # voices without them were exported before there were any
        return sha256(json.dumps(facts, sort_keys=True).encode())


@dataclass(frozen=True)
class AcousticInputs:
    """What ``acoustic.onnx`` takes for a batch of sentences. Fields are named, and ordered, as its inputs are."""

    phone_ids: npt.NDArray[np.int64]  # (B, P)
    phone_lengths: npt.NDArray[np.int64]  # (B,)
    speaker_ids: npt.NDArray[np.int64]  # (B,)
    duration_scale: npt.NDArray[np.float32]  # (B, P)
    pitch_shift: npt.NDArray[np.float32]  # (B, P)
    energy_shift: npt.NDArray[np.float32]  # (B, P)

    @classmethod
    def of(cls, sentences: Sequence[Sequence[int]], speaker_ids: Sequence[int]) -> Self:
        """The phone ids of each sentence, padded, and who speaks it, as the model itself would say it."""
        lengths = np.array([len(phone_ids) for phone_ids in sentences], np.int64)
        padded = np.zeros((len(sentences), int(lengths.max())), np.int64)
        for row, phone_ids in zip(padded, sentences, strict=True):
            row[: len(phone_ids)] = phone_ids
        ones, zeros = np.ones(padded.shape, np.float32), np.zeros(padded.shape, np.float32)
        return cls(padded, lengths, np.array(speaker_ids, np.int64), ones, zeros, zeros.copy())

    @staticmethod
    def names(n_speakers: int) -> tuple[str, ...]:
        """The inputs of a graph for so many speakers."""
        named = (field.name for field in fields(AcousticInputs))
        return tuple(name for name in named if name != SPEAKER_IDS or n_speakers > 1)

    def feed(self, n_speakers: int) -> dict[str, npt.NDArray[Any]]:
        """By name, for such a graph."""
        return {name: getattr(self, name) for name in self.names(n_speakers)}
