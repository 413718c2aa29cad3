"""A model repository for NVIDIA's Triton inference server: both graphs as they are, and an ensemble that joins them.

Requests with equally many phones are computed together: pad ``phone_ids`` with 0 to a few lengths. The audio of a row
is as long as its ``mel_lengths`` say; behind it, in such a batch, is the silence that pads the mels of shorter rows,
which the vocoder sees from the last frames of a row: the end of its final pause may differ a little.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import onnx
from onnx import TensorProto

from tts.export.targets.target import Target
from tts.export.voice_graphs import VoiceGraphs, for_whole_utterances
from tts.runtime import contract

MAX_BATCH_SIZE = 16
QUEUE_DELAY_US = 5000  # how long a request waits for others to share a batch with
MODEL_FILE = "model.onnx"  # where Triton looks for it, in the folder of a version
VERSION = "1"
DATA_TYPES: dict[int, str] = {TensorProto.INT64: "TYPE_INT64", TensorProto.FLOAT: "TYPE_FP32"}


def write_triton(voice: VoiceGraphs, folder: Path) -> str:
    """Writes ``NAME``, the ensemble, ``NAME_acoustic`` and ``NAME_vocoder``. Returns a message for the user."""
    manifest, name = voice.manifest, re.sub(r"[^A-Za-z0-9_-]", "_", voice.manifest.name)
    batching = f"dynamic_batching {{ max_queue_delay_microseconds: {QUEUE_DELAY_US} }}"
    vocoder = for_whole_utterances(voice.vocoder)
    parts = {f"{name}_acoustic": voice.acoustic, f"{name}_vocoder": vocoder}
    for part, model in parts.items():
        tensors = _tensors(model.graph.input, "input") + _tensors(model.graph.output, "output")
        _write(folder / part, f'name: "{part}"', 'backend: "onnxruntime"', *tensors, batching)
        onnx.save(model, folder / part / VERSION / MODEL_FILE)

    facts = {
        "sample_rate": str(manifest.sample_rate),
        "hop_length": str(manifest.hop_length),
        "phones": json.dumps(manifest.phones),
        "speakers": json.dumps(manifest.speakers),
        "licence": manifest.licence,
    }
    given = _tensors(voice.acoustic.graph.input, "input", squeezed=False)
    counts = [value for value in voice.acoustic.graph.output if value.name != contract.MEL]
    wanted = _tensors([*vocoder.graph.output, *counts], "output", squeezed=False)
    steps = [_step(part, model.graph) for part, model in parts.items()]
    scheduling = "ensemble_scheduling {\n  step [\n" + ",\n".join(steps) + "\n  ]\n}"
    parameters = [
        f'parameters {{ key: "{key}" value {{ string_value: {json.dumps(value, ensure_ascii=False)} }} }}'
        for key, value in facts.items()
    ]
    _write(folder / name, f'name: "{name}"', 'platform: "ensemble"', *given, *wanted, scheduling, *parameters)
    return f"models {', '.join([name, *parts])}"


def _write(model: Path, *entries: str) -> None:
    (model / VERSION).mkdir(parents=True)
    lines = [entries[0], f"max_batch_size: {MAX_BATCH_SIZE}", *entries[1:]]
    (model / "config.pbtxt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tensors(values: Iterable[onnx.ValueInfoProto], kind: str, *, squeezed: bool = True) -> list[str]:
    """Entries without the batch's axis. Triton knows no tensor without any other: ``squeezed`` says that ours are."""
    entries = []
    for value in values:
        tensor = value.type.tensor_type
        dims = [axis.dim_value or -1 for axis in tensor.shape.dim][1:]
        reshape = "" if dims or not squeezed else " reshape { shape: [ ] }"
        sizes = ", ".join(map(str, dims or [1]))
        data_type = DATA_TYPES[tensor.elem_type]
        entries.append(f'{kind} {{ name: "{value.name}" data_type: {data_type} dims: [ {sizes} ]{reshape} }}')
    return entries


def _step(model: str, graph: onnx.GraphProto) -> str:
    """Tensors of the ensemble have the names they have in the graphs."""
    inputs = [f'      input_map {{ key: "{value.name}" value: "{value.name}" }}\n' for value in graph.input]
    outputs = [f'      output_map {{ key: "{value.name}" value: "{value.name}" }}\n' for value in graph.output]
    return f'    {{\n      model_name: "{model}"\n      model_version: -1\n{"".join(inputs + outputs)}    }}'


TARGET = Target(write_triton)
