"""Voices that this machine has not seen speak in a process of their own first."""

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from level_voice import write_level_voice
from onnx import helper, numpy_helper

from tts.cli import main
from tts.errors import InputError
from tts.files.digest import file_sha256
from tts.models.from_voice import find_base
from tts.names import Variant
from tts.runtime.admission import admit
from tts.runtime.contract import ACOUSTIC_FILE, MANIFEST_FILE, VOCODER_FILE
from tts.runtime.folder import read_manifest
from tts.runtime.trial import Trial, try_out
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow  # each begins a process


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_level_voice(tmp_path / "strange")
    monkeypatch.setenv("LINNET_CACHE", str(tmp_path / "cache"))
    return folder


def change(folder: Path, name: str, graph: onnx.ModelProto) -> None:
    """The manifest vouches for it."""
    (folder / name).write_bytes(graph.SerializeToString())
    tree = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    tree["sha256"][name] = file_sha256(folder / name)
    (folder / MANIFEST_FILE).write_text(json.dumps(tree), encoding="utf-8")


def set_constant(folder: Path, file: str, name: str, value: object) -> None:
    graph = onnx.load(folder / file)
    tensor = next(tensor for tensor in graph.graph.initializer if tensor.name == name)
    tensor.CopyFrom(numpy_helper.from_array(np.asarray(value), name))
    change(folder, file, graph)


def test_a_voice_is_tried_once(strange: Path, tmp_path: Path) -> None:
    Voice.load(strange).synthesize("hello")
    (mark,) = (tmp_path / "cache" / "voices").iterdir()
    trial = try_out(strange, "fp32")
    assert trial.identity == mark.name and trial.audio_s > 0 and trial.cpu_s > 0
    tried = []
    manifest = read_manifest(strange / MANIFEST_FILE)

    def count(folder: Path, variant: Variant) -> Trial:
        tried.append(variant)
        return trial

    admit(strange, manifest, trial=count)
    assert tried == []
    mark.unlink()
    admit(strange, manifest, trial=count)
    assert tried == ["fp32"] and mark.exists()


@pytest.mark.parametrize("gigabytes", [5, 500_000])
def test_a_voice_that_takes_too_much_memory_is_refused(strange: Path, gigabytes: int) -> None:
    set_constant(strange, VOCODER_FILE, "hop", np.int64([1, 1, gigabytes * 10**9 // 4 // 60]))
    with pytest.raises(InputError, match=r"memory|alloc|overflow"):
        Voice.load(strange)


def test_a_voice_that_speaks_for_ever_is_refused(strange: Path) -> None:
    set_constant(strange, ACOUSTIC_FILE, "frames", np.float32(1e7))
    with pytest.raises(InputError):
        Voice.load(strange)


def test_a_voice_that_training_begins_with_is_tried_too(strange: Path, tmp_path: Path) -> None:
    find_base(strange).graph(ACOUSTIC_FILE)
    assert len(list((tmp_path / "cache" / "voices").iterdir())) == 1
    set_constant(strange, ACOUSTIC_FILE, "frames", np.float32(1e7))
    with pytest.raises(InputError):
        find_base(strange).graph(ACOUSTIC_FILE)


def test_a_voice_that_would_end_the_process_is_refused(strange: Path) -> None:
    """The least whole number over -1."""
    graph = onnx.load(strange / ACOUSTIC_FILE)
    for name, value in (("least", np.int64([-(2**63)])), ("minus", np.int64([-1]))):
        graph.graph.initializer.append(numpy_helper.from_array(value, name))
    graph.graph.node.append(helper.make_node("Div", ["least", "minus"], ["never"]))
    change(strange, ACOUSTIC_FILE, graph)
    with pytest.raises(InputError, match="divides whole numbers"):
        Voice.load(strange)


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGFPE)", "exit code 8" if os.name == "nt" else "SIGFPE"),
        ("print('nonsense')", "exit code 0"),
    ],
)
def test_however_the_process_ends_it_is_told(program: str, end: str, strange: Path) -> None:
    with pytest.raises(InputError, match=rf"ended the process that tried it \({end}\)"):
        try_out(strange, "fp32", program)


def test_check_says_what_a_voice_holds(strange: Path) -> None:
    said = CliRunner().invoke(main, ["check", str(strange)], catch_exceptions=False)
    assert said.exit_code == 0 and "nothing is wrong with it" in said.output
    assert "voice 'levels', en-us, one speaker, 22050 Hz, 10 phones" in said.output
    set_constant(strange, ACOUSTIC_FILE, "frames", np.float32(np.nan))
    said = CliRunner().invoke(main, ["check", str(strange)], catch_exceptions=False)
    assert said.exit_code == 2 and len(said.output.splitlines()) == 1
