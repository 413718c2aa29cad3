"""The sinusoids of a Fourier transform, computed when a graph is opened instead of stored in it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, helper, numpy_helper

SCOPE = "/sinusoids/"  # of the nodes
TOLERANCE = 1e-6

Table = npt.NDArray[Any]  # whole numbers, or float32


def with_computed_sinusoids(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that computes the matrices of ``tts.models.istft.ISTFT`` from one period of each wave. All of it is
    constant: ONNX Runtime computes it once, when it opens the graph."""
    computed = onnx.ModelProto()
    computed.CopyFrom(model)
    nodes: list[NodeProto] = []
    for tensor in model.graph.initializer:
        if len(tensor.dims) == 2 and abs(tensor.dims[0] - tensor.dims[1]) == 1:
            matrix = numpy_helper.to_array(tensor)
            for tables in _candidates(*matrix.shape):
                if np.abs(_matrix(tables) - matrix).max() <= TOLERANCE:
                    computed.graph.initializer.remove(tensor)
                    computed.graph.initializer.extend(
                        numpy_helper.from_array(table, f"{tensor.name}/{name}") for name, table in tables.items()
                    )
                    nodes += _nodes(tensor.name)
                    break
    nodes += computed.graph.node
    del computed.graph.node[:]
    computed.graph.node.extend(nodes)
    onnx.checker.check_model(computed, full_check=True)
    return computed


def _candidates(*shape: int) -> Iterator[dict[str, Table]]:
    """What cosines and sines in a matrix of this shape are made of. Bins, of which there is one more, begin at 0, and
    samples at 1; either are rows."""
    n_fft = 2 * min(shape)
    rows, columns = (np.arange(n_fft // 2 + 1 - size, n_fft // 2 + 1, dtype=np.int32) for size in shape)
    for wave in (np.cos, np.sin):
        period = wave(2 * np.pi / n_fft * np.arange(n_fft)).astype(np.float32)
        yield {"rows": rows[:, None], "columns": columns, "n_fft": np.array(n_fft, np.int32), "wave": period}


def _matrix(tables: dict[str, Table]) -> npt.NDArray[np.float32]:
    """What ``_nodes`` compute."""
    matrix: npt.NDArray[np.float32] = tables["wave"][tables["rows"] * tables["columns"] % tables["n_fft"]]
    return matrix


def _nodes(matrix: str) -> list[NodeProto]:
    def node(operator: str, inputs: str, output: str) -> NodeProto:
        names = [f"{matrix}/{name}" for name in inputs.split()]
        result = f"{matrix}/{output}" if output else matrix
        return helper.make_node(operator, names, [result], f"{SCOPE}{result}")

    return [
        node("Mul", "rows columns", "products"),
        node("Mod", "products n_fft", "places"),
        node("Gather", "wave places", ""),
    ]
