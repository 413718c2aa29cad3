"""A server in a thread of the test, with all its doors open."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from tts.runtime.voice import Voice
from tts.serving.server import Addresses, Server, open_studio
from tts.serving.settings import Settings
from tts.serving.studio import Studio

PATIENCE_S = 60  # a machine may be busy
TEXT = "Hello world. Hello, hello!"


@dataclass(frozen=True)
class Running:
    url: str
    wyoming: str  # host:port
    studio: Studio
    voice: Voice  # the default one

    @property
    def api(self) -> str:
        return f"{self.url}/v1"


@contextmanager
def running_server(folder: Path, **settings: Any) -> Iterator[Running]:
    voice = Voice.load(folder)
    studio = open_studio({folder.name: voice}, Settings(jobs=2, **settings))
    server = Server(studio, Addresses(port=0, wyoming_port=0))
    thread = Thread(target=lambda: asyncio.run(server.run()))
    thread.start()
    try:
        assert server.wyoming_url
        yield Running(server.url, server.wyoming_url.removeprefix("tcp://"), studio, voice)
    finally:
        server.stop()
        thread.join()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
