"""``tts serve``: voices opened, doors opened, and closed again when the work in hand is done."""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from tts.errors import ADVICE, InputError
from tts.runtime.session import Hardware
from tts.runtime.voice import Voice
from tts.serving.app import make_app
from tts.serving.engine import LocalEngine
from tts.serving.journal import Journal, LogFormat
from tts.serving.metrics import Metrics
from tts.serving.settings import Settings
from tts.serving.studio import Studio
from tts.serving.voices import VoiceBook
from tts.serving.wyoming_door import FINISHING_S, WyomingDoor
from tts.signals import StopSignals, stopping_signals

log = logging.getLogger("tts.serving")
MAX_CONNECTIONS = 1000
OWN_FILES = 32  # open ones that are not connections, or are being refused
BACKLOG = 1024  # connections that wait to be accepted
MAX_HEADER_BYTES = 64 << 10
BETWEEN_REFUSALS_S = 10.0
FIRST_REQUEST_S = 30.0  # s that a connection may stay open before it has asked for anything


def open_studio(voices: dict[str, Voice], settings: Settings, log_format: LogFormat = "text") -> Studio:
    """One that speaks on this machine."""
    metrics = Metrics()
    book = VoiceBook({name: voice.manifest for name, voice in voices.items()})
    engine = LocalEngine(voices, settings.jobs, settings.queue, metrics)
    return Studio(book, engine, metrics, settings, Journal(metrics, log_format))


def voice_labels(names: Sequence[str]) -> dict[str, str]:
    """What clients call each voice: a folder by its last part. Raises ``InputError`` for two of the same name."""
    labels: dict[str, str] = {}
    for name in names:
        label = Path(os.path.realpath(name)).name  # of "." too
        if label in labels:
            raise InputError(f"voice {name}", f"is the second one called {label!r}", "rename its folder")
        labels[label] = name
    return labels


def load_voices(names: Sequence[str], threads: int) -> dict[str, Voice]:
    """By label, all at once. Raises ``InputError`` as ``Voice.load`` and ``voice_labels`` do."""
    labels = voice_labels(names)
    with ThreadPoolExecutor() as pool:
        loaded = pool.map(lambda name: Voice.load(name, Hardware(threads=threads)), labels.values())
        return dict(zip(labels, loaded, strict=True))


def serve(server: "Server") -> int:
    """Until a signal asks to end. Returns its number."""
    _set_up_logs()
    asyncio.run(server.run())
    return StopSignals.latest


@dataclass(frozen=True)
class Addresses:
    """Where the doors are. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8000  # of HTTP
    wyoming_host: str | None = None  # None: as HTTP
    wyoming_port: int | None = 10_200  # None: no such door
    announced_as: str | None = None  # the name by which Home Assistant finds it; None: not at all


class Door(Protocol):
    """Another way in, beside HTTP."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...


class Server:
    """All doors of a studio, listening from the beginning. Raises ``InputError`` for an address that cannot be had."""

    def __init__(self, studio: Studio, addresses: Addresses) -> None:
        self._studio = studio
        self._http_socket = _listen(addresses.host, addresses.port, "--port")
        self.url = f"http://{_shown(self._http_socket)}"
        self.wyoming_url: str | None = None
        self._doors: list[Door] = []
        if addresses.wyoming_port is not None:
            self._add_wyoming(addresses.wyoming_host or addresses.host, addresses.wyoming_port, addresses.announced_as)
        self._http = _HttpServer(_config(make_app(studio), studio.settings), self._doors)

    def _add_wyoming(self, host: str, port: int, announced_as: str | None) -> None:
        listener = _listen(host, port, "--wyoming-port")
        self._doors.append(WyomingDoor(self._studio, listener))
        self.wyoming_url = f"tcp://{_shown(listener)}"
        if announced_as:
            from tts.serving.announcement import Announcement

            self._doors.append(Announcement(announced_as, listener.getsockname()[1]))

    async def run(self) -> None:
        """Until ``stop`` or a signal, and then until the work in hand is done."""
        asyncio.get_running_loop().set_exception_handler(_Refusals())
        for door in self._doors:
            await door.open()
        await self._http.serve([self._http_socket])
        await self._studio.engine.close()

    def stop(self) -> None:
        """From any thread."""
        self._http.should_exit = True


class _HttpServer(uvicorn.Server):
    """Closes the other doors with its own, and takes a signal to end for nothing worse."""

    def __init__(self, config: uvicorn.Config, doors: Sequence[Door]) -> None:
        super().__init__(config)
        self._doors = doors

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.gather(super().shutdown(sockets), *(door.close() for door in self._doors))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        StopSignals.latest = sig
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in stopping_signals()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _most_connections() -> int:
    """As many as may be open at once. Raises ``InputError`` where that is none at all."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MAX_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OWN_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed <= OWN_FILES:
        raise InputError("connections", f"need more than {OWN_FILES} open files", ADVICE[errno.EMFILE])
    return allowed - OWN_FILES


class _Refusals:
    """What the system refuses, such as one more open file for a connection: a line now and then, and all goes on."""

    def __init__(self) -> None:
        self._silent_until = 0.0  # s; asyncio tries again as often as connections may wait

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(
            error, OSError | ValueError
        ):  # the latter of an address that was closed before it tried again
            loop.default_exception_handler(context)
        elif loop.time() >= self._silent_until:
            self._silent_until = loop.time() + BETWEEN_REFUSALS_S
            log.error("%s: %s", context["message"], error)


def _listen(host: str, port: int, option: str) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise InputError(f"address {host}:{port}", f"cannot be opened ({error})", f"choose another {option}") from None


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _config(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=settings.max_body,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_most_connections(),
        timeout_graceful_shutdown=FINISHING_S,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
    )


class _PatientProtocol(H11Protocol):
    """Not endlessly: a connection that asks for nothing is closed."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(FIRST_REQUEST_S, self._close_unless_asked)

    def _close_unless_asked(self) -> None:
        if self.cycle is None:
            self.transport.close()


def _set_up_logs() -> None:
    """One line each on standard error; requests without a prefix but for the time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name, level in (("tts", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
