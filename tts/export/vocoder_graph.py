"""The generator as ``vocoder.onnx``."""

from pathlib import Path

import torch
from torch import Tensor, nn

from tts.export.onnx_file import Axes, write_graph
from tts.models.generators import AnyGenerator
from tts.runtime import contract

INPUTS: Axes = {contract.MEL: {0: "B", 2: "T"}}
OUTPUTS: Axes = {contract.AUDIO: {0: "B", 1: "S"}}


class VocoderGraph(nn.Module):
    """The graph's signature around a copy of the generator with its weight norm folded in."""

    def __init__(self, generator: AnyGenerator) -> None:
        super().__init__()
        self.generator = generator.without_weight_norm()

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (B, M, T). Returns audio (B, S)."""
        audio: Tensor = self.generator(mel)
        return audio[:, 0]


def export_vocoder(path: Path, generator: AnyGenerator, metadata: dict[str, str]) -> None:
    """Writes the graph of ``generator``, which stays as it is."""
    example = torch.zeros(2, generator.n_mels, 3)
    write_graph(path, VocoderGraph(generator), (example,), INPUTS, OUTPUTS, metadata)
