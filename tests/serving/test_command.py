"""``tts serve`` as a program of its own."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from running import PATIENCE_S

from tts.cli import main
from tts.errors import InputError
from tts.runtime.voice import Voice
from tts.serving.scale import Replicas, parse_replicas

TEXT = "Hello world. " * 200


@contextmanager
def served(voice: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tts.cli", "serve", "--voice", str(voice), "--port", "0", "--wyoming-port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, *options], **pipes) as program:  # type: ignore[call-overload]
        try:
            names, http, wyoming = (program.stdout.readline() for _ in range(3))
            assert "levels" in names and "tcp://127.0.0.1:" in wyoming
            yield program, re.findall(r"http://[\d.:]+", http)[0]
        finally:
            program.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_what_is_running_finish(level_voice: Path, number: signal.Signals) -> None:
    with served(level_voice, "--log-format", "json") as (program, url):
        fields = {"input": TEXT, "response_format": "pcm", "sample_rate": 48_000}
        heard = b""
        with httpx.stream("POST", f"{url}/v1/audio/speech", json=fields, timeout=PATIENCE_S) as answer:
            for content in answer.iter_bytes():
                if not heard:
                    program.send_signal(number)
                heard += content
        assert program.wait(PATIENCE_S) == 0
        assert '"status": 200' in program.stderr.read()
    speech = Voice.load(level_voice).synthesize(TEXT)
    assert len(heard) == pytest.approx(2 * len(speech.audio) * 48_000 / 22_050, abs=2)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--voice", "no-such-voice"], "no-such-voice"),
        (["--voice", "linnet", "--voice", "linnet"], "the second one called 'linnet'"),
        (["--api-key-env", "NOT_SET_ANYWHERE"], "is not set, or empty"),
        (["--engine", "ray", "--replicas", "3-1"], "--replicas 3-1"),
    ],
)
def test_bad_options_are_one_line(options: list[str], problem: str) -> None:
    done = CliRunner().invoke(main, ["serve", *options])
    assert done.exit_code == 2 and problem in done.output


@pytest.mark.slow
def test_a_port_that_is_taken(level_voice: Path) -> None:
    with served(level_voice) as (_, url):
        port = url.rpartition(":")[2]
        done = CliRunner().invoke(main, ["serve", "--voice", str(level_voice), "--port", port])
        assert done.exit_code == 2 and "choose another --port" in done.output


def test_replicas() -> None:
    assert (parse_replicas("2"), parse_replicas("1-4")) == (Replicas(2, 2), Replicas(1, 4))
    for text in ("0", "x", "2-1", "-3", ""):
        with pytest.raises(InputError):
            parse_replicas(text)
