"""Clients that leave, dawdle, lie or flood: the server answers the others."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import PATIENCE_S, TEXT, Running, running_server, wait_for

from tts.errors import InputError
from tts.runtime.speech import AudioChunk
from tts.runtime.synthesizer import Score
from tts.runtime.voice import Voice
from tts.serving.engine import LocalEngine

LONG = "Hello world, hello, hello. " * 200
LETTERS_PER_S = 170  # of the level voice, at least


def address(server: Running) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    return host, int(port)


def request(path: str = "/v1/audio/speech", **fields: Any) -> bytes:
    body = json.dumps({"input": TEXT} | fields).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def speak(server: Running, **fields: Any) -> httpx.Response:
    return httpx.post(f"{server.api}/audio/speech", json={"input": TEXT} | fields, timeout=PATIENCE_S)


def metric(server: Running, name: str) -> float:
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def test_who_leaves_costs_no_more(level_voice: Path) -> None:
    with running_server(level_voice) as server:
        leaving = [socket.create_connection(address(server)) for _ in range(8)]
        for client in leaving:
            client.sendall(request(input=LONG, response_format="pcm"))
        for client in leaving[:4]:
            assert client.recv(1000)  # the sound has begun
        for client in leaving:
            client.close()
        wait_for(lambda: metric(server, "tts_in_flight") == 1)  # the one that asks
        assert metric(server, "tts_cancelled_total") == 8
        spoken = metric(server, "tts_audio_seconds_total")
        assert spoken < 8 * len(LONG) / LETTERS_PER_S / 2
        assert speak(server).status_code == 200


@pytest.fixture()
def occupied(level_voice: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Running, threading.Event]]:
    """A server whose two workers both wait for the event."""
    go = threading.Event()
    turn = LocalEngine._turn

    async def slow_turn(self: LocalEngine, work: Callable[[], Any]) -> Any:
        return await turn(self, lambda: (go.wait(PATIENCE_S), work())[1])

    monkeypatch.setattr(LocalEngine, "_turn", slow_turn)
    with running_server(level_voice, queue=3) as server:
        yield server, go
        go.set()


def test_a_full_queue_says_when_to_come_back(occupied: tuple[Running, threading.Event]) -> None:
    server, go = occupied
    with ThreadPoolExecutor(8) as pool:
        accepted = [pool.submit(speak, server) for _ in range(5)]
        wait_for(lambda: metric(server, "tts_queue_depth") == 3)
        refused = speak(server)
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["code"] == "queue_full"
        assert httpx.get(f"{server.url}/health").status_code == 200
        go.set()
        assert {answer.result().status_code for answer in accepted} == {200}


def test_who_leaves_the_queue_is_not_computed(occupied: tuple[Running, threading.Event]) -> None:
    server, go = occupied
    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(speak, server) for _ in range(2)]
        wait_for(lambda: metric(server, "tts_in_flight") == 3)
        waiting = socket.create_connection(address(server))
        waiting.sendall(request())
        wait_for(lambda: metric(server, "tts_queue_depth") == 1)
        waiting.close()
        wait_for(lambda: metric(server, "tts_queue_depth") == 0)
        go.set()
        assert {answer.result().status_code for answer in working} == {200}


def test_who_leaves_before_all_is_said_is_no_failure_of_the_server(
    level_voice: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running_server(level_voice) as server:
        with socket.create_connection(address(server)) as client:
            client.sendall(request()[:-5])
            wait_for(lambda: metric(server, "tts_in_flight") == 2)
        wait_for(lambda: 'status="499"' in httpx.get(f"{server.url}/metrics").text)
    assert "Traceback" not in caplog.text and 'status="500"' not in caplog.text


@pytest.mark.slow
def test_slow_readers_hold_no_worker(level_voice: Path) -> None:
    with running_server(level_voice) as server:
        slow = []
        for _ in range(8):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(address(server))
            client.sendall(request(input=LONG, response_format="pcm"))
            assert client.recv(1)
            slow.append(client)
        assert {speak(server).status_code for _ in range(5)} == {200}
        for client in slow:
            client.close()


def test_half_open_connections_do_no_harm(server: Running) -> None:
    silent = [socket.create_connection(address(server)) for _ in range(50)]
    for number, client in enumerate(silent):
        client.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nContent-Length: 50\r\n\r\n{"[: number * 2])
    host, _, port = server.wyoming.rpartition(":")
    silent += [socket.create_connection((host, int(port))) for _ in range(50)]
    assert speak(server).status_code == 200
    for client in silent:
        client.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 104857600\r\n", b"413"),
        (b"Content-Length: -1\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n", b"413"),
        (b"X-Flood: " + b"a" * 100_000 + b"\r\n", b"400"),
        (b"".join(b"X-%d: 1\r\n" % number for number in range(20_000)), b"400"),
    ],
)
def test_floods_are_refused(server: Running, head: bytes, status: bytes) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with socket.create_connection(address(server)) as client:
        client.settimeout(PATIENCE_S)
        try:
            client.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
            for _ in range(100):
                client.sendall(chunk)
        except OSError:
            pass  # the server has answered and closed
        try:
            answer = client.recv(100)
        except ConnectionResetError:
            answer = b"closed 413 400"
    assert status in answer
    assert speak(server).status_code == 200


@pytest.fixture()
def failing(level_voice: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Its voice fails after some sentences."""
    play = Voice.play

    def play_some(self: Voice, scores: Iterable[Score], *, opening: bool = True) -> Iterator[AudioChunk]:
        yield from islice(play(self, scores, opening=opening), 20)
        raise InputError("voice", "fails")

    with running_server(level_voice) as server:
        monkeypatch.setattr(Voice, "play", play_some)
        yield server


def test_what_fails_half_way_is_cut_off(failing: Running) -> None:
    text = "Hello world. " * 40
    for name in ("pcm", "wav"):
        with pytest.raises(httpx.RemoteProtocolError):
            speak(failing, input=text, response_format=name)
    events = speak(failing, input=text, stream_format="sse").text
    assert "speech.audio.delta" in events and "speech.audio.error" in events and "speech.audio.done" not in events


@pytest.mark.slow
def test_many_clients_of_which_a_third_vanishes(level_voice: Path) -> None:
    with running_server(level_voice) as server:
        expected = speak(server, response_format="wav").content

        def visit(number: int) -> bytes:
            if number % 3:
                return speak(server, response_format="wav").content
            with socket.create_connection(address(server)) as client:
                client.sendall(request(response_format="wav")[: None if number % 2 else 100])
                return expected

        with ThreadPoolExecutor(32) as pool:
            assert set(pool.map(visit, range(48))) == {expected}
        wait_for(lambda: metric(server, "tts_in_flight") == 1)


def test_one_address_may_be_limited(level_voice: Path) -> None:
    with running_server(level_voice, per_client=1) as server:
        with socket.create_connection(address(server)) as client:
            client.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
            time.sleep(0.3)
            answer = httpx.get(f"{server.url}/health")
        assert answer.status_code == 429 and answer.json()["error"]["type"] == "rate_limit_error"
        wait_for(lambda: httpx.get(f"{server.url}/health").status_code == 200)
