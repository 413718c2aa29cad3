"""What is remembered of one request: a line in the log, and numbers for the metrics."""

import json
import logging
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import ClientDisconnect

from tts.runtime.speech import AudioChunk
from tts.serving.errors import ClientGoneError, CutOffError, ServingError
from tts.serving.metrics import Metrics

LogFormat = Literal["text", "json"]
LONGEST_UNREAD = 40  # characters that are repeated of it
CLIENT_GONE = 499  # nginx's number for it
log = logging.getLogger("tts.access")


@dataclass
class Visit:
    """One request, whatever door it came through."""

    client: str
    method: str
    path: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:16])
    route: str = ""  # the pattern of the path, of which there are few
    status: int = 0
    complete: bool = False  # whether the client was given everything
    voice: str = ""
    format: str = ""
    characters: int = 0
    first_audio_s: float | None = None  # from the start of the request
    audio_s: float = 0.0  # given out
    unread: list[str] = field(default_factory=list)  # what had no reading and was left out
    started: float = field(default_factory=time.perf_counter)

    def hear(self, chunk: AudioChunk) -> None:
        """A chunk goes out."""
        self.audio_s += len(chunk.audio) / chunk.sample_rate
        self.unread += [unread.text[:LONGEST_UNREAD] for unread in chunk.unread]

    def age_s(self) -> float:
        return time.perf_counter() - self.started


class Journal:
    """Writes visits down when they end."""

    def __init__(self, metrics: Metrics, log_format: LogFormat) -> None:
        self._metrics, self._log_format = metrics, log_format

    @contextmanager
    def record(self, visit: Visit) -> Iterator[None]:
        """While the visit lasts. A client that has gone, and an answer cut off, are not errors of the server."""
        with self._metrics.in_flight.track_inprogress():
            try:
                yield
            except (ClientGoneError, ClientDisconnect):  # the latter before it has sent all of its request
                visit.status = CLIENT_GONE
            except CutOffError:
                pass
            except ServingError as error:
                visit.status = error.status
                raise
            except Exception:
                visit.status = visit.status or 500
                raise
            finally:
                self._write(visit)

    def hear(self, visit: Visit) -> None:
        """The first sound of a visit is there."""
        if visit.first_audio_s is None:
            visit.first_audio_s = visit.age_s()
            self._metrics.first_audio.observe(visit.first_audio_s)

    def _write(self, visit: Visit) -> None:
        self._metrics.requests.labels(visit.route, visit.format, str(visit.status)).inc()
        self._metrics.audio_seconds.inc(visit.audio_s)
        if not visit.complete:
            self._metrics.cancelled.inc()
        fields = _fields(visit)
        as_text = " ".join(f"{name}={_quoted(value)}" for name, value in fields.items())
        log.info(json.dumps(fields) if self._log_format == "json" else as_text)


def _fields(visit: Visit) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": visit.id, "client": visit.client, "method": visit.method, "path": visit.path}
    fields |= {"status": visit.status, "seconds": round(visit.age_s(), 3)}
    if visit.voice:
        fields |= {"voice": visit.voice, "format": visit.format, "characters": visit.characters}
        fields |= {"audio": round(visit.audio_s, 2)}
    if visit.unread:
        fields |= {"unread": " ".join(visit.unread)[:LONGEST_UNREAD]}
    if visit.first_audio_s is not None:
        fields |= {"first_audio": round(visit.first_audio_s, 3)}
    return fields if visit.complete else fields | {"cut": True}


def _quoted(value: Any) -> str:
    text = str(value)
    return text if re.fullmatch(r"[!#-~]+", text) else json.dumps(text)
