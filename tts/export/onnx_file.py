"""A torch module traced into an ONNX file whose sizes stay free.

Traced with TorchScript: it takes a second for what ``torch.export`` needs half a minute for, and gives the same graph.
Whatever tracing would freeze (a length, a branch on data) is refused here, and parity is checked over many sizes after.
"""

import io
import warnings
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch

from tts.models.generators import Graph
from tts.runtime.contract import OPSET

LARGE_CONSTANT = 10_000  # bytes


def write_graph(path: Path, graph: Graph, metadata: Mapping[str, str]) -> None:
    """Traces the module of ``graph`` in evaluation mode."""
    traced = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        for deprecation in ("You are using the legacy TorchScript-based ONNX export", "The feature will be removed"):
            warnings.filterwarnings("ignore", deprecation, DeprecationWarning)
        torch.onnx.export(
            graph.module.eval(),
            graph.example,
            traced,  # type: ignore[arg-type]  # a file in memory, which the stubs do not know
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            dynamic_axes={name: dict(axes) for name, axes in {**graph.inputs, **graph.outputs}.items()},
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load_from_string(traced.getvalue())
    onnx.helper.set_model_props(model, dict(metadata))
    for name, value in zip(graph.inputs, graph.example, strict=True):
        if name in graph.optional:
            model.graph.initializer.append(onnx.numpy_helper.from_array(value.numpy(), name))
    _share_constants(model.graph)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _share_constants(graph: onnx.GraphProto) -> None:
    """Tracing writes a constant anew wherever it is used: each large one becomes a single initializer."""
    owners: dict[bytes, str] = {}
    new_names: dict[str, str] = {}
    for node in [node for node in graph.node if node.op_type == "Constant" and node.attribute[0].name == "value"]:
        tensor = node.attribute[0].t
        if tensor.ByteSize() < LARGE_CONSTANT:
            continue
        tensor.ClearField("name")
        owner = owners.setdefault(tensor.SerializeToString(deterministic=True), node.output[0])
        if owner == node.output[0]:
            tensor.name = owner
            graph.initializer.append(tensor)
        new_names[node.output[0]] = owner
        graph.node.remove(node)
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = new_names.get(name, name)
