"""What a generator is, and how to make the one that a config asks for. ``tts.names.GENERATORS`` lists all of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Self

import torch
from torch import Tensor, nn

from tts.config.audio import AudioConfig
from tts.config.vocoder import GeneratorConfig
from tts.names import GENERATORS, find
from tts.runtime import contract

Axes = Mapping[str, Mapping[int, str]]  # tensor name to its dynamic axes and their names


@dataclass(frozen=True)
class Graph:
    """A module to export, and the names of what it takes and gives, in order."""

    module: nn.Module
    inputs: Axes
    outputs: Axes
    example: tuple[Tensor, ...]  # of the inputs
    optional: frozenset[str] = field(default_factory=frozenset)  # inputs that may be left out: then the example's


class Generator(nn.Module, ABC):
    """A mel to audio. What training, export and evaluation need to know about a generator, it says itself."""

    config: GeneratorConfig
    n_mels: int

    @classmethod
    def build(cls, config: Any, audio: AudioConfig) -> Self:
        """An untrained one."""
        return cls(config, audio.n_mels)

    @property
    @abstractmethod
    def receptive_field(self) -> int:
        """Mel frames on each side that the audio of one frame depends on."""

    def train_forward(
        self, mel: Tensor, log_f0: Tensor, first_frame: Tensor, phase: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """What training calls instead of ``forward``. Returns audio (B, 1, S), and the unweighted loss terms that the
        generator adds, which its config names, of each item (B,).

        mel: (B, M, T). log_f0: (B, T) recorded, interpolated where unvoiced. first_frame: (B,) int64, the frame of the
        utterance that the mel begins with. phase: (B,) float64, the cycles of the F0 before it.
        """
        return self(mel), {}

    def folded(self) -> Self:
        """A copy for inference, in evaluation mode, with any weight norm folded into plain weights."""
        return deepcopy(self).eval()

    def graph(self) -> Graph:
        """What ``vocoder.onnx`` is made from: ``tts.runtime.contract`` lists the names."""
        inputs, outputs = {contract.MEL: {0: "B", 2: "T"}}, {contract.AUDIO: {0: "B", 1: "S"}}
        return Graph(_MelToAudio(self.folded()), inputs, outputs, (torch.zeros(2, self.n_mels, 3),))

    def is_decided(self, mel: Tensor) -> bool:
        """Whether rounding cannot change what the generator chooses for ``mel`` (B, M, T), if it chooses anything."""
        return True


class _MelToAudio(nn.Module):
    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T). Returns audio (B, S)."""
        audio: Tensor = self.generator(mel)
        return audio[:, 0]


def make_generator(config: GeneratorConfig, audio: AudioConfig) -> Generator:
    """An untrained generator of the kind that ``config`` is for."""
    generator: Generator = find(GENERATORS[config.kind][1]).build(config, audio)
    return generator


def inputs_of_transposed(first: int, last: int, kernel: int, rate: int) -> tuple[int, int]:
    """The inputs of a transposed convolution that its outputs ``first`` ... ``last`` depend on."""
    # Input i contributes to outputs i * rate - pad ... i * rate - pad + kernel - 1.
    pad = (kernel - rate) // 2
    return -((kernel - 1 - pad - first) // rate), (last + pad) // rate
