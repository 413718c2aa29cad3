"""FastSpeech 2 as ``acoustic.onnx``."""

from pathlib import Path

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
        needed = {
            name: PER_UTTERANCE if name in (contract.PHONE_LENGTHS, contract.SPEAKER_IDS) else PER_PHONE
            for name in contract.AcousticInputs.names(self.model.n_speakers)
        }
        return {**needed, **{key: {0: "prosody_B", 1: "prosody_P"} for key in self.optional()}}

    def optional(self) -> dict[str, Tensor]:
        """Inputs that may be left out, and what they are then."""
        prosody = self.model.prosody
        return {contract.PROSODY: torch.zeros(1, 1, prosody.size)} if prosody else {}

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
    optional = graph.optional()
    example = (*_example(graph), *optional.values())
    write_graph(path, Graph(graph, graph.inputs(), OUTPUTS, example, frozenset(optional)), metadata)


def _example(graph: AcousticGraph) -> tuple[Tensor, ...]:
    """Two rows, one of them padded, so that tracing sees no size of 1."""
    inputs = contract.AcousticInputs.of([[1, 1, 1], [1, 1]], [0, 0])
    return tuple(torch.from_numpy(value) for value in inputs.feed(graph.model.n_speakers).values())
