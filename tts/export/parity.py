"""The gate of every export: the graphs must say what the models say, at lengths and batch sizes never traced."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor

from tts.audio.mel import LOG_FLOOR
from tts.errors import InputError
from tts.export.acoustic_graph import AcousticGraph
from tts.export.voice_graphs import open_model
from tts.models.fastspeech2 import FastSpeech2
from tts.models.generators import Generator
from tts.models.variance import unrounded_frames
from tts.runtime import contract

# Least and greatest duration scale (factor), pitch shift (semitones) and energy shift (dB), drawn for each phone.
CONTROLS = {
    "neutral": ((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "slow, high, loud": ((2.0, 6.0, 6.0), (2.0, 6.0, 6.0)),
    "fast, low, soft": ((0.25, -6.0, -6.0), (0.25, -6.0, -6.0)),
    "mixed": ((0.0, -6.0, -6.0), (2.0, 6.0, 6.0)),
}
# Attention takes memory and time by the square of the length: longer ones are compared once, at the fastest.
LONG, LONG_CONTROLS = 200, "fast, low, soft"  # phones or frames
LOUDEST = 2.0  # natural log of the mel of full-scale speech, about
# Predicted durations nearer than this to a half frame round differently after any rounding error.
TIE_MARGIN = 1e-3  # frames


@dataclass(frozen=True)
class Gate:
    """What is compared, and how close it must be."""

    n_phones: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 19, 23, 32, 64, 97, 160, 500, 2000)
    n_frames: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 19, 23, 32, 41, 64, 97, 121, 500)
    batch_sizes: tuple[int, ...] = (1, 3)
    tolerance: float = 1e-4  # largest absolute difference, of the log mel and of audio in [-1, 1]


GATE = Gate()


@dataclass(frozen=True)
class ParityRow:
    graph: str  # file name
    batch: int
    length: int  # phones (acoustic) or frames (vocoder)
    controls: str
    error: float  # largest absolute difference; infinite where shapes, lengths or durations differ
    speakers: tuple[int, ...] = ()  # ids, one per utterance of the batch


def acoustic_parity(path: Path, model: FastSpeech2, gate: Gate = GATE) -> list[ParityRow]:
    """``acoustic.onnx`` against the model over lengths, batch sizes, controls and speakers, who take turns."""
    graph = AcousticGraph(model).eval()
    session = open_model(onnx.load(path))
    rows: list[ParityRow] = []
    for length, batch in _sizes(gate.n_phones, gate):
        for controls in CONTROLS if length <= LONG else (LONG_CONTROLS,):
            speakers = (len(rows) + torch.arange(batch)) % model.n_speakers
            inputs, expected = _clear_of_ties(graph, _acoustic_inputs(graph, length, controls, speakers))
            error = _largest_error(session.run(None, _feed(graph.inputs(), inputs)), expected)
            rows.append(ParityRow(contract.ACOUSTIC_FILE, batch, length, controls, error, tuple(speakers.tolist())))
    return rows


def vocoder_parity(path: Path, generator: Generator, gate: Gate = GATE) -> list[ParityRow]:
    """``vocoder.onnx`` against the generator over lengths and batch sizes, on mels from silence to full scale."""
    session = open_model(onnx.load(path))
    rows = []
    for length, batch in _sizes(gate.n_frames, gate):
        random = torch.Generator().manual_seed(length * batch)
        with torch.inference_mode():
            mel = _random_mel(generator, batch, length, random)
            expected = generator(mel)[:, 0]
        actual = session.run([contract.AUDIO], _feed([contract.MEL], [mel]))
        rows.append(ParityRow(contract.VOCODER_FILE, batch, length, "", _largest_error(actual, [expected])))
    return rows


def _random_mel(generator: Generator, batch: int, length: int, random: torch.Generator) -> Tensor:
    """Noise from silence to full scale; drawn again while rounding could change what the generator chooses."""
    while True:
        mel: Tensor = torch.rand(batch, generator.n_mels, length, generator=random)
        mel = mel * (LOUDEST - np.log(LOG_FLOOR)) + np.log(LOG_FLOOR)
        if generator.is_decided(mel):
            return mel


def parity_table(rows: Sequence[ParityRow], gate: Gate = GATE) -> str:
    """Of one graph: a line per length, a column per controls and batch size."""
    controls, batches = (dict.fromkeys(getattr(row, field) for row in rows) for field in ("controls", "batch"))
    columns = list(product(controls, batches))
    errors = {(row.length, row.controls, row.batch): f"{row.error:.1e}" for row in rows}
    n_speakers = len({speaker for row in rows for speaker in row.speakers})
    lines = [f"{rows[0].graph}: largest difference from the trained model; the limit is {gate.tolerance:.0e}"]
    if n_speakers:
        lines[0] += f"; {n_speakers} speaker{'s' if n_speakers > 1 else ''}"
        lines.append(" " * 6 + "".join(f"{name:>{10 * len(batches)}}" for name in controls))
    lines.append(("phones" if n_speakers else "frames") + "".join(f"{f'batch {batch}':>10}" for _, batch in columns))
    for length in dict.fromkeys(row.length for row in rows):
        lines.append(f"{length:6}" + "".join(f"{errors.get((length, *column), ''):>10}" for column in columns))
    return "\n".join(lines)


def require_parity(rows: Sequence[ParityRow], gate: Gate = GATE) -> None:
    """Raises ``InputError`` with the worst row when any is beyond the gate's tolerance; NaN counts as beyond."""
    worst = max(rows, key=lambda row: np.nan_to_num(row.error, nan=np.inf))
    if not worst.error <= gate.tolerance:
        size = f"batch {worst.batch}, length {worst.length}" + (f", {worst.controls}" if worst.controls else "")
        raise InputError(
            worst.graph,
            f"differs from the trained model by {worst.error:.1e} ({size}); the limit is {gate.tolerance:.0e}",
            "no voice was written",
        )


def _sizes(lengths: Sequence[int], gate: Gate) -> Iterator[tuple[int, int]]:
    return ((length, batch) for length in lengths for batch in (gate.batch_sizes if length <= LONG else (1,)))


def _acoustic_inputs(graph: AcousticGraph, length: int, controls: str, speakers: Tensor) -> tuple[Tensor, ...]:
    """Random phones; the first row fills the length, the others are padded. Deterministic."""
    batch = len(speakers)
    random = torch.Generator().manual_seed(length * batch)
    lengths = torch.randint(1, length + 1, (batch,), generator=random)
    lengths[0] = length
    phone_ids = torch.randint(1, graph.model.phone_embedding.num_embeddings, (batch, length), generator=random)
    sentences = [row[:n].tolist() for row, n in zip(phone_ids, lengths, strict=True)]
    inputs = contract.AcousticInputs.of(sentences, speakers.tolist())
    named = (inputs.duration_scale, inputs.pitch_shift, inputs.energy_shift)
    for control, least, greatest in zip(named, *CONTROLS[controls], strict=True):
        control[:] = least + (greatest - least) * torch.rand(batch, length, generator=random).numpy()
    prosody = [torch.randn(batch, length, zero.shape[2], generator=random) for zero in graph.optional().values()]
    return (*(torch.from_numpy(value) for value in inputs.feed(graph.model.n_speakers).values()), *prosody)


@torch.inference_mode()
def _clear_of_ties(graph: AcousticGraph, inputs: tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """The inputs, with the duration scale of each phone near a half frame set to give a whole one; and the outputs."""
    index = list(graph.inputs()).index(contract.DURATION_SCALE)
    scale = inputs[index]
    output = graph.infer(*inputs)
    frames = unrounded_frames(output.log_durations, scale)
    near = (frames - frames.floor() - 0.5).abs() < TIE_MARGIN
    if near.any():
        inputs = (*inputs[:index], torch.where(near, scale * frames.round() / frames, scale), *inputs[index + 1 :])
        output = graph.infer(*inputs)
    return inputs, (output.final_mel, output.mel_lengths, output.durations)


def _feed(names: Iterable[str], tensors: Iterable[Tensor]) -> dict[str, np.ndarray]:
    return {name: tensor.numpy() for name, tensor in zip(names, tensors, strict=True)}


def _largest_error(actual: Sequence[np.ndarray], expected: Sequence[Tensor]) -> float:
    """Of the first output, a signal; all others are counts and must be equal."""
    signal, *counts = [tensor.numpy() for tensor in expected]
    same = all(np.array_equal(a, b) for a, b in zip(actual[1:], counts, strict=True))
    if not same or actual[0].shape != signal.shape:
        return np.inf
    return float(np.abs(actual[0] - signal).max())
