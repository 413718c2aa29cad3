"""A torch module traced into an ONNX file whose sizes stay free.

Traced with TorchScript: it takes a second for what ``torch.export`` needs half a minute for, and gives the same graph.
Whatever tracing would freeze (a length, a branch on data) is refused here, and parity is checked over many sizes after.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from tts.runtime.contract import OPSET

Axes = Mapping[str, Mapping[int, str]]  # tensor name to its dynamic axes and their names


def write_graph(
    path: Path, module: nn.Module, example: tuple[Tensor, ...], inputs: Axes, outputs: Axes, metadata: Mapping[str, str]
) -> None:
    """Traces ``module`` in evaluation mode; ``inputs`` and ``outputs`` are named in the order of its signature."""
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
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, path)
