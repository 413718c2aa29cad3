"""A voice as one graph, with all that is needed to use it in its metadata."""

import json
from pathlib import Path

import onnx

from tts.export.targets.target import fused_target
from tts.export.voice_graphs import VoiceGraphs

FUSED_FILE = "fused.onnx"


def write_fused(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """Writes the graph. Returns a message for the user."""
    manifest = voice.manifest
    facts = {
        "phones": json.dumps(manifest.phones),
        "speakers": json.dumps(manifest.speakers),
        "licence": manifest.licence,
    }
    onnx.helper.set_model_props(fused, {prop.key: prop.value for prop in fused.metadata_props} | facts)
    onnx.save(fused, folder / FUSED_FILE)
    return f"{FUSED_FILE}: phone ids to audio"


TARGET = fused_target(write_fused)
