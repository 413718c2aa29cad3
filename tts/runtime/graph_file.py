"""What a graph file holds, read before ONNX Runtime sees it: no more of ONNX than it takes to know what would run.

The messages and field numbers are those of ``onnx.proto`` (https://github.com/onnx/onnx).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from tts.errors import InputError
from tts.runtime.protobuf import MalformedError, Message, fields, message_in, signed, text, varints

# Arithmetic, shapes and layers, whatever the exporter writes: each computes once. Nothing that loops, branches, calls
# functions or other libraries, reads strings or draws random numbers.
_NAMES = """
    Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Clip Compress Concat Constant ConstantOfShape
    Conv ConvTranspose Cos CumSum DequantizeLinear Div Equal Erf Exp Expand Flatten Floor Gather GatherElements Gelu
    Gemm Greater GreaterOrEqual Identity InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log MatMul
    Max Min Mod Mul Neg NonZero Not Or Pad Pow QuantizeLinear Range Reciprocal ReduceMax ReduceMean ReduceMin ReduceProd
    ReduceSum Relu Reshape Round ScatterElements ScatterND Shape Sigmoid Sign Sin Size Slice Softmax Softplus Split Sqrt
    Squeeze Sub Sum Tan Tanh Tile Transpose Trilu Unsqueeze Where
"""
OPERATORS = frozenset(_NAMES.split())
OPSETS = range(11, 24)
MAX_NODES = 100_000
LAYERS = frozenset({"AveragePool", "Conv", "ConvTranspose"})
LARGEST_LAYER = 65_536  # number that describes one: kernel, stride, padding, groups
LARGEST = 1 << 31  # any other number in the description of a node

# Element types of tensors: their size in bytes, and which are whole numbers.
SIZES = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8}
INT64, BOOL, FLOAT = 7, 9, 1
INTEGERS = {2, 3, 4, 5, 6, 7, 12, 13}
# What the elements of a node's result are, unless they are those of its first input.
RESULTS = dict.fromkeys(("Shape", "Size", "ArgMax", "ArgMin", "NonZero"), INT64)
RESULTS |= dict.fromkeys(("And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "Or"), BOOL)
RESULTS |= {"DequantizeLinear": FLOAT, "QuantizeLinear": 2}


@dataclass(frozen=True)
class Tensor:
    kind: int  # type of the elements
    content: memoryview  # of the message


@dataclass
class Node:
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    operator: str = ""
    domain: str = ""
    numbers: dict[str, list[int]] = field(default_factory=dict)  # whole ones, by attribute
    tensors: dict[str, Tensor] = field(default_factory=dict)


@dataclass
class GraphFacts:
    """What a graph is, as it says itself."""

    inputs: list[str] = field(default_factory=list)  # without those that have a value of their own
    outputs: list[str] = field(default_factory=list)
    operators: dict[str, int] = field(default_factory=dict)  # how many nodes of each
    metadata: dict[str, str] = field(default_factory=dict)
    n_weights: int = 0  # numbers in all initializers
    n_nodes: int = 0


def check_graph(content: Message, where: object) -> GraphFacts:
    """Raises ``InputError`` for what is not an ONNX model, or holds more than arithmetic on its own weights."""
    try:
        return _read_model(memoryview(content), where)
    except (MalformedError, IndexError, UnicodeDecodeError) as error:
        raise InputError(where, f"is not an ONNX graph ({error})", "restore the file, or export it again") from None


def _read_model(model: memoryview, where: object) -> GraphFacts:
    if bytes(model[4:8]) == b"ORTM":
        raise _refused(where, "is in ONNX Runtime's own format")  # which it would choose, whatever else this may be
    graphs, metadata = [], {}
    for number, value in fields(model):
        if number == 7:
            graphs.append(message_in(value))
        elif number == 8:
            _check_opset(message_in(value), where)
        elif number == 14:
            entry = dict(fields(message_in(value)))
            metadata[text(entry.get(1, b""))] = text(entry.get(2, b""))
        elif number in (20, 25):
            raise _refused(where, "defines functions or training steps")
    if len(graphs) != 1:
        raise MalformedError(f"{len(graphs)} graphs")
    return _Graph(where).read(graphs[0], metadata)


def _check_opset(opset: Message, where: object) -> None:
    found = dict(fields(opset))
    domain, version = text(found.get(1, b"")), found.get(2, 0)
    if domain not in ("", "ai.onnx"):
        raise _refused(where, f"uses operators of {domain[:40]!r}")
    if not isinstance(version, int) or version not in OPSETS:
        raise _refused(where, f"is of another opset than {OPSETS[0]} to {OPSETS[-1]}")


class _Graph:
    """Reads a graph node by node, and knows of every value what its elements are."""

    def __init__(self, where: object) -> None:
        self.where = where
        self.facts = GraphFacts()
        self.kinds: dict[str, int] = {}
        self.constants: dict[str, Tensor] = {}

    def read(self, graph: Message, metadata: Mapping[str, str]) -> GraphFacts:
        nodes: list[Message] = []
        inputs: list[str] = []
        for number, value in fields(graph):
            if number == 1:
                nodes.append(bytes(message_in(value)))
            elif number == 5:
                self._read_initializer(memoryview(message_in(value)))
            elif number == 11:
                name, kind = _value_info(message_in(value))
                self.kinds.setdefault(name, kind)
                inputs.append(name)
            elif number == 12:
                self.facts.outputs.append(_value_info(message_in(value))[0])
            elif number == 15:
                raise self._refused("has sparse weights")
        if len(nodes) > MAX_NODES:
            raise self._refused(f"has more than {MAX_NODES:,} nodes")
        self.facts.n_nodes, self.facts.metadata = len(nodes), dict(metadata)
        self.facts.inputs = [name for name in inputs if name not in self.constants]
        for overridable in self.constants.keys() & set(inputs):
            del self.constants[overridable]
        for node in nodes:
            self._read_node(node)
        return self.facts

    def _read_initializer(self, message: memoryview) -> None:
        name, tensor, n_values = self._read_tensor(message)
        self.constants[name], self.kinds[name] = tensor, tensor.kind
        self.facts.n_weights += n_values

    def _read_node(self, message: Message) -> None:
        node = Node()
        for number, value in fields(message):
            if number == 1:
                node.inputs.append(text(value))
            elif number == 2:
                node.outputs.append(text(value))
            elif number == 4:
                node.operator = text(value)
            elif number == 5:
                self._read_attribute(message_in(value), node)
            elif number == 7:
                node.domain = text(value)
        self._check_node(node)
        self.facts.operators[node.operator] = self.facts.operators.get(node.operator, 0) + 1
        kind = self._kind_of_result(node)
        for name in node.outputs:
            self.kinds[name] = kind
        if node.operator == "Constant" and "value" in node.tensors:
            self.constants[node.outputs[0]] = node.tensors["value"]

    def _read_attribute(self, message: Message, node: Node) -> None:
        name, numbers, tensor = "", list[int](), None
        for number, value in fields(message):
            if number == 1:
                name = text(value)
            elif number in (3, 8):  # one or several, of which some writers pack all into one field
                numbers += [value] if isinstance(value, int) else varints(value)
            elif number == 5:
                tensor = self._read_tensor(memoryview(message_in(value)))[1]
            elif number in (6, 10, 11, 21, 22, 23):
                raise self._refused("holds graphs, lists of tensors or references within its nodes")
        if numbers:
            node.numbers[name] = [signed(number) for number in numbers]
        if tensor is not None:
            node.tensors[name] = tensor

    def _check_node(self, node: Node) -> None:
        if node.operator not in OPERATORS or node.domain not in ("", "ai.onnx"):
            raise self._refused(f"uses the operator {f'{node.domain}:{node.operator}'.strip(':')[:60]!r}")
        limit = LARGEST_LAYER if node.operator in LAYERS else LARGEST
        if any(abs(number) > limit for numbers in node.numbers.values() for number in numbers):
            raise self._refused(f"describes a {node.operator} with numbers beyond {limit:,}")
        for name in node.inputs:
            if name and name not in self.kinds:
                raise self._refused(f"uses {name[:40]!r} before it is computed")
        # The least whole number over -1 ends the process: the processor cannot hold the result.
        if node.operator in ("Div", "Mod") and self.kinds.get(node.inputs[-1]) in INTEGERS:
            divisor = self.constants.get(node.inputs[-1])
            if divisor is None or not _all_positive(divisor):
                raise self._refused("divides whole numbers by what may not be positive")

    def _kind_of_result(self, node: Node) -> int:
        """Type of its elements."""
        if node.operator == "Cast":
            return node.numbers.get("to", [0])[0]
        if node.operator in ("Constant", "ConstantOfShape"):
            tensor = node.tensors.get("value")
            whole = not node.numbers.keys().isdisjoint({"value_int", "value_ints"})
            return tensor.kind if tensor else INT64 if whole else FLOAT
        if node.operator in RESULTS:
            return RESULTS[node.operator]
        sources = node.inputs[1:] if node.operator == "Where" else node.inputs
        return self.kinds[sources[0]] if sources else 0

    def _read_tensor(self, message: memoryview) -> tuple[str, Tensor, int]:
        """Name, tensor, and number of values."""
        name, kind, dims = "", 0, list[int]()
        n_raw: int | None = None
        for number, value in fields(message):
            if number == 1:
                dims += [value] if isinstance(value, int) else varints(value)
            elif number == 2 and isinstance(value, int):
                kind = value
            elif number == 8:
                name = text(value)
            elif number == 9:
                n_raw = len(message_in(value))
            elif number == 13 or (number == 14 and value != 0):
                raise self._refused("reads weights from other files")
        if kind not in SIZES:
            raise self._refused(f"has a tensor of type {kind}")
        n_values = prod(dims)
        if n_values * SIZES[kind] != n_raw if n_raw is not None else n_values > len(message):
            raise self._refused(f"has a tensor {name[:40]!r} that does not hold what its shape says")
        return name, Tensor(kind, message), n_values

    def _refused(self, what: str) -> InputError:
        return _refused(self.where, what)


def _all_positive(tensor: Tensor) -> bool:
    """Of whole numbers."""
    numbers: list[int] = []
    for number, value in fields(tensor.content):
        if number == 9:
            raw, size = bytes(message_in(value)), SIZES[tensor.kind]
            numbers += [int.from_bytes(raw[at : at + size], "little", signed=True) for at in range(0, len(raw), size)]
        elif number in (5, 7, 11):
            numbers += [signed(n) for n in ([value] if isinstance(value, int) else varints(value))]
    return min(numbers, default=0) > 0


def _value_info(message: Message) -> tuple[str, int]:
    """Name of a graph's input or output, and type of its elements."""
    name, kind = "", 0
    for number, value in fields(message):
        if number == 1:
            name = text(value)
        elif number == 2:
            for field_number, type_value in fields(message_in(value)):
                if field_number == 1:
                    found = dict(fields(message_in(type_value))).get(1, 0)
                    kind = found if isinstance(found, int) else 0
    return name, kind


def _refused(where: object, what: str) -> InputError:
    return InputError(where, f"{what}, which no voice of Linnet does", "do not use it, or ask who made it")
