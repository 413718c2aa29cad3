"""Names that commands, config and runtime share. This file imports nothing of ours, so that anything may import it."""

from importlib import import_module
from typing import Any, Literal

# What a config or a command chooses by name, a line each. ``find`` imports what stands there when it is needed.
GENERATORS = {  # its config, its network
    "hifigan": ("tts.config.vocoder:HiFiGANConfig", "tts.models.hifigan:HiFiGAN"),
    "vocos": ("tts.config.vocoder:VocosConfig", "tts.models.vocos:Vocos"),
    "source_filter": ("tts.config.vocoder:SourceFilterConfig", "tts.models.source_filter:SourceFilter"),
}
FRONT_ENDS = {  # text to phones, for a language and what a voice or corpus lists itself
    "arpabet": "tts.text.front_end:arpabet",  # English in CMUdict's phones
    "arpabet-weak": "tts.text.front_end:weak_arpabet",  # the same, function words unstressed
    "gruut": "tts.text.front_end:gruut",  # several languages in IPA
    "lexicon": "tts.text.front_end:listed",  # what a lexicon lists
}
LOSSES = {  # distances between generated and recorded audio, by the names of their terms
    "spectral_convergence": "tts.losses.spectral:MultiResolutionSTFT",
    "log_magnitude": "tts.losses.spectral:MultiResolutionSTFT",
    "magnitude": "tts.losses.spectral:MultiResolutionSTFT",
    "mel": "tts.losses.spectral:MultiResolutionSTFT",
    "multi_scale_mel": "tts.losses.spectral:MultiResolutionSTFT",
}
TARGETS = {  # programs that a voice is converted for
    "fused": "tts.export.targets.fused:TARGET",
    "sherpa-onnx": "tts.export.targets.sherpa_onnx:TARGET",
    "piper": "tts.export.targets.piper:TARGET",
    "web": "tts.export.targets.web:TARGET",
    "triton": "tts.export.targets.triton:TARGET",
}

TaskName = Literal["aligner", "acoustic", "vocoder"]  # what 'tts align' and 'tts train' train
Split = Literal["train", "validation"]
Level = Literal["phone", "frame"]  # at which pitch and energy are modelled
Criterion = Literal["least_squares", "hinge", "bce"]  # of the adversarial loss
Variant = Literal["fp32", "fp16", "w8", "int8"]  # forms of both graphs; fp32 is what was trained
Device = Literal["cpu", "cuda", "coreml", "dml"]  # what runs them
ListeningKind = Literal["pairs", "mos"]  # which of two is better; how good each is
AudioFormat = Literal["wav", "flac", "ogg", "raw"]
Reduction = Literal["mean", "sum"]  # over discriminators, and over layers of features


def find(place: str) -> Any:
    """The object at ``module:name``."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


Markup = Literal["plain", "markdown", "ssml"]  # what a text is written in
