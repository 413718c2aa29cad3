"""A speech server that fails now and then, in all the ways that servers do."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import numpy as np
import soundfile

SAMPLE_RATE = 16_000
RATE = 15.0  # characters a second


def spoken(text: str, rate: float = RATE, level: float = 0.3) -> bytes:
    seconds = sum(character.isalnum() for character in text) / rate
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buffer = io.BytesIO()
    soundfile.write(buffer, level * np.sin(2 * np.pi * 150 * times), SAMPLE_RATE, format="WAV")
    return buffer.getvalue()


class FaultyServer(ThreadingHTTPServer):
    """What the words of a sentence ask for happens: "busy" at the first request of it, "never" always."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: FaultyServer

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({**wanted, "path": self.path, "key": self.headers.get("Authorization")})
        text = wanted["input"]
        self.server.asked[text] += 1
        first = self.server.asked[text] == 1
        if wanted["voice"] == "nobody":
            self._answer(400, json.dumps({"error": {"message": "no voice 'nobody'"}}).encode())
        elif "never" in text:
            self._answer(500, b"out of order")
        elif "refused" in text:
            self._answer(400, json.dumps({"error": {"message": "not that"}}).encode())
        elif "busy" in text and first:
            self._answer(503, b"", {"Retry-After": "9" * 5000 if "long" in text else "0"})
        elif "broken" in text and first:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(spoken(text)[:1000])  # and hangs up
        elif "garbage" in text and first:
            self._answer(200, b"<html>welcome</html>")
        elif "short" in text and first:
            self._answer(200, spoken(text, rate=100.0))
        elif "silent" in text:
            self._answer(200, spoken(text, level=1e-4))
        elif "loud" in text:
            self._answer(200, spoken(text, level=20.0))
        else:
            self._answer(200, spoken(text))

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The test's output is not a log."""


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
