"""Tiny untrained voices. Durations are biased to some frames a phone, since untrained ones are all near zero."""

import pytest
import torch

from tts.config.features import Moments, SpeakerStatistics
from tts.config.schema import AcousticConfig, Config, PostnetConfig
from tts.export.bundle import VoiceParts
from tts.models.fastspeech2 import FastSpeech2
from tts.models.hifigan import Generator

MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})
PHONES = ("<pad>", "sil", "a", "b", "c", "d")


def make_parts(config: Config, acoustic: AcousticConfig, speakers: tuple[str, ...]) -> VoiceParts:
    torch.manual_seed(0)
    model = FastSpeech2(acoustic, config.audio.n_mels, len(PHONES), [STATISTICS] * len(speakers)).eval()
    torch.nn.init.constant_(model.variance_adaptor.duration.projection.bias, 2.0)
    generator = Generator(config.vocoder.generator, config.audio.n_mels).eval()
    return VoiceParts(model, generator, config.audio, config.text, PHONES, speakers, provenance={"steps": 0})


@pytest.fixture
def parts(tiny_config: Config) -> VoiceParts:
    """One speaker, pitch and energy per phone."""
    return make_parts(tiny_config, tiny_config.acoustic, ("one",))


@pytest.fixture
def frame_level_parts(tiny_config: Config) -> VoiceParts:
    """Two speakers, pitch and energy per frame, a postnet."""
    changed = {
        "pitch": tiny_config.acoustic.pitch.model_copy(update={"level": "frame"}),
        "energy": tiny_config.acoustic.energy.model_copy(update={"level": "frame"}),
        "postnet": PostnetConfig(n_layers=2, channels=16),
    }
    return make_parts(tiny_config, tiny_config.acoustic.model_copy(update=changed), ("one", "two"))
