"""What a graph may hold is known before ONNX Runtime sees it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from level_voice import write_level_voice
from onnx import TensorProto, helper, numpy_helper

from tts.errors import InputError
from tts.runtime import graph_file
from tts.runtime.catalogue import shipped_voices
from tts.runtime.contract import ACOUSTIC_FILE, VOCODER_FILE
from tts.runtime.graph_file import check_graph

SHIPPED = [path for folder in shipped_voices() for path in sorted(folder.glob("*.onnx"))]
INT64, FLOAT = TensorProto.INT64, TensorProto.FLOAT


@pytest.fixture(scope="module")
def level_voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_level_voice(tmp_path_factory.mktemp("levels") / "voice")


def model(
    nodes: Sequence[onnx.NodeProto], constants: dict[str, np.ndarray] | None = None, domain: str = "", opset: int = 18
) -> onnx.ModelProto:
    """From ``a`` and ``b``, whole numbers, to ``c``."""
    values = [helper.make_tensor_value_info(name, INT64, ["N"]) for name in ("a", "b", "c")]
    initializers = [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()]
    graph = helper.make_graph(nodes, "graph", values[:2], values[2:], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid(domain, opset)])


def node(operator: str, *inputs: str, domain: str = "", **attributes: object) -> onnx.NodeProto:
    return helper.make_node(operator, inputs, ["c"], domain=domain, **attributes)


def check(graph: onnx.ModelProto) -> graph_file.GraphFacts:
    return check_graph(graph.SerializeToString(), "voice")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_is_told_is_what_onnx_reads(path: Path) -> None:
    facts, whole = check_graph(path.read_bytes(), path), onnx.load(path)
    constants = {tensor.name for tensor in whole.graph.initializer}
    assert facts.inputs == [value.name for value in whole.graph.input if value.name not in constants]
    assert facts.outputs == [value.name for value in whole.graph.output]
    assert facts.metadata == {entry.key: entry.value for entry in whole.metadata_props}
    assert facts.n_weights == sum(numpy_helper.to_array(tensor).size for tensor in whole.graph.initializer)
    assert sum(facts.operators.values()) == facts.n_nodes == len(whole.graph.node)
    assert facts.operators.keys() == {node.op_type for node in whole.graph.node}


def test_kinds_of_results_are_those_that_onnx_infers() -> None:
    for path in SHIPPED:
        reader = graph_file._Graph(path)
        graph = next(value for number, value in graph_file.fields(path.read_bytes()) if number == 7)
        assert not isinstance(graph, int)
        reader.read(graph, {})
        inferred = onnx.shape_inference.infer_shapes(onnx.load(path)).graph.value_info
        known = {value.name: value.type.tensor_type.elem_type for value in inferred}
        assert len(known) > 300 and {name: reader.kinds[name] for name in known} == known


BODY = helper.make_graph([], "body", [], [])
REFUSED = {
    "a loop": (model([node("Loop", "a", "b", body=BODY)]), "holds graphs"),
    "a branch": (model([node("If", "a", then_branch=BODY, else_branch=BODY)]), "holds graphs"),
    "random numbers": (model([node("RandomUniform", shape=[1 << 20])]), "operator 'RandomUniform'"),
    "another library": (model([node("Shell", "a", domain="evil")], domain="evil"), "operators of 'evil'"),
    "a domain of its own": (model([node("Add", "a", "b", domain="evil")]), "operator 'evil:Add'"),
    "a new opset": (model([node("Add", "a", "b")], opset=99), "another opset"),
    "division": (model([node("Div", "a", "b")]), "divides whole numbers"),
    "remainder": (model([node("Mod", "a", "b")]), "divides whole numbers"),
    "minus one": (model([node("Div", "a", "d")], {"d": np.array([-1])}), "divides whole numbers"),
    "no order": (model([node("Add", "a", "later")]), "before it is computed"),
    "a wide kernel": (model([node("AveragePool", "a", kernel_shape=[1 << 40])]), "numbers beyond 65,536"),
    "text": (model([node("Constant", value=numpy_helper.from_array(np.array(["x"], object)))]), "tensor of type 8"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_voice_needs_is_refused(what: str) -> None:
    graph, reason = REFUSED[what]
    with pytest.raises(InputError, match=f"voice: .*{reason}"):
        check(graph)


def test_whole_numbers_may_be_divided_by_positive_constants() -> None:
    assert check(model([node("Div", "a", "two")], {"two": np.array([2])})).operators == {"Div": 1}


def test_constants_that_the_caller_may_replace_do_not_count_as_constants() -> None:
    graph = model([node("Div", "a", "b")], {"b": np.array([2])})
    with pytest.raises(InputError, match="divides whole numbers"):
        check(graph)


def test_functions_and_weights_elsewhere_or_missing_are_refused() -> None:
    graph = model([node("Add", "a", "w")], {"w": np.arange(4)})
    graph.functions.append(helper.make_function("evil", "f", [], [], [], []))
    with pytest.raises(InputError, match="defines functions"):
        check(graph)
    graph = model([node("Add", "a", "w")], {"w": np.arange(4)})
    graph.graph.initializer[0].dims[0] = 1 << 40
    with pytest.raises(InputError, match="does not hold what its shape says"):
        check(graph)
    onnx.external_data_helper.set_external_data(graph.graph.initializer[0], "../../etc/passwd")
    with pytest.raises(InputError, match="weights from other files"):
        check(graph)


def test_a_graph_in_the_format_of_the_runtime_is_refused() -> None:
    """It would be taken for one whatever else its bytes mean: here, a name of the producer."""
    graph = model([node("Add", "a", "b")])
    content = b"\x12\x06\0\0ORTM" + graph.SerializeToString()
    assert onnx.load_from_string(content).graph == graph.graph
    with pytest.raises(InputError, match="ONNX Runtime's own format"):
        check_graph(content, "voice")


@given(st.binary(max_size=200))
def test_anything_else_is_not_a_graph(content: bytes) -> None:
    with pytest.raises(InputError):
        check_graph(content, "voice")


@given(data=st.data())
def test_damage_is_refused_or_understood(level_voice: Path, data: st.DataObject) -> None:
    content = bytearray((level_voice / data.draw(st.sampled_from((ACOUSTIC_FILE, VOCODER_FILE)))).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        facts = check_graph(bytes(content), "voice")
    except InputError as refused:
        assert "\n" not in str(refused) and len(str(refused)) < 300
    else:
        assert facts.operators.keys() <= graph_file.OPERATORS
