"""The generator as ``vocoder.onnx``."""

from pathlib import Path

import torch
from torch import Tensor, nn

from tts.export.onnx_file import write_graph
from tts.models.generators import AnyGenerator, receptive_field
from tts.models.source_filter import SourceFilter
from tts.runtime import contract

INPUTS = {contract.MEL: {0: "B", 2: "T"}}
OUTPUTS = {contract.AUDIO: {0: "B", 1: "S"}}


class VocoderGraph(nn.Module):
    """The graph's signature around a copy of the generator with its weight norm folded in."""

    def __init__(self, generator: AnyGenerator) -> None:
        super().__init__()
        self.generator = generator.without_weight_norm()

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T). Returns audio (B, S)."""
        audio: Tensor = self.generator(mel)
        return audio[:, 0]


class PhaseGraph(nn.Module):
    """The signature of a generator whose pulses go on from one stretch of a mel to the next."""

    def __init__(self, generator: SourceFilter) -> None:
        super().__init__()
        self.generator = generator.without_weight_norm()
        self.context = receptive_field(generator.config)

    def forward(self, mel: Tensor, first_frame: Tensor, phase: Tensor) -> tuple[Tensor, Tensor]:
        """mel: (B, M, T), first_frame: (1,), phase: (1,). Returns audio (B, S) and phases (B, T)."""
        anchor = (first_frame > 0) * self.context
        audio, phases = self.generator.go_on(mel, first_frame, phase, anchor)
        return audio[:, 0], phases


def export_vocoder(path: Path, generator: AnyGenerator, metadata: dict[str, str]) -> None:
    """Writes the graph of ``generator``, which stays as it is."""
    mel = torch.zeros(2, generator.n_mels, 3)
    if isinstance(generator, SourceFilter):
        beginning = {contract.FIRST_FRAME: torch.zeros(1, dtype=torch.int64), contract.PHASE: torch.zeros(1).double()}
        inputs, outputs = INPUTS | {name: {} for name in beginning}, OUTPUTS | {contract.PHASES: {0: "B", 1: "T"}}
        example = (mel, *beginning.values())
        write_graph(path, PhaseGraph(generator), example, inputs, outputs, metadata, optional=beginning)
    else:
        write_graph(path, VocoderGraph(generator), (mel,), INPUTS, OUTPUTS, metadata)
