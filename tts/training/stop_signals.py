"""Ctrl-C and SIGTERM ask for a stop; the training loop finishes its step, saves, and leaves."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class StopSignals:
    """While open, the first SIGINT or SIGTERM only sets ``requested``; a second one interrupts as usual."""

    def __init__(self) -> None:
        self.requested = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._previous[number] = signal.signal(number, self._request)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._restore()

    def _request(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
