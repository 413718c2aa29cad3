"""Smaller and faster forms of a graph: weights at half precision, convolutions and matrix products in 8 bits."""

import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from tts.runtime import contract

HALF = "_half"  # suffix of a weight's name
EXACT = "/f0/"  # scope of the layers that choose an F0: a choice is not approximated


def with_half_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that stores its matrices and kernels as float16. Computation stays float32: ONNX Runtime converts the
    weights once, when it opens the graph. Vectors stay as they are: small, and among them the frequencies of positions.
    So do the weights of what chooses the F0.
    """
    exact = {name for node in model.graph.node if node.name.startswith(EXACT) for name in node.input}
    half = onnx.ModelProto()
    half.CopyFrom(model)
    casts = []
    for tensor in half.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1 and tensor.name not in exact:
            name = tensor.name
            weight = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(weight, name + HALF))
            casts.append(helper.make_node("Cast", [name + HALF], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *half.graph.node]
    del half.graph.node[:]
    half.graph.node.extend(nodes)
    onnx.checker.check_model(half, full_check=True)
    return half


def layers_by_width(vocoder: onnx.ModelProto) -> dict[str, list[str]]:
    """The names of all convolutions and matrix products that may be computed in 8 bits, by their kind and width, which
    in HiFi-GAN is by upsampling stage. The first and the last are not among them: they read the mel and write the
    audio. Nor are transposed ones, for which ONNX Runtime has no such operator."""
    # What was constant in tracing, as the sinusoids of a Fourier transform, has the name of a scope.
    weights = {tensor.name: tensor.dims for tensor in vocoder.graph.initializer if not tensor.name.startswith("/")}
    layers = [
        node
        for node in vocoder.graph.node
        if node.op_type in ("Conv", "MatMul") and node.input[1] in weights and not node.name.startswith(EXACT)
    ]
    widths: dict[str, list[str]] = {}
    for node in layers[1:-1]:
        n_outputs = weights[node.input[1]][0 if node.op_type == "Conv" else 1]
        widths.setdefault(f"{node.op_type} to {n_outputs}", []).append(node.name)
    return widths


def in_8_bits(
    vocoder: onnx.ModelProto, layers: Collection[str], windows: npt.NDArray[np.float32], *, residuals: bool
) -> onnx.ModelProto:
    """A copy that computes ``layers`` with unsigned activations and signed weights of 8 bits, scaled per channel, and
    stores all other weights as float16.

    windows: (N, M, T) mels, from which the ranges of activations are read. ``residuals``: also what flows around the
    layers, through sums and activations, is of 8 bits.
    """
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(vocoder, source)
        logging.disable(logging.WARNING)  # advice to optimise the graph first, which changes nothing here
        try:
            quantize_static(
                source,
                target,
                _Windows(windows),
                op_types_to_quantize=["Conv", "MatMul", "LeakyRelu", "Add"],
                nodes_to_quantize=[*layers, *_between(vocoder, layers, residuals)],
                per_channel=True,
                # 7 bits: processors without VNNI add two products in 16 bits, and would saturate where others do not.
                reduce_range=True,
                activation_type=QuantType.QUInt8,  # signed ones take a path that is 20 times slower on x86
                weight_type=QuantType.QInt8,
            )
        finally:
            logging.disable(logging.NOTSET)
        quantised = with_half_weights(onnx.load(target))
    helper.set_model_props(quantised, {prop.key: prop.value for prop in vocoder.metadata_props})
    return quantised


def _between(vocoder: onnx.ModelProto, layers: Collection[str], residuals: bool) -> Iterator[str]:
    """The activations and sums to compute in 8 bits too: those between two ``layers``, or at the side of one."""
    constants = {tensor.name for tensor in vocoder.graph.initializer}
    producers: dict[str, NodeProto] = {output: node for node in vocoder.graph.node for output in node.output}
    read_by_layer = {name for node in vocoder.graph.node if node.name in layers for name in node.input}
    for node in vocoder.graph.node:
        after_layer = any(name in producers and producers[name].name in layers for name in node.input)
        if node.op_type == "LeakyRelu" and node.output[0] in read_by_layer and (residuals or after_layer):
            yield node.name
        if residuals and node.op_type == "Add" and after_layer and not constants.intersection(node.input):
            yield node.name


class _Windows(CalibrationDataReader):  # type: ignore[misc]
    """All of them as one batch."""

    def __init__(self, windows: npt.NDArray[np.float32]) -> None:
        self._batches: Iterator[dict[str, Any]] = iter([{contract.MEL: windows}])

    def get_next(self) -> dict[str, Any] | None:
        return next(self._batches, None)
