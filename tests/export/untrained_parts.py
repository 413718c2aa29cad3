"""Tiny untrained voices. Durations are biased to some frames a phone, since untrained ones are all near zero."""

import torch

from tts.config.acoustic import AcousticConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.config.root import Config
from tts.export.bundle import VoiceParts
from tts.models.fastspeech2 import FastSpeech2
from tts.models.hifigan import HiFiGAN

MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})
PHONES = ("<pad>", "sil", "a", "b", "c", "d")


def make_parts(config: Config, acoustic: AcousticConfig, speakers: tuple[str, ...]) -> VoiceParts:
    torch.manual_seed(0)
    model = FastSpeech2(acoustic, config.audio.n_mels, len(PHONES), [STATISTICS] * len(speakers)).eval()
    torch.nn.init.constant_(model.variance_adaptor.duration.projection.bias, 2.0)
    generator = HiFiGAN(config.vocoder.generator, config.audio.n_mels).eval()
    return VoiceParts(model, generator, config.audio, config.text, PHONES, speakers, provenance={"steps": 0})
