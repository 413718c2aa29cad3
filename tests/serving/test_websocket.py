"""Text streamed over a WebSocket, with the client of the package websockets."""

import io
import itertools
import json
from typing import Any

import httpx
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from running import TEXT, Running
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

LONG = "Hello world. " + "Hello, hello " * 30 + "world! \n\nHello; world"


def open_socket(server: Running, **options: Any) -> ClientConnection:
    return connect(server.url.replace("http", "ws") + "/v1/audio/speech/stream", **options)


def say(socket: ClientConnection, fragments: list[str]) -> list[bytes | dict[str, Any]]:
    """What comes back, up to the end of the text."""
    for fragment in fragments:
        socket.send(json.dumps({"type": "input.text", "text": fragment}))
    socket.send(json.dumps({"type": "input.done"}))
    heard: list[bytes | dict[str, Any]] = []
    while True:
        message = socket.recv(60)
        heard.append(message if isinstance(message, bytes) else json.loads(message))
        if isinstance(heard[-1], dict) and heard[-1]["type"] in ("session.done", "error"):
            return heard


def sound(heard: list[bytes | dict[str, Any]]) -> bytes:
    return b"".join(part for part in heard if isinstance(part, bytes))


def whole(server: Running, text: str, **fields: Any) -> bytes:
    fields = {"input": text, "response_format": "pcm"} | fields
    return httpx.post(f"{server.api}/audio/speech", json=fields, timeout=60).content


@pytest.mark.slow
@settings(max_examples=10)
@given(cuts=st.lists(st.integers(0, len(LONG)), max_size=9).map(sorted))
def test_fragments_sound_as_the_whole(server: Running, cuts: list[int]) -> None:
    edges = [0, *cuts, len(LONG)]
    with open_socket(server) as socket:
        heard = say(socket, [LONG[first:after] for first, after in itertools.pairwise(edges)])
    assert sound(heard) == whole(server, LONG)


def test_one_text_after_the_other_with_times(server: Running) -> None:
    with open_socket(server) as socket:
        socket.send(json.dumps({"type": "session.config", "voice": "ben", "speed": 0.5, "model": "tts-1"}))
        for _ in range(2):
            heard = say(socket, [TEXT])
            assert sound(heard) == whole(server, TEXT, voice="ben", speed=0.5)
            told = [part for part in heard if isinstance(part, dict)]
            assert [message["type"] for message in told] == ["audio.start", "audio.done"] * 2 + ["session.done"]
            assert [message["sentence_text"] for message in told[::2][:2]] == ["Hello world.", "Hello, hello!"]
            words = [word for message in told[1::2] for word in message["timestamps"]]
            spoken = server.voice.synthesize(TEXT, speaker="ben", speed=0.5).words
            assert [word["start_time"] for word in words] == pytest.approx([w.start_s for w in spoken], abs=1e-3)
        socket.send(json.dumps({"type": "session.close"}))
        with pytest.raises(ConnectionClosed):
            socket.recv(60)


def test_other_formats_are_a_file_a_sentence(server: Running) -> None:
    with open_socket(server) as socket:
        socket.send(json.dumps({"type": "session.config", "response_format": "wav"}))
        files: list[bytes] = []
        for part in say(socket, [TEXT]):
            if isinstance(part, bytes):
                files[-1] += part
            elif part["type"] == "audio.start":
                files.append(b"")
    assert [soundfile.info(io.BytesIO(file)).samplerate for file in files] == [24_000] * 2


@pytest.mark.parametrize(
    "message",
    ["{", "[]", '{"type": "x"}', '{"type": "session.config", "voice": "nobody"}', '{"type": "input.text"}', "[" * 9999],
)
def test_bad_messages_end_the_session(server: Running, message: str) -> None:
    with open_socket(server) as socket:
        socket.send(message)
        assert json.loads(socket.recv(60))["type"] == "error"
        with pytest.raises(ConnectionClosed):
            socket.recv(60)


def test_pages_of_other_hosts_are_refused(server: Running) -> None:
    with open_socket(server, origin=server.url):
        pass
    with pytest.raises(InvalidStatus):
        open_socket(server, origin="http://elsewhere.example")
