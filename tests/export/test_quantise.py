from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import TensorProto, helper, numpy_helper

from tts.config.audio import AudioConfig
from tts.config.loader import load_config
from tts.config.vocoder import F0PredictorConfig, SourceFilterConfig
from tts.export.onnx_file import write_graph
from tts.export.quantise import in_8_bits, layers_for_8_bits, with_8_bit_weights, with_half_weights, with_products
from tts.export.voice_graphs import open_model
from tts.models.generators import make_generator

pytestmark = pytest.mark.slow

CONFIGS = Path(__file__).parents[2] / "configs"
MEL = np.random.default_rng(0).uniform(-11, 2, (4, 80, 32)).astype(np.float32)


@pytest.fixture(scope="module")
def vocoder(tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    """HiFi-GAN V2's layout at a quarter of its width, loud enough for its errors to count."""
    config = load_config([CONFIGS / "hifigan_v2.yaml"], ["vocoder.generator.channels=32"])
    torch.manual_seed(0)
    generator = make_generator(config.vocoder.generator, config.audio)
    for name, weight in generator.named_parameters():
        if name.endswith("original0"):  # of weight norm
            weight.data.mul_(4)
    path = tmp_path_factory.mktemp("vocoder") / "vocoder.onnx"
    write_graph(path, generator.graph(), {"fingerprint": "7"})
    return onnx.load(path)


def error_db(model: onnx.ModelProto, reference: onnx.ModelProto) -> float:
    audio, expected = (open_model(graph).run(None, {"mel": MEL})[0] for graph in (model, reference))
    expected = expected - expected.mean()
    return float(10 * np.log10(np.square(audio - audio.mean() - expected).sum() / np.square(expected).sum()))


def test_half_weights_are_half_the_size_and_hardly_differ(vocoder: onnx.ModelProto) -> None:
    before = vocoder.SerializeToString()
    half = with_half_weights(vocoder)
    weights = sum(len(tensor.raw_data) for tensor in half.graph.initializer)
    assert weights < 0.52 * sum(len(tensor.raw_data) for tensor in vocoder.graph.initializer)
    assert error_db(half, vocoder) < -45
    assert half.metadata_props == vocoder.metadata_props
    assert vocoder.SerializeToString() == before


def test_8_bit_weights_are_a_quarter_of_the_size_and_differ_little(vocoder: onnx.ModelProto) -> None:
    before = vocoder.SerializeToString()
    small = with_8_bit_weights(vocoder)
    matrices = sum(len(tensor.raw_data) for tensor in vocoder.graph.initializer if len(tensor.dims) > 1)
    assert sum(len(tensor.raw_data) for tensor in small.graph.initializer if len(tensor.dims) > 1) < 0.3 * matrices
    assert error_db(small, vocoder) < -20
    assert small.metadata_props == vocoder.metadata_props
    assert vocoder.SerializeToString() == before


def graph_of(operator: str, weight: npt.NDArray[np.float32], name: str) -> onnx.ModelProto:
    """One layer, called ``name``."""
    node = helper.make_node(operator, ["x", "weight"], ["y"], name)
    values = [helper.make_tensor_value_info(value, TensorProto.FLOAT, [None] * weight.ndim) for value in ("x", "y")]
    graph = helper.make_graph([node], "layer", values[:1], values[1:], [numpy_helper.from_array(weight, "weight")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


LEVEL = st.floats(-100, 100, width=32, allow_subnormal=False)


@given(arrays(np.float32, (4, 3), elements=LEVEL))
def test_8_bits_miss_a_weight_by_half_a_step_of_its_output(weight: npt.NDArray[np.float32]) -> None:
    model = with_8_bit_weights(graph_of("MatMul", weight, "/layer/MatMul"))
    (restored,) = open_model(model).run(None, {"x": np.eye(4, dtype=np.float32)})
    step = np.abs(weight).max(axis=0) / 127
    assert (np.abs(restored - weight) <= 0.5001 * step + 1e-37).all()


@pytest.mark.parametrize(("operator", "outputs"), [("MatMul", 1), ("Conv", 0), ("ConvTranspose", 1)])
def test_outputs_have_scales_of_their_own(operator: str, outputs: int) -> None:
    weight = np.ones((4, 5) if operator == "MatMul" else (4, 5, 3), np.float32)
    model = with_8_bit_weights(graph_of(operator, weight, "/layer"))
    (scale,) = (tensor for tensor in model.graph.initializer if tensor.name == "weight_scale")
    assert [size for size in scale.dims if size > 1] == [weight.shape[outputs]]


@pytest.mark.parametrize("smaller", [with_half_weights, with_8_bit_weights])
def test_what_chooses_the_f0_is_untouched(smaller: Callable[[onnx.ModelProto], onnx.ModelProto]) -> None:
    model = graph_of("MatMul", np.full((4, 3), 1 / 3, np.float32), "/f0/MatMul")
    assert smaller(model).graph == model.graph


def test_all_layers_but_the_ends(vocoder: onnx.ModelProto) -> None:
    names = layers_for_8_bits(vocoder)
    assert len(names) == len(set(names)) == 4 * 3 * 3 * 2  # stages, kernels, dilations, two each
    assert not any("conv_pre" in name or "conv_post" in name for name in names)


def test_layers_of_vocos_are_its_matrix_products_but_the_last(tmp_path: Path) -> None:
    generator = make_generator(load_config([CONFIGS / "vocos_small.yaml"]).vocoder.generator, AudioConfig())
    write_graph(tmp_path / "vocoder.onnx", generator.graph(), {})
    model = onnx.load(tmp_path / "vocoder.onnx")
    kinds = {node.name: node.op_type for node in model.graph.node}
    assert [kinds[name] for name in layers_for_8_bits(model)] == ["MatMul"] * (8 * 2)


@pytest.fixture(scope="module")
def source_filter(tmp_path_factory: pytest.TempPathFactory) -> tuple[onnx.ModelProto, int]:
    """And its receptive field."""
    size: dict[str, Any] = {"channels": 16, "hidden_channels": 32, "n_blocks": 2}
    torch.manual_seed(0)
    generator = make_generator(SourceFilterConfig(**size, f0=F0PredictorConfig(**size)), AudioConfig())
    path = tmp_path_factory.mktemp("source_filter") / "vocoder.onnx"
    write_graph(path, generator.graph(), {})
    return onnx.load(path), generator.receptive_field


def test_convolutions_as_products_say_the_same(source_filter: tuple[onnx.ModelProto, int]) -> None:
    model, _ = source_filter
    products = with_products(model)
    first = {node.op_type for node in products.graph.node if node.name.endswith("conv_pre/Conv")}
    assert not first and any(node.name == "/filter/conv_pre/MatMul" for node in products.graph.node)
    audio, expected = (open_model(graph).run(["audio"], {"mel": MEL[:1]})[0] for graph in (products, model))
    np.testing.assert_allclose(audio, expected, atol=1e-5)


def test_a_stretch_in_8_bits_is_as_in_the_whole(source_filter: tuple[onnx.ModelProto, int]) -> None:
    """To far less than a level of 8 bits, whatever its length."""
    model, context = source_filter
    products = with_products(model)
    session = open_model(in_8_bits(products, layers_for_8_bits(model), [{"mel": MEL[:1]}]))
    mel = np.random.default_rng(1).uniform(-11, 2, (1, 80, 200)).astype(np.float32)
    (whole,) = session.run(["audio"], {"mel": mel})
    for end in range(context + 5, 200, 7):
        (stretch,) = session.run(["audio"], {"mel": mel[:, :, :end]})
        kept = (end - context) * 256
        np.testing.assert_allclose(stretch[0, :kept], whole[0, :kept], atol=1e-6 * np.abs(whole).max())


def test_8_bits_are_smaller_and_sound_the_same(vocoder: onnx.ModelProto) -> None:
    before = vocoder.SerializeToString()
    layers = layers_for_8_bits(vocoder)
    quantised = in_8_bits(vocoder, layers, [{"mel": MEL}])
    assert error_db(quantised, vocoder) < -10
    assert sum(node.op_type == "QuantizeLinear" for node in quantised.graph.node) >= len(layers)
    assert sum(tensor.data_type == onnx.TensorProto.INT8 for tensor in quantised.graph.initializer) >= len(layers)
    assert {prop.key: prop.value for prop in quantised.metadata_props} == {"fingerprint": "7"}
    assert vocoder.SerializeToString() == before


def test_only_the_layers_asked_for(vocoder: onnx.ModelProto) -> None:
    layers = layers_for_8_bits(vocoder)[:5]
    quantised = in_8_bits(vocoder, layers, [{"mel": MEL}])
    eight_bits = [tensor.name for tensor in quantised.graph.initializer if tensor.data_type == onnx.TensorProto.INT8]
    weights = [name for name in eight_bits if name.endswith("_quantized")]
    assert len(weights) == len(layers)
