"""What is remembered of one request, for its log line and the metrics."""

import time
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection


@dataclass
class Visit:
    id: str
    started: float = field(default_factory=time.perf_counter)
    voice: str = ""
    format: str = ""
    characters: int = 0
    first_audio_s: float | None = None  # from the start of the request
    audio_s: float = 0.0  # given out

    def age_s(self) -> float:
        return time.perf_counter() - self.started


def visit_of(connection: HTTPConnection) -> Visit:
    visit: Visit = connection.scope["visit"]
    return visit
