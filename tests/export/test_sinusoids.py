import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from tts.config.vocoder import ISTFTConfig
from tts.export.sinusoids import with_computed_sinusoids
from tts.export.voice_graphs import open_model
from tts.models.istft import ISTFT


def graph_of(matrix: np.ndarray) -> onnx.ModelProto:
    """The matrix is its output."""
    value = helper.make_tensor_value_info("y", TensorProto.FLOAT, matrix.shape)
    node = helper.make_node("Identity", ["matrix"], ["y"])
    graph = helper.make_graph([node], "matrix", [], [value], [numpy_helper.from_array(matrix, "matrix")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", ["cosines", "sines"])
@pytest.mark.parametrize(("n_fft", "hop_length"), [(16, 4), (18, 6), (1024, 256)])
def test_the_matrices_are_computed_instead_of_stored(name: str, turned: bool, n_fft: int, hop_length: int) -> None:
    matrix = getattr(ISTFT(ISTFTConfig(n_fft=n_fft, hop_length=hop_length)), name).numpy()
    matrix = np.ascontiguousarray(matrix.T) if turned else matrix
    model = with_computed_sinusoids(graph_of(matrix))
    (computed,) = open_model(model).run(None, {})
    assert computed.shape == matrix.shape
    np.testing.assert_allclose(computed, matrix, rtol=0, atol=1e-6)
    assert max(np.prod(tensor.dims) for tensor in model.graph.initializer) <= n_fft


@pytest.mark.parametrize("shape", [(1, 2), (3, 2), (18, 18), (17, 18), (18,)])
def test_other_matrices_stay_as_they_are(shape: tuple[int, ...]) -> None:
    matrix = torch.randn(*shape, generator=torch.Generator().manual_seed(0)).numpy()
    model = graph_of(matrix)
    assert with_computed_sinusoids(model) == model
