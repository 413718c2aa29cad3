"""A headless Chromium that opens pages and runs scripts in them, over the pipe of the DevTools protocol."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from select import select
from types import TracebackType
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run", "--remote-debugging-pipe")
PATIENCE_S = 300  # a machine may be busy


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Chromium:
    def __init__(self, program: str, profile: Path) -> None:
        commands, self._commands = os.pipe()
        self._messages, messages = os.pipe()
        redirected = f'exec "$@" 3<&{commands} 4>&{messages}'  # it reads commands on 3 and writes messages on 4
        arguments = [program, *OPTIONS, f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(
            ["bash", "-c", redirected, "bash", *arguments],
            pass_fds=(commands, messages),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(messages)
        self._buffer = b""
        self._last_id = 0

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._commands)  # Chromium ends when nobody is left to command it
        os.close(self._messages)
        self._process.wait(timeout=30)

    def open(self, url: str) -> "Page":
        target = self.call("Target.createTarget", url=url)["targetId"]
        page = Page(self, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        page.wait_for("location.href !== 'about:blank'")  # which a new page is at first, complete and empty
        return page

    def call(self, method: str, session: str | None = None, **params: Any) -> Any:
        self._last_id += 1
        command = {"id": self._last_id, "method": method, "params": params}
        command |= {"sessionId": session} if session else {}
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (message := self._read()).get("id") != self._last_id:
            pass  # events, which nobody asked for
        if "error" in message:
            raise RuntimeError(message["error"]["message"])
        return message["result"]

    def _read(self) -> Any:
        while b"\0" not in self._buffer:
            answers, _, _ = select([self._messages], [], [], PATIENCE_S)
            received = os.read(self._messages, 1 << 16) if answers else b""
            if not received:
                raise RuntimeError("Chromium has ended, or does not answer")
            self._buffer += received
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


class Page:
    def __init__(self, chromium: Chromium, session: str) -> None:
        self._chromium = chromium
        self._session = session

    def run(self, script: str) -> Any:
        """The value of an expression, once it is there, as if a person had asked for it. Raises what it throws."""
        options = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", expression=script, **options)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Until the expression is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.run(script):
            assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {script}"
            time.sleep(0.05)

    def call(self, method: str, **params: Any) -> Any:
        return self._chromium.call(method, self._session, **params)
