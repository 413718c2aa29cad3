"""The whole pipeline in one go, through the same functions as the commands."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tts.audio.wav import read_audio
from tts.cli import main
from tts.demo.run import farewell, run_demo
from tts.demo.sentences import PHONETICALLY_RICH

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parent.parent.parent
PICTURES = ("mel.png", "alignment.png", "acoustic_losses.png", "vocoder_losses.png")


def test_demo_speaks_draws_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    tiny = REPOSITORY / "configs" / "tiny.yaml"
    assert run_demo(folder, tiny, n_utterances=len(PHONETICALLY_RICH))
    audio, sample_rate = read_audio(folder / "hello.wav")
    assert len(audio) > 0 and sample_rate == 22_050
    assert all((folder / "pictures" / name).read_bytes().startswith(b"\x89PNG") for name in PICTURES)

    made = {path: path.stat().st_mtime_ns for part in ("corpus", "voice") for path in (folder / part).rglob("*.*")}
    assert run_demo(folder, tiny, n_utterances=len(PHONETICALLY_RICH))
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert "already at step" in capsys.readouterr().out


def test_commands_to_try_next_parse(tmp_path: Path) -> None:
    commands = [line.strip() for line in farewell(tmp_path).splitlines() if line.startswith("  tts ")]
    assert len(commands) == 4
    for command in commands:
        done = CliRunner().invoke(main, [*shlex.split(command)[1:], "--help"])
        assert done.exit_code == 0, done.output
