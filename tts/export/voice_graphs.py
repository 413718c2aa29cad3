"""An exported voice, read back to be written in another form."""

from dataclasses import dataclass
from pathlib import Path

import onnx

from tts.names import Variant
from tts.onnx_runtime import onnxruntime
from tts.runtime import contract
from tts.runtime.admission import admit
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import VoiceManifest
from tts.runtime.folder import graph_files, open_front_end, read_manifest
from tts.runtime.session import open_trusted, read_verified
from tts.text.sentences import FrontEnd


@dataclass(frozen=True)
class VoiceGraphs:
    folder: Path
    manifest: VoiceManifest
    acoustic: onnx.ModelProto
    vocoder: onnx.ModelProto

    def front_end(self) -> FrontEnd:
        """The one that reads text for it."""
        return open_front_end(self.folder, self.manifest)


def read_voice_graphs(folder: Path, variant: Variant | None = None) -> VoiceGraphs:
    """Raises ``InputError`` as ``Voice.load`` does."""
    folder = find_voice(folder)
    manifest = read_manifest(folder / contract.MANIFEST_FILE)
    admit(folder, manifest, variant)
    acoustic, vocoder = (
        onnx.load_from_string(read_verified(folder / name, manifest)) for name in graph_files(manifest, variant)
    )
    return VoiceGraphs(folder, manifest, acoustic, vocoder)


def for_whole_utterances(vocoder: onnx.ModelProto) -> onnx.ModelProto:
    """A copy from mel to audio alone, without what makes a stretch of mel go on where another ended."""
    plain = onnx.ModelProto()
    plain.CopyFrom(vocoder)
    for values, name in ((plain.graph.input, contract.MEL), (plain.graph.output, contract.AUDIO)):
        kept = [value for value in values if value.name == name]
        del values[:]
        values.extend(kept)
    return plain


def open_model(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """A session on the CPU, to compare graphs with each other."""
    return open_trusted(model.SerializeToString(), f"graph {model.graph.name}")
