"""What docs/serve.md tells a person to type exists, and answers."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from running import Running

from tts.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "serve.md").read_text(encoding="utf-8")
SHELL = [
    line for body in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) for line in body.splitlines()
]
HERE = "http://127.0.0.1:8000"


@pytest.mark.parametrize("line", [line for line in SHELL if "tts serve" in line])
def test_commands_parse(line: str) -> None:
    words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)]
    assert words[:2] == ["tts", "serve"]
    command = main.commands["serve"]
    command.make_context("serve", words[2:])


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("curl")])
def test_requests_are_answered(line: str, server: Running, tmp_path: Path) -> None:
    command = (
        line.replace(HERE, server.url).replace("linnet/michael", "levels/ben").replace("Hello there", "Hello world")
    )
    done = subprocess.run([*shlex.split(command), "-sSf"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout or any(path.stat().st_size for path in tmp_path.iterdir())


@pytest.mark.parametrize("snippet", re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
def test_python_runs(snippet: str, server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(snippet.replace(HERE, server.url), {})
    assert (tmp_path / "hello.mp3").stat().st_size


def test_every_option_is_named_or_obvious() -> None:
    obvious = {"--help", "--version", "--threads", "--variant"}
    options = {option for parameter in main.commands["serve"].params for option in parameter.opts}
    assert options - obvious <= set(re.findall(r"--[a-z-]+", PAGE))
