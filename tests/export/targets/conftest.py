"""Untrained voices of two speakers with all English sounds, loud enough to tell their audio apart; one of each kind of
vocoder."""

from math import log
from pathlib import Path

import pytest
import torch

from tts.config.features import Moments, SpeakerStatistics
from tts.config.root import Config
from tts.config.vocoder import F0PredictorConfig, SourceFilterConfig
from tts.export.bundle import VoiceParts, write_voice
from tts.export.parity import Gate
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import make_generator
from tts.text.arpabet import CONSONANTS, STRESS, VOWELS, to_arpabet
from tts.text.inventory import PhoneInventory

FRAMES_PER_PHONE = 5
MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})
SOURCE_FILTER = SourceFilterConfig(
    channels=16, hidden_channels=32, n_blocks=2, f0=F0PredictorConfig(channels=16, hidden_channels=32, n_blocks=1)
)
IPA = [f"{stress}{vowel}" for vowel in VOWELS for stress in ("", *STRESS)] + list(CONSONANTS)


def write_english_voice(folder: Path, config: Config, front_end: str, phones: list[str]) -> Path:
    torch.manual_seed(0)
    inventory = PhoneInventory.build(phones).phones
    acoustic = FastSpeech2(config.acoustic, config.audio.n_mels, len(inventory), [STATISTICS] * 2).eval()
    torch.nn.init.constant_(acoustic.variance_adaptor.duration.projection.bias, log(1 + FRAMES_PER_PHONE))
    generator = make_generator(config.vocoder.generator, config.audio).eval()
    for name, weight in generator.named_parameters():
        if name.endswith("original0"):  # of weight norm
            weight.data.mul_(8)
    text = config.text.model_copy(update={"front_end": front_end})
    parts = VoiceParts(acoustic, generator, config.audio, text, inventory, ("ann", "ben"), provenance={})
    gate = Gate((5,), (5,), tolerance=1e-3)  # the noise that such weights make is loud, and so is rounding
    write_voice(parts, folder, name="two piper speakers", licence="CC0-1.0", gate=gate)
    return folder


@pytest.fixture(scope="session")
def ipa_voice(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_english_voice(tmp_path_factory.mktemp("ipa") / "voice", tiny_config, "gruut", IPA)


@pytest.fixture(scope="session")
def arpabet_voice(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hears marks, but for the rarer ones, and lacks secondary stress, as rare phones are lacking in many corpora."""
    phones = [",", ".", "?", *(phone for phone in to_arpabet(IPA, "test") if not phone.endswith("2"))]
    vocoder = tiny_config.vocoder.model_copy(update={"generator": SOURCE_FILTER})
    config = tiny_config.model_copy(update={"vocoder": vocoder})
    return write_english_voice(tmp_path_factory.mktemp("arpabet") / "voice", config, "arpabet", phones)


@pytest.fixture(scope="module", params=["ipa_voice", "arpabet_voice"])
def voice(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder
