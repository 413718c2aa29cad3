import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from tts.config.vocoder import ISTFTConfig
from tts.export.sinusoids import with_computed_sinusoids
from tts.export.voice_graphs import open_model
from tts.models.istft import ISTFT


def graph_of(kernels: np.ndarray) -> onnx.ModelProto:
    """The kernels are its output."""
    value = helper.make_tensor_value_info("y", TensorProto.FLOAT, kernels.shape)
    node = helper.make_node("Identity", ["kernels"], ["y"])
    graph = helper.make_graph([node], "kernels", [], [value], [numpy_helper.from_array(kernels, "kernels")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


@pytest.mark.parametrize(("n_fft", "hop_length"), [(16, 4), (18, 6), (1024, 256)])
def test_the_kernels_are_computed_instead_of_stored(n_fft: int, hop_length: int) -> None:
    kernels = ISTFT(ISTFTConfig(n_fft=n_fft, hop_length=hop_length)).kernels.numpy()
    model = with_computed_sinusoids(graph_of(kernels))
    (computed,) = open_model(model).run(None, {})
    assert computed.shape == kernels.shape
    np.testing.assert_allclose(computed, kernels, rtol=0, atol=1e-6 * np.abs(kernels).max())
    assert max(np.prod(tensor.dims) for tensor in model.graph.initializer) <= 2 * n_fft


def test_other_kernels_stay_as_they_are() -> None:
    kernels = torch.randn(18, 1, 16, generator=torch.Generator().manual_seed(0)).numpy()
    model = graph_of(kernels)
    assert with_computed_sinusoids(model) == model
