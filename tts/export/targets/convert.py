"""An exported voice in the form that another program reads: whole, checked against the voice, or not there at all."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import onnx

from tts.config.errors import InputError
from tts.export.fused_graph import fuse, require_fused_parity
from tts.export.targets.piper import write_piper
from tts.export.targets.sherpa_onnx import write_sherpa_onnx
from tts.export.targets.triton import write_triton
from tts.export.voice_graphs import VoiceGraphs, read_voice_graphs

Target = Literal["fused", "sherpa-onnx", "piper", "triton"]
FUSED_FILE = "fused.onnx"


def convert(voice: Path, target: Target, folder: Path) -> str:
    """Writes the voice folder ``voice`` into ``folder`` as ``target`` reads it. Returns what was done, in words.

    Raises ``InputError`` for a damaged voice, one that the target cannot speak, and a folder in the way.
    """
    graphs = read_voice_graphs(voice)
    with whole_folder(folder) as partial:
        if target == "triton":
            note = write_triton(graphs, partial)
        else:
            fused = fuse(graphs.acoustic, graphs.vocoder, graphs.manifest.hop_length)
            difference = require_fused_parity(fused, graphs)
            note = WRITERS[target](graphs, fused, partial)
            note += f"; largest difference of the fused graph from the two: {difference:.1e}"
    return f"{note}\n{target} written to {folder}"


def write_fused(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """One graph with all that is needed to use it in its metadata."""
    manifest = voice.manifest
    facts = {"phones": json.dumps(manifest.phones), "speakers": json.dumps(manifest.speakers)}
    onnx.helper.set_model_props(fused, {prop.key: prop.value for prop in fused.metadata_props} | facts)
    onnx.save(fused, folder / FUSED_FILE)
    return f"{FUSED_FILE}: phone ids to audio"


WRITERS: dict[Target, Callable[[VoiceGraphs, onnx.ModelProto, Path], str]] = {
    "fused": write_fused,
    "sherpa-onnx": write_sherpa_onnx,
    "piper": write_piper,
}


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``folder`` once all is done, and vanishes if that fails.

    Raises ``InputError`` if ``folder`` is there and is not empty.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(folder, "exists already", "remove it, or give another folder")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
