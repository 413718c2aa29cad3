"""Names and shapes every exported graph and voice folder agrees on."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, PositiveInt

VOICE_SCHEMA_VERSION = 1
OPSET = 18

MANIFEST_FILE = "voice.json"
ACOUSTIC_FILE = "acoustic.onnx"
VOCODER_FILE = "vocoder.onnx"
LEXICON_FILE = "lexicon.txt"  # pronunciations, of voices whose front end is arpabet

# Inputs of acoustic.onnx, in order; speaker_ids only for voices with several speakers.
PHONE_IDS = "phone_ids"  # (B, P) int64, 0 = padding
PHONE_LENGTHS = "phone_lengths"  # (B,) int64
SPEAKER_IDS = "speaker_ids"  # (B,) int64
DURATION_SCALE = "duration_scale"  # (B, P) float32, factor on each phone's duration
PITCH_SHIFT = "pitch_shift"  # (B, P) float32, semitones
ENERGY_SHIFT = "energy_shift"  # (B, P) float32, dB

# Outputs of acoustic.onnx; MEL is also the input of vocoder.onnx and AUDIO its output.
MEL = "mel"  # (B, M, T) float32, natural log
MEL_LENGTHS = "mel_lengths"  # (B,) int64
DURATIONS = "durations"  # (B, P) int64, frames
AUDIO = "audio"  # (B, S) float32, S = T * hop_length

# metadata_props of both graphs (strings, as ONNX has them).
METADATA_KEYS = ("schema_version", "sample_rate", "hop_length", "n_mels", "fingerprint")


class VoiceManifest(BaseModel):
    """``voice.json``: everything about a voice that is not weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = VOICE_SCHEMA_VERSION
    name: str
    language: str
    sample_rate: PositiveInt  # Hz
    hop_length: PositiveInt  # samples
    n_mels: PositiveInt
    front_end: Literal["gruut", "arpabet"]
    phones: tuple[str, ...]  # index = phone id
    speakers: tuple[str, ...]  # index = speaker id
    fingerprint: str  # shared by the manifest and both graphs; what does not share it does not belong together
    sha256: dict[str, str]  # of each graph file, by file name
    licence: str = ""
    provenance: dict[str, Any] = {}  # resolved config, steps, library versions
    quality: dict[str, float] = {}  # measured, with units in the names
