from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from tts.config.loader import load_config
from tts.config.schema import AudioConfig
from tts.export.quantise import in_8_bits, layers_by_width, with_half_weights
from tts.export.vocoder_graph import export_vocoder
from tts.export.voice_graphs import open_model
from tts.models.generators import make_generator

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
    export_vocoder(path, generator, {"fingerprint": "7"})
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


def test_layers_are_grouped_by_stage_without_the_ends(vocoder: onnx.ModelProto) -> None:
    widths = layers_by_width(vocoder)
    assert list(widths) == [f"Conv to {channels}" for channels in (16, 8, 4, 2)]
    names = [name for names in widths.values() for name in names]
    assert len(names) == len(set(names)) == 4 * 3 * 3 * 2  # stages, kernels, dilations, two each
    assert not any("conv_pre" in name or "conv_post" in name for name in names)


def test_layers_of_vocos_are_matrix_products_and_convolutions(tmp_path: Path) -> None:
    generator = make_generator(load_config([CONFIGS / "vocos_small.yaml"]).vocoder.generator, AudioConfig())
    export_vocoder(tmp_path / "vocoder.onnx", generator, {})
    widths = layers_by_width(onnx.load(tmp_path / "vocoder.onnx"))
    assert {width: len(names) for width, names in widths.items()} == {
        "Conv to 256": 8,
        "MatMul to 768": 8,
        "MatMul to 256": 8,
    }


def test_8_bits_are_smaller_and_sound_the_same(vocoder: onnx.ModelProto) -> None:
    before = vocoder.SerializeToString()
    layers = [name for names in layers_by_width(vocoder).values() for name in names]
    exact, rough = (in_8_bits(vocoder, layers, MEL, residuals=residuals) for residuals in (False, True))
    assert error_db(exact, vocoder) < error_db(rough, vocoder) < -10
    n_quantised = sum(node.op_type == "QuantizeLinear" for node in exact.graph.node)
    assert n_quantised >= len(layers)
    assert sum(tensor.data_type == onnx.TensorProto.INT8 for tensor in exact.graph.initializer) >= len(layers)
    assert {prop.key: prop.value for prop in exact.metadata_props} == {"fingerprint": "7"}
    assert vocoder.SerializeToString() == before


def test_only_the_layers_asked_for(vocoder: onnx.ModelProto) -> None:
    layers = layers_by_width(vocoder)["Conv to 8"]
    quantised = in_8_bits(vocoder, layers, MEL, residuals=False)
    eight_bits = [tensor.name for tensor in quantised.graph.initializer if tensor.data_type == onnx.TensorProto.INT8]
    weights = [name for name in eight_bits if "weight" in name and not name.endswith("zero_point")]
    assert len(weights) == len(layers)
