"""Weights come back out of the graphs of a voice, whatever the form they are stored in."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from tts.config.acoustic import ProsodyConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.config.loader import load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.export.bundle import VoiceParts, write_voice
from tts.export.parity import Gate
from tts.export.quantise import in_8_bits, layers_for_8_bits, with_8_bit_weights, with_half_weights, with_products
from tts.export.voice_graphs import open_model
from tts.models.fastspeech2 import FastSpeech2
from tts.models.from_voice import VoiceSource, voice_source
from tts.models.generators import Generator, make_generator
from tts.models.graph_weights import load_plain, plain_weights, without_rounding
from tts.models.prosody import POSTERIOR
from tts.runtime.contract import AcousticInputs

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
GENERATORS = {
    "hifigan": "{channels: 16, upsample_rates: [8, 8, 4], upsample_kernels: [16, 16, 8]}",
    "vocos": "{kind: vocos, channels: 8, hidden_channels: 16, n_blocks: 2}",
    "source_filter": "{kind: source_filter, channels: 8, hidden_channels: 16, n_blocks: 2, f0: {channels: 8}}",
}
PHONES = ("<pad>", "sil", "a", "b", "c")


def config(kind: str, *overrides: str) -> Config:
    terms = ["training.vocoder.weights.f0=1"] if kind == "source_filter" else []
    return load_config([TINY], [f"vocoder.generator={GENERATORS[kind]}", *terms, *overrides])


def stirred(model: nn.Module) -> Any:
    """With no two weights alike, as training leaves it."""
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.02)
    return model.eval()


def statistics() -> SpeakerStatistics:
    moments = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
    return SpeakerStatistics(pitch={"phone": moments, "frame": moments}, energy={"phone": moments, "frame": moments})


def make_voice(
    folder: Path, kind: str, speakers: tuple[str, ...], prosody: str = "acoustic.prosody=null"
) -> tuple[FastSpeech2, Generator]:
    terms = [] if prosody.endswith("null") else ["training.acoustic.weights.kl=1"]
    made = config(kind, prosody, *terms)
    acoustic = FastSpeech2(made.acoustic, made.audio.n_mels, len(PHONES), [statistics()] * len(speakers))
    nn.init.constant_(acoustic.variance_adaptor.duration.projection.bias, 2.0)
    stirred(acoustic)
    generator = stirred(make_generator(made.vocoder.generator, made.audio))
    provenance = {task: {"config": made.model_dump(mode="json")} for task in ("acoustic", "vocoder")}
    parts = VoiceParts(acoustic, generator, made.audio, made.text, PHONES, speakers, provenance)
    write_voice(parts, folder, name="v", gate=Gate(n_phones=(3,), n_frames=(3,), batch_sizes=(1,), tolerance=1e-2))
    return acoustic, generator


@pytest.mark.slow
@pytest.mark.parametrize("kind", GENERATORS)
def test_both_models_of_a_voice_come_back(kind: str, tmp_path: Path) -> None:
    acoustic, generator = make_voice(tmp_path / "voice", kind, ("ann", "ben"))
    source = voice_source(tmp_path / "voice")
    assert source
    for model, back in ((acoustic, source.acoustic), (generator.folded(), source.vocoder.folded())):
        expected, found = model.state_dict(), back.state_dict()
        assert expected.keys() == found.keys()
        for name, tensor in expected.items():
            torch.testing.assert_close(found[name], tensor, atol=1e-6, rtol=1e-5, msg=name)
    assert load_config([source.recipe()]).vocoder.generator == config(kind).vocoder.generator


@pytest.mark.slow
def test_all_of_a_variational_prosody_comes_back_but_what_hears_recordings(tmp_path: Path) -> None:
    acoustic, _ = make_voice(tmp_path / "voice", "vocos", ("ann",), "acoustic.prosody={size: 2, channels: 8}")
    source = voice_source(tmp_path / "voice")
    assert source
    found = source.acoustic.state_dict()
    for name, tensor in acoustic.state_dict().items():
        if not name.startswith(POSTERIOR):
            torch.testing.assert_close(found[name], tensor, atol=1e-6, rtol=1e-5, msg=name)
    assert load_config([source.recipe()]).acoustic.prosody == ProsodyConfig(size=2, channels=8)


@pytest.mark.slow
@pytest.mark.parametrize("store", [with_half_weights, with_8_bit_weights])
def test_weights_stored_in_fewer_bits_come_back(store: Any, tmp_path: Path) -> None:
    make_voice(tmp_path / "voice", "source_filter", ("ann",))
    source = voice_source(tmp_path / "voice")
    assert source
    for file, model, scope in (("acoustic", source.acoustic, "model"), ("vocoder", source.vocoder, "generator")):
        stored = store(onnx.load(tmp_path / "voice" / f"{file}.onnx"))
        for name, tensor in plain_weights(stored, model.state_dict(), scope, "voice").items():
            step = tensor.abs().max() / 100
            torch.testing.assert_close(tensor, model.state_dict()[name], atol=float(step), rtol=0, msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("kind", GENERATORS)
def test_weights_of_layers_that_compute_in_8_bits_come_back(kind: str, tmp_path: Path) -> None:
    acoustic, generator = make_voice(tmp_path / "voice", kind, ("ann", "ben"))
    phones = AcousticInputs.of([[2, 3, 4, 2, 3]], [1])
    mel = np.random.default_rng(0).normal(-5, 1, (1, 80, 32)).astype(np.float32)

    def says(model: nn.Module) -> Tensor:
        if isinstance(model, FastSpeech2):
            return model.infer(**{name: torch.from_numpy(value) for name, value in vars(phones).items()}).final_mel
        audio: Tensor = model(torch.from_numpy(mel))[:, 0]
        return audio

    for file, model, scope, inputs in (
        ("acoustic", acoustic, "model", phones.feed(2)),
        ("vocoder", generator.folded(), "generator", {"mel": mel}),
    ):
        graph = with_products(onnx.load(tmp_path / "voice" / f"{file}.onnx"))
        quantised = in_8_bits(graph, layers_for_8_bits(graph), [inputs])
        found = plain_weights(quantised, model.state_dict(), scope, "voice")
        for name, tensor in model.state_dict().items():
            assert torch.allclose(found[name], tensor, atol=float(tensor.abs().max() / 50)), name
        load_plain(model, found)
        exact = without_rounding(quantised, "voice")
        assert not any(node.op_type == "QuantizeLinear" for node in exact.graph.node)
        outputs = open_model(exact).run(None, inputs)
        with torch.no_grad():
            torch.testing.assert_close(torch.from_numpy(outputs[0]), says(model), atol=1e-3, rtol=1e-3)


@pytest.mark.slow
def test_the_shipped_voice_is_a_beginning() -> None:
    source = voice_source(Path("linnet"))
    assert source and source.acoustic.n_speakers == len(source.manifest.speakers)
    assert source.vocoder.n_mels == source.manifest.n_mels


def test_what_is_no_voice_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a folder nor a voice of this package"):
        voice_source(tmp_path / "nowhere")
    assert voice_source(tmp_path) is None


@pytest.mark.slow
def test_a_graph_of_another_model_is_refused(tmp_path: Path) -> None:
    make_voice(tmp_path / "voice", "vocos", ("ann",))
    source = voice_source(tmp_path / "voice")
    assert source
    other = source.manifest.model_copy(deep=True)
    other.provenance["vocoder"]["config"]["vocoder"]["generator"]["n_blocks"] = 3
    with pytest.raises(InputError, match=r"does not show the weight 'blocks\.2"):
        _ = VoiceSource(source.folder, other).vocoder
    other.provenance["vocoder"]["config"]["vocoder"]["generator"]["n_blocks"] = 1
    with pytest.raises(InputError, match="differs from it by"):
        _ = VoiceSource(source.folder, other).vocoder
