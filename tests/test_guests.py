"""A new vocoder, loss, front end or target is one module, here ``toys``, and one line in ``tts.names``."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tts.config.features import Moments, SpeakerStatistics
from tts.config.loader import config_from_tree, load_config
from tts.config.root import Config
from tts.errors import InputError
from tts.export.bundle import VoiceParts, write_voice
from tts.export.parity import Gate
from tts.export.targets.convert import convert
from tts.losses.audio import AudioLosses
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import make_generator
from tts.names import FRONT_ENDS, GENERATORS, LOSSES, TARGETS
from tts.runtime.voice import Voice
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[1] / "configs" / "tiny.yaml"
MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})
PHONES = ("<pad>", "sil", "a", "b", "c", "d")


@pytest.fixture(autouse=True)
def guests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GENERATORS, "toy", ("toys:ToyConfig", "toys:ToyGenerator"))
    monkeypatch.setitem(LOSSES, "toy", "toys:ToyLoss")
    monkeypatch.setitem(FRONT_ENDS, "toy", "toys:ToyFrontEnd")
    monkeypatch.setitem(TARGETS, "toy", "toys:TARGET")


@pytest.fixture
def config() -> Config:
    return load_config([TINY], ["vocoder.generator={kind: toy}", "text.front_end=toy"])


def test_a_config_may_ask_for_them(config: Config) -> None:
    assert config_from_tree(config.model_dump(mode="json"), "saved") == config
    with pytest.raises(InputError, match=r"vocoder\.generator\.hop 100 multiply to 100, but audio\.hop_length is 256"):
        load_config([TINY], ["vocoder.generator={kind: toy, hop: 100}"])
    with pytest.raises(InputError, match=r"vocoder\.generator\.channels: unknown key"):
        load_config([TINY], ["vocoder.generator={kind: toy, channels: 3}"])


@pytest.mark.slow
def test_they_make_a_voice_that_speaks_and_is_converted(config: Config, tmp_path: Path) -> None:
    acoustic = FastSpeech2(config.acoustic, config.audio.n_mels, len(PHONES), [STATISTICS]).eval()
    acoustic.variance_adaptor.duration.projection.bias.data.fill_(2.0)
    generator = make_generator(config.vocoder.generator, config.audio).eval()
    parts = VoiceParts(acoustic, generator, config.audio, config.text, PHONES, ("one",), provenance={})
    write_voice(parts, tmp_path / "voice", name="guest", gate=Gate((5,), (5,)))
    speech = Voice.load(tmp_path / "voice").synthesize("abba cad")
    assert [word.label for word in speech.words] == ["abba", "cad"] and np.isfinite(speech.audio).all()
    assert "a toy" in convert(tmp_path / "voice", "toy", tmp_path / "converted")
    assert (tmp_path / "converted" / "toy.txt").read_text(encoding="utf-8") == "guest"


def test_a_term_of_ones_own_is_learned_from(config: Config) -> None:
    with pytest.raises(InputError, match=r"training\.vocoder\.weights: unknown guest"):
        load_config([TINY], ["training.vocoder.weights.guest=1"])
    training = load_config([TINY], ["training.vocoder.weights.toy=2"]).training.vocoder
    losses = AudioLosses(training.weights, training, config.audio)
    prediction, target = torch.zeros(2, 8192, requires_grad=True), torch.ones(2, 8192)
    terms = losses(prediction, target)
    assert terms["toy"] == 1 and terms.keys() == LOSSES.keys() & training.weights.keys()
    assert losses.per_item(prediction, target)["toy"].tolist() == [1, 1]
    terms["toy"].backward()
    assert prediction.grad is not None and prediction.grad.any()


@pytest.mark.slow
def test_a_vocoder_of_ones_own_is_trained_as_all_are(tiny_features: Path, tmp_path: Path) -> None:
    short = ["training.vocoder.steps=2", "training.vocoder.validate_every=2", "vocoder.generator={kind: toy}"]
    short += ["training.vocoder.weights.toy=1"]
    assert train_vocoder(tiny_features, tmp_path / "run", load_config([TINY], short))
