"""Both graphs of a voice as one, phones to audio. Nothing is traced anew: it holds the very operators of the two."""

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import compose, parser

from tts.errors import InputError
from tts.export.voice_graphs import VoiceGraphs, open_model
from tts.runtime import contract

TOLERANCE = 1e-5  # the operators are the same: only rounding may differ
N_PHONES = (1, 2, 3, 5, 8, 13, 34)
BATCH_SIZES = (1, 3)

# What follows the acoustic model. Each row of the batch goes through the vocoder alone and without the frames that pad
# it, so that the rows beside it change nothing. At least one frame of it does, for the vocoder cannot do with less.
VOCODER_PREFIX = "vocoder_"
AFTER_ACOUSTIC = """
fused () => (float[B, S] audio, int64[B] audio_lengths, int64[B, P] durations)
<int64[1] hop_length = {HOP_LENGTH}, int64[1] first = {0}, int64[1] last = {2}, int64[1] one = {1}, bool yes = {1}>
{
    audio_lengths = Mul(mel_lengths, hop_length)
    mel_shape = Shape(mel)
    batch = Gather(mel_shape, first)
    n_rows = Squeeze(batch)
    longest = Gather(mel_shape, last)
    longest_audio = Mul(longest, hop_length)
    audio = Loop <body = one_row (int64 row, bool unused) => (bool more, float[S] row_audio) {
        more = Identity(yes)
        row_index = Unsqueeze(row, first)
        row_length = Gather(mel_lengths, row_index)
        n_frames = Max(row_length, one)
        padded_mel = Gather(mel, row)
        row_mel = Slice(padded_mel, first, n_frames, one)
        vocoder_mel = Unsqueeze(row_mel, first)
        row_samples = Squeeze(vocoder_audio, first)
        row_audio_length = Mul(row_length, hop_length)
        row_spoken = Slice(row_samples, first, row_audio_length)
        missing = Sub(longest_audio, row_audio_length)
        padding = Concat <axis = 0> (first, missing)
        row_audio = Pad(row_spoken, padding)
    }> (n_rows, yes)
}
"""


def fuse(acoustic: onnx.ModelProto, vocoder: onnx.ModelProto, hop_length: int) -> onnx.ModelProto:
    """The inputs of ``acoustic`` to audio (B, S), audio_lengths (B,) in samples, and durations (B, P) in frames.

    Audio beyond the length of its row is 0. The metadata are those of ``acoustic``.
    """
    graph = parser.parse_graph(AFTER_ACOUSTIC.replace("HOP_LENGTH", str(hop_length)))
    one_row = next(attribute.g for attribute in graph.node[-1].attribute if attribute.name == "body")
    splice(one_row, compose.add_prefix_graph(vocoder.graph, VOCODER_PREFIX))
    graph.input.extend(acoustic.graph.input)
    splice(graph, acoustic.graph)
    return with_graph(acoustic, graph)


def checked_fusion(voice: VoiceGraphs, n_phones: tuple[int, ...] = N_PHONES) -> tuple[onnx.ModelProto, str]:
    """``voice`` as one graph, and how far it is from the two. Raises ``InputError`` if that is too far."""
    fused = fuse(voice.acoustic, voice.vocoder, voice.manifest.hop_length)
    difference = require_fused_parity(fused, voice, n_phones)
    return fused, f"fused graph against the two: largest difference {difference:.1e}"


def splice(graph: onnx.GraphProto, inner: onnx.GraphProto) -> None:
    """Puts ``inner`` into ``graph``, behind the nodes that give its inputs; what it gives keeps its names."""
    needed = {value.name for value in inner.input}
    givers = [index for index, node in enumerate(graph.node) if needed & set(node.output)]
    behind = max(givers, default=-1) + 1
    nodes = [*graph.node[:behind], *inner.node, *graph.node[behind:]]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(inner.initializer)


def with_graph(model: onnx.ModelProto, graph: onnx.GraphProto) -> onnx.ModelProto:
    """``model`` with another graph, which the checker of ONNX has passed."""
    other = onnx.ModelProto()
    other.CopyFrom(model)
    other.graph.CopyFrom(graph)
    onnx.checker.check_model(other, full_check=True)
    return other


def require_fused_parity(
    fused: onnx.ModelProto, voice: VoiceGraphs, n_phones: tuple[int, ...] = N_PHONES, tolerance: float = TOLERANCE
) -> float:
    """The largest difference between ``fused`` and the two graphs of ``voice`` one after the other, row by row.

    n_phones: lengths to compare. Raises ``InputError`` if the difference is beyond ``tolerance``.
    """
    one, acoustic, vocoder = (open_model(model) for model in (fused, voice.acoustic, voice.vocoder))
    worst = 0.0
    for length, batch in product(n_phones, BATCH_SIZES):
        inputs = _random_inputs(voice.manifest, length, batch)
        audio, audio_lengths, durations = one.run(None, inputs)
        mel, mel_lengths, expected_durations = acoustic.run(None, inputs)
        expected = np.zeros((batch, mel.shape[2] * voice.manifest.hop_length), np.float32)
        for row, length in enumerate(mel_lengths):
            if length:
                (spoken,) = vocoder.run([contract.AUDIO], {contract.MEL: mel[row : row + 1, :, :length]})
                expected[row, : spoken.shape[1]] = spoken
        counts_agree = np.array_equal(durations, expected_durations)
        counts_agree &= np.array_equal(audio_lengths, mel_lengths * voice.manifest.hop_length)
        same_shape = audio.shape == expected.shape
        worst = max(worst, float(np.abs(audio - expected).max()) if counts_agree and same_shape else np.inf)
    if not worst <= tolerance:
        problem = f"differs from the two graphs in sequence by {worst:.1e}; the limit is {tolerance:.0e}"
        raise InputError("the fused graph", problem, "nothing was written")
    return worst


def _random_inputs(manifest: contract.VoiceManifest, n_phones: int, batch: int) -> dict[str, npt.NDArray[Any]]:
    """The first row fills the length, the others are padded. Deterministic."""
    random, n_speakers = np.random.default_rng(n_phones * batch), len(manifest.speakers)
    lengths = random.integers(1, n_phones + 1, batch)
    lengths[0] = n_phones
    sentences = [random.integers(1, len(manifest.phones), length).tolist() for length in lengths]
    inputs = contract.AcousticInputs.of(sentences, [row % n_speakers for row in range(batch)])
    inputs.duration_scale[:] = random.uniform(0.0, 2.0, inputs.duration_scale.shape)
    for control in (inputs.pitch_shift, inputs.energy_shift):
        control[:] = random.uniform(-6.0, 6.0, control.shape)
    return inputs.feed(n_speakers)
