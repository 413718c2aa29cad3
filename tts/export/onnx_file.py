"""A torch module traced into an ONNX file whose sizes stay free.

Traced with TorchScript: it takes a second for what ``torch.export`` needs half a minute for, and gives the same graph.
Whatever tracing would freeze (a length, a branch on data) is refused here, and parity is checked over many sizes after.
"""

import warnings
from collections.abc import Collection, Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from tts.runtime.contract import OPSET

LARGE_CONSTANT = 10_000  # bytes

Axes = Mapping[str, Mapping[int, str]]  # tensor name to its dynamic axes and their names


def write_graph(
    path: Path,
    module: nn.Module,
    example: tuple[Tensor, ...],
    inputs: Axes,
    outputs: Axes,
    metadata: Mapping[str, str],
    optional: Collection[str] = (),
) -> None:
    """Traces ``module`` in evaluation mode; ``inputs`` and ``outputs`` are named in the order of its signature. Inputs
    that are ``optional`` have the example's value when they are not given."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        for deprecation in ("You are using the legacy TorchScript-based ONNX export", "The feature will be removed"):
            warnings.filterwarnings("ignore", deprecation, DeprecationWarning)
        torch.onnx.export(
            module.eval(),
            example,
            path,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in {**inputs, **outputs}.items()},
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load(path)
    onnx.helper.set_model_props(graph, dict(metadata))
    for name, value in zip(inputs, example, strict=True):
        if name in optional:
            graph.graph.initializer.append(onnx.numpy_helper.from_array(value.numpy(), name))
    _share_constants(graph.graph)
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, path)


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
