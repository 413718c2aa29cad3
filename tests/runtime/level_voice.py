"""A voice of a few operators: every phone is a constant level of the audio, so what was spoken can be read off."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tts.runtime.admission import remember
from tts.runtime.contract import ACOUSTIC_FILE, MANIFEST_FILE, METADATA_KEYS, OPSET, VOCODER_FILE, VoiceManifest
from tts.runtime.folder import read_manifest

PHONES = ("<pad>", "sil", "AH0", "D", "ER1", "HH", "L", "OW0", "OW1", "W")  # hello world
SAMPLE_RATE = 22_050  # Hz
HOP_LENGTH = 16  # samples
N_MELS = 4
FRAMES_PER_PHONE = 6
LEVEL_PER_ID = 0.01  # of the audio, for each phone id
LEVEL_PER_SPEAKER, LEVEL_PER_SEMITONE, LEVEL_PER_DB = 0.2, 0.001, 0.002

FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64


def write_level_voice(
    folder: Path,
    *,
    fingerprint: str = "levels",
    speakers: tuple[str, ...] = ("one",),
    frames: int = FRAMES_PER_PHONE,
    gain: float = 1.0,
    phones: tuple[str, ...] = PHONES,
    front_end: str = "arpabet",
) -> Path:
    """``gain`` scales the audio, NaN included. Returns ``folder``."""
    folder.mkdir(parents=True)
    manifest = VoiceManifest(
        name="levels",
        language="en-us",
        sample_rate=SAMPLE_RATE,
        hop_length=HOP_LENGTH,
        n_mels=N_MELS,
        vocoder_context_frames=0,
        front_end=front_end,
        phones=phones,
        speakers=speakers,
        fingerprint=fingerprint,
        sha256={},
    )
    metadata = {key: str(getattr(manifest, key)) for key in METADATA_KEYS}
    for name, graph in ((ACOUSTIC_FILE, _acoustic(len(speakers), frames)), (VOCODER_FILE, _vocoder(gain))):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, folder / name)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ACOUSTIC_FILE, VOCODER_FILE)}
    text = manifest.model_copy(update={"sha256": digests}).model_dump_json(indent=2)
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")
    remember(read_manifest(folder / MANIFEST_FILE))
    return folder


def _acoustic(n_speakers: int, frames: int) -> onnx.GraphProto:
    """Durations are ``frames`` times the scale; every mel band of a frame is its phone's level. Batch of one."""
    controls = ("duration_scale", "pitch_shift", "energy_shift")
    inputs = [("phone_ids", INT, ("B", "P")), ("phone_lengths", INT, ("B",))]
    inputs += [(name, FLOAT, ("B", "P")) for name in controls]
    nodes = [
        _node("Mul", ["duration_scale", "frames"], "exact"),
        _node("Round", ["exact"], "rounded"),
        _node("Cast", ["rounded"], "durations", to=INT),
        _node("ReduceSum", ["durations", "one_axis"], "mel_lengths", keepdims=0),
        _node("CumSum", ["durations", "one"], "ends"),  # (1, P)
        _node("ReduceSum", ["durations"], "n_frames", keepdims=0),
        _node("Range", ["zero", "n_frames", "one"], "time"),  # (T,)
        _node("Unsqueeze", ["time", "one_axis"], "column"),  # (T, 1)
        _node("GreaterOrEqual", ["column", "ends"], "passed"),  # (T, P)
        _node("Cast", ["passed"], "passed_count", to=INT),
        _node("ReduceSum", ["passed_count", "one_axis"], "phone_of_frame", keepdims=0),  # (T,)
        _node("Cast", ["phone_ids"], "ids", to=FLOAT),
        _node("Mul", ["ids", "per_id"], "base"),
        _node("Mul", ["pitch_shift", "per_semitone"], "pitch"),
        _node("Mul", ["energy_shift", "per_db"], "energy"),
        _node("Sum", ["base", "pitch", "energy", "speaker"], "levels"),  # (1, P)
        _node("Gather", ["levels", "phone_of_frame"], "frame_levels", axis=1),  # (1, T)
        _node("Unsqueeze", ["frame_levels", "one_axis"], "row"),  # (1, 1, T)
        _node("Expand", ["row", "bands"], "mel"),
    ]
    constants = {"frames": np.float32(frames), "zero": np.int64(0), "one": np.int64(1), "one_axis": np.int64([1])}
    constants |= {"bands": np.int64([1, N_MELS, 1]), "per_id": np.float32(LEVEL_PER_ID)}
    constants |= {"per_semitone": np.float32(LEVEL_PER_SEMITONE), "per_db": np.float32(LEVEL_PER_DB)}
    if n_speakers > 1:
        inputs.append(("speaker_ids", INT, ("B",)))
        constants["per_speaker"] = np.float32(LEVEL_PER_SPEAKER)
        nodes[:0] = [
            _node("Cast", ["speaker_ids"], "speaker_number", to=FLOAT),
            _node("Mul", ["speaker_number", "per_speaker"], "speaker"),
        ]
    else:
        constants["speaker"] = np.float32(0)
    outputs = [("mel", FLOAT, ("B", N_MELS, "T")), ("mel_lengths", INT, ("B",)), ("durations", INT, ("B", "P"))]
    return _graph("acoustic", nodes, inputs, outputs, constants)


def _vocoder(gain: float) -> onnx.GraphProto:
    """Each frame becomes ``HOP_LENGTH`` samples of its mean mel."""
    nodes = [
        _node("ReduceMean", ["mel", "one_axis"], "level", keepdims=0),  # (B, T)
        _node("Mul", ["level", "gain"], "scaled"),
        _node("Unsqueeze", ["scaled", "two_axis"], "frames"),  # (B, T, 1)
        _node("Expand", ["frames", "hop"], "samples"),  # (B, T, hop)
        _node("Reshape", ["samples", "flat"], "audio"),
    ]
    constants = {"one_axis": np.int64([1]), "two_axis": np.int64([2]), "gain": np.float32(gain)}
    constants |= {"hop": np.int64([1, 1, HOP_LENGTH]), "flat": np.int64([0, -1])}
    return _graph("vocoder", nodes, [("mel", FLOAT, ("B", N_MELS, "T"))], [("audio", FLOAT, ("B", "S"))], constants)


Value = tuple[str, int, tuple[str | int, ...]]


def _node(operator: str, inputs: Sequence[str], output: str, **attributes: int) -> onnx.NodeProto:
    return helper.make_node(operator, inputs, [output], **attributes)


def _graph(
    name: str,
    nodes: list[onnx.NodeProto],
    inputs: list[Value],
    outputs: list[Value],
    constants: Mapping[str, np.ndarray | np.generic],
) -> onnx.GraphProto:
    return helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
        [numpy_helper.from_array(np.asarray(value), constant) for constant, value in constants.items()],
    )
