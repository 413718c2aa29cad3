"""FastSpeech 2 as ``acoustic.onnx``."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tts.export.onnx_file import write_graph
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2
from tts.models.generators import Axes, Graph
from tts.runtime import contract

PER_PHONE = {0: "B", 1: "P"}
PER_UTTERANCE = {0: "B"}
OUTPUTS: Axes = {
    contract.MEL: {0: "B", 2: "T"},
    contract.MEL_LENGTHS: PER_UTTERANCE,
    contract.DURATIONS: PER_PHONE,
}


class AcousticGraph(nn.Module):
    """The graph's signature around the model; speakers are an input only where there are several."""

    def __init__(self, model: FastSpeech2) -> None:
        super().__init__()
        self.model = model

    def inputs(self) -> Axes:
        speakers = {contract.SPEAKER_IDS: PER_UTTERANCE} if self.model.n_speakers > 1 else {}
        controls = {name: PER_PHONE for name in (contract.DURATION_SCALE, contract.PITCH_SHIFT, contract.ENERGY_SHIFT)}
        return {contract.PHONE_IDS: PER_PHONE, contract.PHONE_LENGTHS: PER_UTTERANCE, **speakers, **controls}

    def infer(self, *inputs: Tensor) -> AcousticOutput:
        """The tensors that ``inputs`` names, in that order."""
        named = dict(zip(self.inputs(), inputs, strict=True))
        named.setdefault(contract.SPEAKER_IDS, torch.zeros_like(named[contract.PHONE_LENGTHS]))
        return self.model.infer(**named)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The tensors that ``inputs`` names. Returns mel (B, M, T), mel_lengths (B,), durations (B, P)."""
        output = self.infer(*inputs)
        return output.final_mel, output.mel_lengths, output.durations


def export_acoustic(path: Path, model: FastSpeech2, metadata: dict[str, str]) -> None:
    """Writes the graph of ``model``, which is put into evaluation mode."""
    graph = AcousticGraph(model)
    write_graph(path, Graph(graph, graph.inputs(), OUTPUTS, _example(graph)), metadata)


def _example(graph: AcousticGraph) -> tuple[Tensor, ...]:
    """Two rows, one of them padded, so that tracing sees no size of 1."""
    example: dict[str, Any] = {
        contract.PHONE_IDS: torch.tensor([[1, 1, 1], [1, 1, 0]]),
        contract.PHONE_LENGTHS: torch.tensor([3, 2]),
        contract.SPEAKER_IDS: torch.tensor([0, 0]),
        contract.DURATION_SCALE: torch.ones(2, 3),
        contract.PITCH_SHIFT: torch.zeros(2, 3),
        contract.ENERGY_SHIFT: torch.zeros(2, 3),
    }
    return tuple(example[name] for name in graph.inputs())
