"""Smaller and faster forms of a graph: weights of fewer bits, and convolutions and matrix products in 8 bits."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from tts.export.sinusoids import SCOPE, with_computed_sinusoids
from tts.onnx_runtime import quantization_tools
from tts.runtime.session import Array

HALF = "_half"  # suffix of a weight's name
# Scopes: of the layers that choose an F0, as a choice is not approximated, of sinusoids, and of the sharpening of mels,
# whose matrix is nearly the identity.
EXACT = ("/f0/", SCOPE, "/sharpening/")
# Not even computed in 8 bits. An error of the last layer of a vocoder is heard more than those of all others together.
EXACT_SUMS = (*EXACT, "/variance_adaptor/", "/mel_projection/", "/generator/linear_post/", "/filter/linear_post/")
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


def with_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose convolutions that are transposed to frames are products of rows, each of which holds a frame and its
    neighbours. ONNX Runtime computes those in 8 bits without rounding what comes out; and a frame does not depend on
    how many there are, even by a rounding error, which would move what is rounded to 8 bits by a whole level."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    producers: dict[str, NodeProto] = {output: node for node in graph.node for output in node.output}
    readers = defaultdict[str, list[NodeProto]](list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    replaced: dict[str, list[NodeProto]] = {}  # by the output of what comes after a convolution
    for node in graph.node:
        after = readers[node.output[0]]
        if node.op_type != "Conv" or [each.op_type for each in after] != ["Transpose"]:
            continue
        options = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        weight = weights.get(node.input[1])
        if weight is None or options.get("group", 1) != 1 or {*options["strides"], *options["dilations"]} != {1}:
            continue
        before, frames, turned = producers.get(node.input[0]), f"{node.output[0]}_frames", list[NodeProto]()
        if before and before.op_type == "Transpose":
            frames = before.input[0]
        else:
            turned.append(
                helper.make_node("Transpose", [node.input[0]], [frames], f"{node.name}_frames", perm=[0, 2, 1])
            )
        products, constants = _product(node, frames, after[0].output[0], weight)
        graph.initializer.extend(constants)
        replaced |= {node.output[0]: [], after[0].output[0]: [*turned, *products]}
    nodes = [each for node in graph.node for each in replaced.get(node.output[0], [node])]
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)
    read = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return copy


def _product(
    conv: NodeProto, frames: str, result: str, weight: npt.NDArray[np.float32]
) -> tuple[list[NodeProto], list[TensorProto]]:
    """What computes ``conv``, whose weight is (O, C, kernel), of ``frames`` (B, L, C), as ``result`` (B, L, O)."""
    scope, kernel = conv.name.rpartition("/")[0], weight.shape[2]
    matrix = weight.transpose(2, 1, 0).reshape(-1, len(weight))
    constants, nodes, rows = dict[str, npt.NDArray[np.int64]](), list[NodeProto](), frames
    if kernel > 1:
        half, end = kernel // 2, np.iinfo(np.int64).max
        constants |= {"edges": np.array([0, half, 0, 0, half, 0]), "along": np.array([1])}
        nodes.append(helper.make_node("Pad", [frames, f"{scope}/edges"], [f"{scope}/padded"], f"{scope}/Pad"))
        taps = [f"{scope}/tap_{place}" for place in range(kernel)]
        for place, tap in enumerate(taps):
            constants |= {f"from_{place}": np.array([place]), f"to_{place}": np.array([place + 1 - kernel or end])}
            cut = [f"{scope}/{name}" for name in ("padded", f"from_{place}", f"to_{place}", "along")]
            nodes.append(helper.make_node("Slice", cut, [tap], f"{tap}/Slice"))
        rows = f"{scope}/rows"
        nodes.append(helper.make_node("Concat", taps, [rows], f"{scope}/Concat", axis=2))
    biased = len(conv.input) > 2
    product = f"{scope}/product" if biased else result
    nodes.append(helper.make_node("MatMul", [rows, f"{conv.input[1]}_matrix"], [product], f"{scope}/MatMul"))
    if biased:
        nodes.append(helper.make_node("Add", [product, conv.input[2]], [result], f"{scope}/Add"))
    stored = [numpy_helper.from_array(np.ascontiguousarray(matrix), f"{conv.input[1]}_matrix")]
    return nodes, [*stored, *(numpy_helper.from_array(value, f"{scope}/{name}") for name, value in constants.items())]


def layers_for_8_bits(model: onnx.ModelProto) -> list[str]:
    """The names of the layers that may be computed in 8 bits: of the products of matrices, all but those that choose an
    F0 or a duration, or come last; where there are none, the convolutions, but for the first and the last, which
    read the mel and write the audio. Transposed convolutions are not among them: ONNX Runtime has no operator.
    """
    # What was constant in tracing, as the sinusoids of a Fourier transform, has the name of a scope.
    weights = {tensor.name for tensor in model.graph.initializer if not tensor.name.startswith("/")}
    layers = [node for node in model.graph.node if len(node.input) > 1 and node.input[1] in weights]
    products = [node.name for node in layers if node.op_type == "MatMul" and not node.name.startswith(EXACT_SUMS)]
    return products or [node.name for node in layers if node.op_type == "Conv"][1:-1]


def in_8_bits(
    model: onnx.ModelProto, layers: Collection[str], inputs: Sequence[Mapping[str, Array]]
) -> onnx.ModelProto:
    """A copy that computes ``layers`` with unsigned activations and signed weights of 8 bits, scaled per channel, and
    stores all other weights in 8 bits.

    inputs: of the graph, one after another, from which the ranges of activations are read. The result of a product of
    matrices is not rounded. What flows around convolutions, through sums and activations, is of 8 bits too.
    """
    tools = quantization_tools()
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, source)
        logging.disable(logging.WARNING)  # advice to optimise the graph first, which changes nothing here
        try:
            tools.quantize_static(
                source,
                target,
                _Inputs(inputs),
                op_types_to_quantize=["Conv", "MatMul", "LeakyRelu", "Add"],
                nodes_to_quantize=[*layers, *_around(model, layers)],
                per_channel=True,
                # 7 bits: processors without VNNI add two products in 16 bits, and would saturate where others do not.
                reduce_range=True,
                activation_type=tools.QuantType.QUInt8,  # signed ones take a path that is 20 times slower on x86
                weight_type=tools.QuantType.QInt8,
                extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul"]},
            )
        finally:
            logging.disable(logging.NOTSET)
        quantised = onnx.load(target)
    _round_before_copying(quantised.graph)
    quantised = with_8_bit_weights(quantised)
    helper.set_model_props(quantised, {prop.key: prop.value for prop in model.metadata_props})
    return quantised


def _around(model: onnx.ModelProto, layers: Collection[str]) -> Iterator[str]:
    """The activations and sums to compute in 8 bits too: those that convolutions among ``layers`` read or are read
    by."""
    constants = {tensor.name for tensor in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.name in layers and node.op_type == "Conv"]
    read = {name for node in convolutions for name in node.input}
    written = {name for node in convolutions for name in node.output}
    for node in model.graph.node:
        if node.op_type == "LeakyRelu" and node.output[0] in read:
            yield node.name
        if node.op_type == "Add" and not written.isdisjoint(node.input) and constants.isdisjoint(node.input):
            yield node.name


def _round_before_copying(graph: onnx.GraphProto) -> None:
    """A convolution as a product reads each frame once for every tap: it is rounded before it is copied, not after."""
    producers: dict[str, NodeProto] = {output: node for node in graph.node for output in node.output}
    for rounding in [node for node in graph.node if node.op_type == "QuantizeLinear"]:
        rows = producers.get(rounding.input[0])
        taps = [producers.get(name) for name in rows.input] if rows and rows.op_type == "Concat" else []
        pads = [producers.get(tap.input[0]) for tap in taps if tap and tap.op_type == "Slice"]
        if len(pads) < 2 or any(pad is None or pad.op_type != "Pad" or pad != pads[0] for pad in pads):
            continue
        assert rows and pads[0]
        frames, rounded, (scale, zero) = pads[0].input[0], f"{rows.output[0]}_frames", rounding.input[1:]
        first = helper.make_node("QuantizeLinear", [frames, scale, zero], [rounded], f"{rounding.name}_frames")
        graph.node.insert(list(graph.node).index(pads[0]), first)
        pad = next(node for node in graph.node if node.output[0] == pads[0].output[0])
        del pad.input[2:]
        pad.input[0] = rounded
        pad.input.append(zero)
        rows.output[0] = rounding.output[0]
        graph.node.remove(rounding)
    del graph.value_info[:]  # the types of what was found in between, some of which are others now


class _Inputs:
    """A ``CalibrationDataReader``."""

    def __init__(self, inputs: Sequence[Mapping[str, Array]]) -> None:
        self._inputs = iter(inputs)

    def get_next(self) -> Mapping[str, Array] | None:
        return next(self._inputs, None)
