"""An exported voice in the form that another program reads: whole, checked against the voice, or not there at all."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx

from tts.export.fused_graph import fuse, require_fused_parity
from tts.export.targets.piper import write_piper
from tts.export.targets.sherpa_onnx import write_sherpa_onnx
from tts.export.targets.triton import write_triton
from tts.export.targets.web import find_runtime, write_web
from tts.export.voice_graphs import VoiceGraphs, read_voice_graphs
from tts.files.whole import whole_folder
from tts.names import Target, Variant

FUSED_FILE = "fused.onnx"


def convert(voice: Path, target: Target, folder: Path, variant: Variant | None = None) -> str:
    """Writes the voice folder ``voice`` into ``folder`` as ``target`` reads it. Returns what was done, in words.

    Raises ``InputError`` for a damaged voice, one that the target cannot speak, and a folder in the way.
    """
    _require_runtime(target)
    with whole_folder(folder) as partial:
        note = _write(read_voice_graphs(voice, variant), target, partial)
    return f"{note}\nvoice written to {folder}"


def export_for(target: Target, acoustic: Path, vocoder: Path, folder: Path, *, name: str, licence: str = "") -> str:
    """The newest checkpoints of two runs, as ``target`` reads a voice. Raises what ``export_voice`` does."""
    from tts.export.bundle import export_voice  # torch, which an exported voice does without

    _require_runtime(target)
    with whole_folder(folder) as partial, TemporaryDirectory() as scratch:
        report = export_voice(acoustic, vocoder, Path(scratch) / "voice", name=name, licence=licence)
        note = _write(read_voice_graphs(report.voice), target, partial)
    return f"{replace(report, voice=folder)}\n{note}"


def _require_runtime(target: Target) -> None:
    """What the target puts beside the voice, before minutes are spent on the voice."""
    if target == "web":
        find_runtime()


def _write(voice: VoiceGraphs, target: Target, folder: Path) -> str:
    if target == "triton":
        return write_triton(voice, folder)
    fused = fuse(voice.acoustic, voice.vocoder, voice.manifest.hop_length)
    difference = require_fused_parity(fused, voice)
    note = WRITERS[target](voice, fused, folder)
    return f"fused graph against the two: largest difference {difference:.1e}\n{note}"


def write_fused(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """One graph with all that is needed to use it in its metadata."""
    manifest = voice.manifest
    facts = {
        "phones": json.dumps(manifest.phones),
        "speakers": json.dumps(manifest.speakers),
        "licence": manifest.licence,
    }
    onnx.helper.set_model_props(fused, {prop.key: prop.value for prop in fused.metadata_props} | facts)
    onnx.save(fused, folder / FUSED_FILE)
    return f"{FUSED_FILE}: phone ids to audio"


WRITERS: dict[Target, Callable[[VoiceGraphs, onnx.ModelProto, Path], str]] = {
    "fused": write_fused,
    "sherpa-onnx": write_sherpa_onnx,
    "piper": write_piper,
    "web": write_web,
}
