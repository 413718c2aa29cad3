"""Smaller and faster forms of a graph: weights of fewer bits, and convolutions and matrix products in 8 bits."""

import logging
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from tts.export.sinusoids import SCOPE, with_computed_sinusoids
from tts.onnx_runtime import quantization_tools
from tts.runtime import contract

HALF = "_half"  # suffix of a weight's name
# Scopes: of the layers that choose an F0, as a choice is not approximated, of sinusoids, and of the sharpening of mels,
# whose matrix is nearly the identity.
EXACT = ("/f0/", SCOPE, "/sharpening/")
OUTPUT_AXIS = {"MatMul": 1, "ConvTranspose": 1, "LSTM": 1}  # of weights, by what reads them; otherwise the first


def with_half_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that stores its matrices and kernels as float16, and computes in float32."""
    return _storing(model, _as_half)


def with_8_bit_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that stores its matrices and kernels in signed 8 bits, scaled per output channel, and computes in
    float32."""
    return _storing(model, _in_8_bits)


Stored = tuple[list[TensorProto], list[NodeProto]]  # what to store, and what turns it into the weight again


def _storing(model: onnx.ModelProto, store: Callable[[TensorProto, NodeProto], Stored]) -> onnx.ModelProto:
    """A copy whose matrices and kernels are stored in another form. ONNX Runtime converts them once, when it opens the
    graph. Vectors stay as they are: small, and among them the frequencies of positions. So do the weights of what
    chooses the F0. Sinusoids are not stored at all."""
    stored = with_computed_sinusoids(model)
    exact = {name for node in stored.graph.node if node.name.startswith(EXACT) for name in node.input}
    readers = {name: node for node in stored.graph.node for name in node.input}
    tensors, nodes = list[TensorProto](), list[NodeProto]()
    for tensor in stored.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1 and tensor.name not in exact:
            small, restore = store(tensor, readers[tensor.name])
            tensors += small
            nodes += restore
        else:
            tensors.append(tensor)
    nodes += stored.graph.node
    for field, values in ((stored.graph.initializer, tensors), (stored.graph.node, nodes)):
        copies = [type(value).FromString(value.SerializeToString()) for value in values]
        del field[:]
        field.extend(copies)
    onnx.checker.check_model(stored, full_check=True)
    return stored


def _as_half(tensor: TensorProto, _: NodeProto) -> Stored:
    name, weight = tensor.name, numpy_helper.to_array(tensor)
    half = numpy_helper.from_array(weight.astype(np.float16), name + HALF)
    return [half], [helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT)]


def _in_8_bits(tensor: TensorProto, reader: NodeProto) -> Stored:
    """Cast and Mul, not DequantizeLinear: that would not be computed in advance."""
    name, weight = tensor.name, numpy_helper.to_array(tensor)
    outputs = OUTPUT_AXIS.get(reader.op_type, 0)
    greatest = np.abs(weight).max(axis=tuple(axis for axis in range(weight.ndim) if axis != outputs), keepdims=True)
    scale = np.where(greatest > 0, greatest / 127, 1).astype(np.float32)
    levels = numpy_helper.from_array(np.rint(weight / scale).astype(np.int8), f"{name}_levels")
    return [levels, numpy_helper.from_array(scale, f"{name}_scale")], [
        helper.make_node("Cast", [levels.name], [f"{name}_steps"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_steps", f"{name}_scale"], [name]),
    ]


def layers_for_8_bits(vocoder: onnx.ModelProto) -> list[str]:
    """The names of all convolutions and matrix products that may be computed in 8 bits. The first and the last are not
    among them: they read the mel and write the audio. Nor are transposed convolutions: ONNX Runtime has no operator.
    """
    # What was constant in tracing, as the sinusoids of a Fourier transform, has the name of a scope.
    weights = {tensor.name for tensor in vocoder.graph.initializer if not tensor.name.startswith("/")}
    layers = [
        node.name
        for node in vocoder.graph.node
        if node.op_type in ("Conv", "MatMul") and node.input[1] in weights and not node.name.startswith(EXACT)
    ]
    return layers[1:-1]


def in_8_bits(vocoder: onnx.ModelProto, layers: Collection[str], windows: npt.NDArray[np.float32]) -> onnx.ModelProto:
    """A copy that computes ``layers`` with unsigned activations and signed weights of 8 bits, scaled per channel, and
    stores all other weights as float16.

    windows: (N, M, T) mels, from which the ranges of activations are read. What flows around the layers, through sums
    and activations, is of 8 bits too.
    """
    tools = quantization_tools()
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(vocoder, source)
        logging.disable(logging.WARNING)  # advice to optimise the graph first, which changes nothing here
        try:
            tools.quantize_static(
                source,
                target,
                _Windows(windows),
                op_types_to_quantize=["Conv", "MatMul", "LeakyRelu", "Add"],
                nodes_to_quantize=[*layers, *_around(vocoder, layers)],
                per_channel=True,
                # 7 bits: processors without VNNI add two products in 16 bits, and would saturate where others do not.
                reduce_range=True,
                activation_type=tools.QuantType.QUInt8,  # signed ones take a path that is 20 times slower on x86
                weight_type=tools.QuantType.QInt8,
            )
        finally:
            logging.disable(logging.NOTSET)
        quantised = with_half_weights(onnx.load(target))
    helper.set_model_props(quantised, {prop.key: prop.value for prop in vocoder.metadata_props})
    return quantised


def _around(vocoder: onnx.ModelProto, layers: Collection[str]) -> Iterator[str]:
    """The activations and sums to compute in 8 bits too: those that ``layers`` read or that read them."""
    constants = {tensor.name for tensor in vocoder.graph.initializer}
    producers: dict[str, NodeProto] = {output: node for node in vocoder.graph.node for output in node.output}
    read_by_layer = {name for node in vocoder.graph.node if node.name in layers for name in node.input}
    for node in vocoder.graph.node:
        after_layer = any(name in producers and producers[name].name in layers for name in node.input)
        if node.op_type == "LeakyRelu" and node.output[0] in read_by_layer:
            yield node.name
        if node.op_type == "Add" and after_layer and not constants.intersection(node.input):
            yield node.name


class _Windows:
    """A ``CalibrationDataReader``: all of them as one batch."""

    def __init__(self, windows: npt.NDArray[np.float32]) -> None:
        self._batches: Iterator[dict[str, Any]] = iter([{contract.MEL: windows}])

    def get_next(self) -> dict[str, Any] | None:
        return next(self._batches, None)
