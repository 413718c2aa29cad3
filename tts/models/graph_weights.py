"""The weights of a model, out of the ONNX graph that it was exported as.

Tracing keeps the names of most parameters. It stores the matrices of linear layers transposed and without a name, and
so are others that a constant was computed from; but every operator is named after the module it stands in, so that the
parameter is the one of that module which is missing. Smaller forms of a graph store a weight as fewer bits and restore
it with a few operators: ONNX Runtime is asked for what those give.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from tts.errors import InputError
from tts.models.saved import Weights
from tts.runtime.session import open_session, run

Array = npt.NDArray[np.float32]


def plain_weights(model: onnx.ModelProto, expected: Mapping[str, Tensor], scope: str, where: object) -> Weights:
    """What the graph of ``model`` holds of ``expected``, a state dict without weight norm.

    scope: what stands before every name in the graph. Raises ``InputError`` naming ``where`` and the first weight that
    cannot be found.
    """
    graph = model.graph
    constants = _constants(graph)
    sources: dict[str, tuple[str, bool]] = {  # parameter: the constant that holds it, and whether that is transposed
        name: (f"{scope}.{name}", False) for name in expected if f"{scope}.{name}" in constants
    }
    for node in graph.node:
        sources |= _unnamed(node, constants, expected, sources, scope)
    missing = [name for name in expected if name not in sources]
    if missing:
        fix = "give a voice that this version exports, or the run that it was made of"
        raise InputError(where, f"its graph does not show the weight {missing[0]!r}", fix)
    values = _values(model, sorted({source for source, _ in sources.values()}), where)
    weights = {}
    for name, (source, transposed) in sources.items():
        value, shape = values[source], (*expected[name].shape,)
        if value.size != expected[name].numel():
            raise InputError(where, f"the weight {name!r} has the shape {value.shape}, not {shape}")
        if transposed and len(shape) == 3:  # a convolution as one product: its input has a row for each tap
            value = value.reshape(shape[2], shape[1], shape[0])
        value = value.T if transposed else value
        weights[name] = torch.from_numpy(np.array(value, np.float32)).reshape(expected[name].shape)
    return weights


def without_rounding(model: onnx.ModelProto, where: object) -> onnx.ModelProto:
    """A copy that computes in float32 where ``model`` computes in 8 bits. Its weights are what they were."""
    exact = onnx.ModelProto()
    exact.CopyFrom(model)
    graph, rounded, stored = exact.graph, set[str](), set[str]()
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] not in rounded:
            stored.add(node.output[0])
        elif node.op_type in ("Pad", "Slice", "Concat") and node.input[0] in rounded:  # frames are copied in between
            rounded.add(node.output[0])
            if node.op_type == "Pad":
                del node.input[2:]  # the level of zero
        elif node.op_type in ("QuantizeLinear", "DequantizeLinear"):
            if node.op_type == "QuantizeLinear":
                rounded.add(node.output[0])
            node.op_type = "Identity"
            del node.input[1:], node.attribute[:]
    # ONNX Runtime may round what is multiplied by a weight that it sees stored in 8 bits.
    values = _values(model, sorted(stored), where) if stored else {}
    kept = [node for node in graph.node if node.output[0] not in stored]
    del graph.node[:], graph.value_info[:]
    graph.node.extend(kept)
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in values.items())
    return exact


def load_plain(model: nn.Module, weights: Weights) -> None:
    """Fill ``model`` with weights that have no weight norm, which the model may have."""
    with torch.no_grad():
        for name, tensor in weights.items():
            path, _, attribute = name.rpartition(".")
            module = model.get_submodule(path)
            if is_parametrized(module, attribute):
                setattr(module, attribute, tensor)  # torch divides it into direction and length
            else:
                getattr(module, attribute).copy_(tensor)


def _constants(graph: onnx.GraphProto) -> dict[str, int]:
    """Names of all that depends on nothing but initializers, and the number of their values where it is known."""
    inputs = {value.name for value in graph.input}
    sizes = {tensor.name: int(np.prod(tensor.dims)) for tensor in graph.initializer if tensor.name not in inputs}
    for node in graph.node:
        if node.input and all(name in sizes for name in node.input if name):
            largest = max(sizes[name] for name in node.input if name)  # of a matrix and its scales, the matrix
            sizes |= dict.fromkeys(node.output, largest)
    return sizes


def _unnamed(
    node: NodeProto,
    constants: Mapping[str, int],
    expected: Mapping[str, Tensor],
    known: Mapping[str, object],
    scope: str,
) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Parameters of the module that ``node`` stands in which are not ``known`` yet, among what it reads."""
    module = _module_of(node.name)
    if module is None:
        return
    prefix = module.removeprefix(f"{scope}.")  # which a module has only if it was called, not a method of it
    missing = [name for name in expected if name.rpartition(".")[0] == prefix and name not in known]
    for source in node.input:
        if source in constants and source.removeprefix(f"{scope}.") not in known:
            found = next((name for name in missing if expected[name].numel() == constants[source] > 1), None)
            if found:
                missing.remove(found)
                yield found, (source, node.op_type == "MatMul")


def _module_of(node_name: str) -> str | None:
    """The module of an operator named ``/model/blocks/blocks.0/linear/MatMul``: ``model.blocks.0.linear``."""
    parts = node_name.split("/")[1:-1]
    if not node_name.startswith("/") or not parts:
        return None
    whole = [
        part for part, following in zip(parts, [*parts[1:], ""], strict=True) if not following.startswith(f"{part}.")
    ]
    return ".".join(whole)


def _values(model: onnx.ModelProto, names: list[str], where: object) -> dict[str, Array]:
    """What each constant is, in float32."""
    graph, constants = model.graph, _constants(model.graph)
    nodes = [node for node in graph.node if node.input and all(name in constants for name in node.input if name)]
    outputs = [helper.make_tensor_value_info(f"{name}/value", TensorProto.FLOAT, None) for name in names]
    nodes += [helper.make_node("Identity", [name], [f"{name}/value"]) for name in names]
    part = helper.make_graph(nodes, "constants", [], outputs, [t for t in graph.initializer if t.name in constants])
    small = helper.make_model(part, opset_imports=model.opset_import, ir_version=model.ir_version)
    session = open_session(small.SerializeToString(), where)
    return dict(zip(names, run(session, [output.name for output in outputs], {}), strict=True))
