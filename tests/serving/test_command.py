"""``tts serve`` as a program of its own."""

import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from running import PATIENCE_S, wait_for

from tts.cli import main
from tts.errors import InputError
from tts.runtime.voice import Voice
from tts.serving.scale import Replicas, parse_replicas

TEXT = "Hello world. " * 200


def few_files(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


@contextmanager
def served(voice: Path, *options: str, **how: Any) -> Iterator[tuple[Any, str]]:
    command = [sys.executable, "-m", "tts.cli", "serve", "--voice", str(voice), "--port", "0", "--wyoming-port", "0"]
    how |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    program: Any
    with subprocess.Popen([*command, *options], **how) as program:
        try:
            names, http, wyoming = (program.stdout.readline() for _ in range(3))
            assert "levels" in names and "tcp://127.0.0.1:" in wyoming
            yield program, re.findall(r"http://[\d.:]+", http)[0]
        finally:
            program.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_lets_what_is_running_finish(level_voice: Path, number: signal.Signals) -> None:
    heeded = partial(signal.signal, number, signal.SIG_DFL)  # not so where the tests run in the background, or by nohup
    with served(level_voice, "--log-format", "json", preexec_fn=heeded) as (program, url):
        fields = {"input": TEXT, "response_format": "pcm", "sample_rate": 48_000}
        heard = b""
        with httpx.stream("POST", f"{url}/v1/audio/speech", json=fields, timeout=PATIENCE_S) as answer:
            for content in answer.iter_bytes():
                if not heard:
                    program.send_signal(number)
                heard += content
        assert program.wait(PATIENCE_S) == 128 + number
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


@pytest.mark.slow
def test_more_connections_than_open_files_are_a_line_and_the_rest_is_served(level_voice: Path) -> None:
    with served(level_voice, preexec_fn=partial(few_files, 48)) as (program, url):
        host, port = url.removeprefix("http://").split(":")
        with ExitStack() as crowd:
            for _ in range(80):
                crowd.enter_context(socket.create_connection((host, int(port)), PATIENCE_S))
        wait_for(lambda: httpx.get(f"{url}/v1/models", timeout=PATIENCE_S).status_code == 200)
        program.terminate()
        said = program.communicate(timeout=PATIENCE_S)[1]
    assert "Too many open files" in said and "Traceback" not in said


@pytest.mark.slow
def test_too_few_open_files_are_refused(level_voice: Path) -> None:
    command = [sys.executable, "-m", "tts.cli", "serve", "--voice", str(level_voice), "--port", "0", "--no-wyoming"]
    done = subprocess.run(command, preexec_fn=partial(few_files, 24), capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "ulimit -n" in done.stderr


def test_replicas() -> None:
    assert (parse_replicas("2"), parse_replicas("1-4")) == (Replicas(2, 2), Replicas(1, 4))
    for text in ("0", "x", "2-1", "-3", "", "2-", "²", "9" * 5000):
        with pytest.raises(InputError):
            parse_replicas(text)
