"""A voice of real but untrained models, small enough to be exported in seconds."""

from math import log
from pathlib import Path

import torch

from tts.config.features import Moments, SpeakerStatistics
from tts.config.root import Config
from tts.export.bundle import VoiceParts, write_voice
from tts.export.parity import Gate
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import make_generator
from tts.text.english.front_end import EnglishFrontEnd
from tts.text.inventory import PhoneInventory

TEXT = "It rained all day, and we stayed in. Did you see her? The boats came home one after another with the tide."
FRAMES_PER_PHONE = 6
MOMENTS = Moments(mean=5.0, std=0.2, minimum=-3.0, maximum=3.0, count=100)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})


def write_untrained_voice(folder: Path, config: Config) -> Path:
    torch.manual_seed(0)
    words = [word for sentence in EnglishFrontEnd("en-us")(TEXT) for word in sentence.words]
    phones = PhoneInventory.build(phone for word in words for phone in word.phones).phones
    acoustic = FastSpeech2(config.acoustic, config.audio.n_mels, len(phones), [STATISTICS] * 2).eval()
    torch.nn.init.constant_(acoustic.variance_adaptor.duration.projection.bias, log(1 + FRAMES_PER_PHONE))
    if acoustic.prosody:
        torch.nn.init.normal_(acoustic.prosody.embedding.weight)
    generator = make_generator(config.vocoder.generator, config.audio).eval()
    for name, weight in generator.named_parameters():
        if name.endswith("original0"):  # of weight norm: loud enough to hear a seam
            weight.data.mul_(8)
    parts = VoiceParts(acoustic, generator, config.audio, config.text, phones, ("ann", "ben"), provenance={})
    write_voice(parts, folder, name="untrained", gate=Gate((5,), (5,), tolerance=1e-3))
    return folder
