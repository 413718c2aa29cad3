"""The sinusoids of a Fourier transform, computed when a graph is opened instead of stored in it."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, helper, numpy_helper

SCOPE = "/sinusoids/"  # of the nodes
TOLERANCE = 1e-6  # of the greatest value

Table = npt.NDArray[Any]  # whole numbers, or float32


def with_computed_sinusoids(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that computes the kernels of ``tts.models.istft.ISTFT`` from tables of some kilobytes. All of it is
    constant: ONNX Runtime computes it once, when it opens the graph."""
    computed = onnx.ModelProto()
    computed.CopyFrom(model)
    nodes: list[NodeProto] = []
    for tensor in model.graph.initializer:
        if len(tensor.dims) == 3 and tuple(tensor.dims[:2]) == (tensor.dims[2] + 2, 1):
            kernels = numpy_helper.to_array(tensor)
            tables = _tables(kernels)
            if np.abs(_kernels(tables) - kernels).max() <= TOLERANCE * np.abs(kernels).max():
                computed.graph.initializer.remove(tensor)
                computed.graph.initializer.extend(
                    numpy_helper.from_array(table, f"{tensor.name}/{name}") for name, table in tables.items()
                )
                nodes += _nodes(tensor.name)
    nodes += computed.graph.node
    del computed.graph.node[:]
    computed.graph.node.extend(nodes)
    onnx.checker.check_model(computed, full_check=True)
    return computed


def _tables(kernels: npt.NDArray[np.float32]) -> dict[str, Table]:
    """What the kernels (n_fft + 2, 1, n_fft) are made of, if they are an ISTFT's: the first of them is the window, at
    the level of the two bins that count once; the others count twice."""
    n_fft = kernels.shape[2]
    bins = np.arange(n_fft // 2 + 1, dtype=np.int32)[:, None]
    angles = 2 * np.pi * np.arange(n_fft) / n_fft
    return {
        "bins": bins,
        "samples": np.arange(n_fft, dtype=np.int32),
        "n_fft": np.array(n_fft, np.int32),
        "waves": np.stack([np.cos(angles), -np.sin(angles)]).astype(np.float32),
        "counts": np.where(bins % (n_fft // 2) == 0, 1, 2).astype(np.float32),
        "window": kernels[0, 0],
        "shape": np.array(kernels.shape),
    }


def _kernels(tables: dict[str, Table]) -> npt.NDArray[np.float32]:
    """What ``_nodes`` compute."""
    places = tables["bins"] * tables["samples"] % tables["n_fft"]
    kernels: npt.NDArray[np.float32] = tables["waves"][:, places] * (tables["counts"] * tables["window"])
    return kernels.reshape(tables["shape"])


def _nodes(kernels: str) -> list[NodeProto]:
    def node(operator: str, inputs: str, output: str, **attributes: Any) -> NodeProto:
        names = [f"{kernels}/{name}" for name in inputs.split()]
        result = f"{kernels}/{output}" if output else kernels
        return helper.make_node(operator, names, [result], f"{SCOPE}{result}", **attributes)

    return [
        node("Mul", "bins samples", "products"),
        node("Mod", "products n_fft", "places"),
        node("Gather", "waves places", "sinusoids", axis=1),
        node("Mul", "counts window", "windows"),
        node("Mul", "sinusoids windows", "kernels"),
        node("Reshape", "kernels shape", ""),
    ]
