"""A client of speech servers with OpenAI's interface (POST /v1/audio/speech), of the standard library alone."""

import http.client
import json
import random
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tts.errors import InputError

ROUTE = "/v1/audio/speech"
MAX_BYTES = 256 << 20  # of one answer: a sentence has fewer
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 60.0
TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504}


class RefusedError(Exception):
    """The server understood, and will not speak this text."""


class GaveUpError(Exception):
    """The server failed each time it was asked."""


@dataclass(frozen=True)
class SpeechServer:
    """Where to ask, and for what. ``url``: of the server, of its /v1, or of the route itself."""

    url: str
    voice: str
    model: str = "tts-1"
    speed: float = 1.0
    key: str = ""
    timeout_s: float = 120.0
    attempts: int = 6
    first_wait_s: float = FIRST_WAIT_S

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # brackets left open, a port that is no number
            named = False
        if not named:
            raise InputError(f"--url {self.url}", "is not the address of a server", "such as http://127.0.0.1:8000")

    @property
    def route(self) -> str:
        base = self.url.rstrip("/").removesuffix(ROUTE)
        return base.removesuffix("/v1") + ROUTE

    def speak(self, text: str) -> bytes:
        """A sound file. Waits and asks again where the server is busy, fails, or breaks off.

        Raises ``RefusedError`` and ``GaveUpError``.
        """
        problem = ""
        for attempt in range(self.attempts):
            if attempt:
                time.sleep(_wait_s(attempt, self.first_wait_s))
            try:
                return self._ask(text)
            except HTTPError as error:
                problem = f"{error.code} {_message(error)}"
                if error.code not in TRANSIENT:
                    raise RefusedError(problem) from None
                if after := re.fullmatch("[0-9]{1,9}", error.headers.get("Retry-After", "")):
                    time.sleep(min(int(after[0]), LONGEST_WAIT_S))
            except (URLError, http.client.HTTPException, OSError) as error:
                problem = str(getattr(error, "reason", error)) or type(error).__name__
        raise GaveUpError(f"{problem}, {self.attempts} times")

    def _ask(self, text: str) -> bytes:
        wanted: dict[str, Any] = {"model": self.model, "voice": self.voice, "input": text, "response_format": "wav"}
        if self.speed != 1.0:
            wanted["speed"] = self.speed
        headers = {"Content-Type": "application/json", "Accept": "application/octet-stream"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        with urlopen(Request(self.route, json.dumps(wanted).encode(), headers), timeout=self.timeout_s) as answer:
            content: bytes = answer.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise RefusedError(f"the answer is larger than {MAX_BYTES >> 20} MB")
        return content


def _wait_s(attempt: int, first_s: float) -> float:
    """Twice as long each time, and not at the same time as everybody else."""
    return min(first_s * 2.0 ** (attempt - 1), LONGEST_WAIT_S) * random.uniform(0.75, 1.25)


def _message(error: HTTPError) -> str:
    """What the server says in OpenAI's form, or the beginning of whatever it says."""
    body = error.read(4096).decode("utf-8", "replace")
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return " ".join(body.split())[:200] or str(error.reason)
