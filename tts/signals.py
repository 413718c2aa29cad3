"""Ctrl-C, SIGTERM and SIGHUP: what they stop, and with which exit code."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class Stopped(KeyboardInterrupt):
    """Raised where a signal finds the program. ``exit_code`` is what a shell shows for it."""

    latest: int | None = None  # signal; a library that it finds half imported may fail in a way of its own

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


def stopping_signals() -> list[signal.Signals]:
    """Those that are not ignored already, as ``nohup`` makes SIGHUP."""
    known = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def raising_stopped() -> Iterator[None]:
    """Within it each of the signals raises ``Stopped``, so that what is half done is put away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    Stopped.latest = None
    before = {number: signal.signal(number, _raise) for number in stopping_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, frame: FrameType | None) -> None:
    Stopped.latest = number
    raise Stopped(number)


class StopSignals:
    """While open, the first of the signals only sets ``requested``; a second one interrupts as usual."""

    latest: int = signal.SIGINT  # that any of them has seen: the exit code depends on it

    def __init__(self) -> None:
        self.requested = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in stopping_signals():
            self._previous[number] = signal.signal(number, self._request)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._restore()

    def _request(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        StopSignals.latest = number
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
