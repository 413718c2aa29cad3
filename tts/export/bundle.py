"""Two trained models into a voice folder: whole, checked against the models, or not there at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tts.config.audio import AudioConfig
from tts.config.loader import differences
from tts.config.text import TextConfig
from tts.errors import InputError
from tts.export.acoustic_graph import export_acoustic
from tts.export.card import CARD_FILE, write_card
from tts.export.onnx_file import write_graph
from tts.export.parity import GATE, Gate, ParityRow, acoustic_parity, parity_table, require_parity, vocoder_parity
from tts.files.digest import file_sha256, sha256
from tts.files.whole import whole_folder
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import Generator
from tts.models.saved import CheckpointMeta, load_acoustic, load_vocoder
from tts.runtime.admission import remember
from tts.runtime.contract import (
    ACOUSTIC_FILE,
    LEXICON_FILE,
    MANIFEST_FILE,
    METADATA_KEYS,
    USER_LEXICON_FILE,
    VOCODER_FILE,
    VoiceManifest,
)
from tts.runtime.folder import read_manifest
from tts.text.front_end import corpus_front_end, corpus_lexicon
from tts.text.inventory import PhoneInventory
from tts.text.lexicon import Lexicon, pack_lexicon
from tts.text.user_lexicon import UserLexicon, read_user_lexicon

ENOUGH_PAUSES = 10  # of a kind, for their median to be the voice's
FILES = {MANIFEST_FILE, CARD_FILE, LEXICON_FILE, USER_LEXICON_FILE}  # of a voice, beside its graphs
LIBRARIES = ("linnet-tts", "torch", "onnx", "onnxruntime")


@dataclass(frozen=True)
class VoiceParts:
    """What a voice is made of, in memory."""

    acoustic: FastSpeech2
    generator: Generator
    audio: AudioConfig
    text: TextConfig
    phones: tuple[str, ...]  # index = phone id
    speakers: tuple[str, ...]  # index = speaker id
    provenance: Mapping[str, Any]
    default_speaker: str | None = None
    pauses: Mapping[str, float] = field(default_factory=dict)  # s, by kind
    lexicon: UserLexicon | None = None  # of words of one's own


@dataclass(frozen=True)
class ExportReport:
    """What was compared; ``str`` shows it as tables."""

    voice: Path
    parity: tuple[ParityRow, ...]

    def __str__(self) -> str:
        tables = [parity_table(list(rows)) for _, rows in groupby(self.parity, key=lambda row: row.graph)]
        return "\n\n".join([*tables, f"voice written to {self.voice}"])


def export_voice(
    acoustic: Path,
    vocoder: Path,
    voice: Path,
    *,
    name: str,
    speaker: str | None = None,
    licence: str = "",
    lexicon: Path | None = None,
    sources: Mapping[str, Any] = MappingProxyType({}),
    gate: Gate = GATE,
) -> ExportReport:
    """The newest checkpoints of two runs (or two checkpoints) as the voice folder ``voice``.

    ``lexicon``: words of one's own that travel with it. ``sources``: what else its provenance and its card should say,
    such as the data it learned from. Raises ``InputError`` for runs without a usable checkpoint, models of different
    audio, a lexicon with other phones, a folder in the way that is not a voice, and graphs that differ from their
    models. Whatever stood at ``voice`` then still does.
    """
    acoustic_model, acoustic_meta = load_acoustic(acoustic)
    generator, vocoder_meta = load_vocoder(vocoder)
    config = acoustic_meta.resolved_config(acoustic)
    vocoder_audio = vocoder_meta.resolved_config(vocoder).audio
    changes = differences(config.audio.model_dump(), vocoder_audio.model_dump(), "audio.")
    if changes:
        raise InputError(vocoder, f"was trained on other audio than {acoustic}: {', '.join(changes)}")
    if speaker not in (None, *acoustic_meta.speakers):
        raise InputError(f"speaker {speaker!r}", f"{acoustic} has {', '.join(acoustic_meta.speakers)}")
    user_lexicon = read_user_lexicon(lexicon) if lexicon else None
    if user_lexicon:
        user_lexicon.check(PhoneInventory(acoustic_meta.phones))
    parts = VoiceParts(
        acoustic=acoustic_model,
        generator=generator,
        audio=config.audio,
        text=config.text,
        phones=acoustic_meta.phones,
        speakers=acoustic_meta.speakers,
        provenance={
            "acoustic": _origin(acoustic_meta),
            "vocoder": _origin(vocoder_meta),
            "versions": {library: version(library) for library in LIBRARIES},
            **sources,
        },
        default_speaker=speaker,
        lexicon=user_lexicon,
        pauses={kind: p.median_s for kind, p in acoustic_meta.pauses.items() if p.count >= ENOUGH_PAUSES},
    )
    return write_voice(parts, voice, name=name, licence=licence, gate=gate)


def write_voice(parts: VoiceParts, voice: Path, *, name: str, licence: str = "", gate: Gate = GATE) -> ExportReport:
    """Writes and checks everything in a folder beside ``voice``, which then takes its place."""
    check_replaceable(voice)
    with whole_folder(voice, replace=True) as partial:
        rows = _write_parts(parts, partial, name, licence, gate)
    remember(read_manifest(voice / MANIFEST_FILE))
    return ExportReport(voice, tuple(rows))


def check_replaceable(voice: Path) -> None:
    """Raises ``InputError`` for what a new voice may not replace: anything but a voice and nothing else."""
    if not voice.exists():
        return
    if not (voice / MANIFEST_FILE).is_file():
        raise InputError(voice, "exists and is not a voice", "give another folder")
    for file in sorted(voice.iterdir()):
        if file.name not in FILES and file.suffix != ".onnx" and not file.name.startswith("."):
            raise InputError(file, "is not part of the voice, and would be lost", "move it, or give another folder")


def _write_parts(parts: VoiceParts, folder: Path, name: str, licence: str, gate: Gate) -> list[ParityRow]:
    manifest = VoiceManifest(
        name=name,
        language=parts.text.language,
        sample_rate=parts.audio.sample_rate,
        hop_length=parts.audio.hop_length,
        n_mels=parts.audio.n_mels,
        vocoder_context_frames=parts.generator.receptive_field,
        front_end=parts.text.front_end,
        phones=parts.phones,
        speakers=parts.speakers,
        pauses=dict(parts.pauses),
        default_speaker=parts.default_speaker,
        fingerprint=_fingerprint(parts),
        sha256={},
        licence=licence,
        provenance=dict(parts.provenance),
    )
    metadata = {key: str(getattr(manifest, key)) for key in METADATA_KEYS}
    export_acoustic(folder / ACOUSTIC_FILE, parts.acoustic, metadata)
    graph = parts.generator.graph()
    write_graph(folder / VOCODER_FILE, graph, metadata)
    acoustic_rows = acoustic_parity(folder / ACOUSTIC_FILE, parts.acoustic, gate)
    vocoder_rows = vocoder_parity(folder / VOCODER_FILE, parts.generator, gate)
    require_parity(acoustic_rows + vocoder_rows, gate)

    if lexicon := _lexicon(parts.text):
        (folder / LEXICON_FILE).write_bytes(pack_lexicon(lexicon))
    if parts.lexicon:
        (folder / USER_LEXICON_FILE).write_text(parts.lexicon.source, encoding="utf-8")
    measured = {
        "sha256": {file.name: file_sha256(file) for file in sorted(folder.iterdir())},
        "quality": {"parity_log_mel": _worst(acoustic_rows), "parity_audio": _worst(vocoder_rows)},
    }
    manifest = manifest.model_copy(update=measured)
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_card(folder, manifest)
    return acoustic_rows + vocoder_rows


def _lexicon(text: TextConfig) -> Lexicon | None:
    """What the voice brings along; the package has all that English needs."""
    if text.front_end != "gruut" or text.language.startswith("en"):
        return corpus_lexicon(text)
    vocabulary = corpus_front_end(text).vocabulary()
    return {word: [" ".join(phones)] for word, phones in vocabulary.items() if phones and len(word.split()) == 1}


def _fingerprint(parts: VoiceParts) -> str:
    """Of both models' weights and of what gives their numbers a meaning."""
    meaning = json.dumps([parts.audio.model_dump(), parts.phones, parts.speakers]).encode()
    weights = [
        content
        for model in (parts.acoustic, parts.generator)
        for name, tensor in sorted(model.state_dict().items())
        for content in (name.encode(), tensor.cpu().numpy().tobytes())
    ]
    return sha256(meaning, *weights)


def _origin(meta: CheckpointMeta) -> dict[str, Any]:
    return {"step": meta.step, "config": meta.config}


def _worst(rows: list[ParityRow]) -> float:
    return max(row.error for row in rows)
