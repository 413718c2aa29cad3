"""What stands before every route: the key, and bounds on what a client may send or take its time for."""

import asyncio
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts.serving.errors import ServingError, error_response
from tts.serving.settings import Settings

OPEN_PATHS = ("/", "/health")  # and the page's own files, which say nothing about anybody
OPEN_FOLDER = "/page/"


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._inside: Counter[str] = Counter()  # requests by address
        self._key = _digest(settings.api_key) if settings.api_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = (scope.get("client") or ("",))[0]
        try:
            headers = Headers(scope=scope)
            self._check_key(scope["path"], headers)
            if scope["type"] == "websocket":
                self._check_origin(headers)
            self._check_length(headers)
            if self._settings.per_client and self._inside[address] >= self._settings.per_client:
                message = f"{self._settings.per_client} requests at once are allowed"
                raise ServingError(429, "too_many_requests", message, headers={"Retry-After": "1"})
        except ServingError as error:
            await error_response(error)(scope, receive, send)
            return
        if scope["type"] == "http":
            receive = self._bounded(receive)
        self._inside[address] += 1
        try:
            await self._app(scope, receive, self._patient(send))
        finally:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]

    def _check_key(self, path: str, headers: Mapping[str, str]) -> None:
        if self._key is None or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return
        given = headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(_digest(given), self._key):
            raise ServingError(401, "invalid_api_key", "the API key is missing or wrong")

    def _check_origin(self, headers: Mapping[str, str]) -> None:
        """Browsers let any page open a WebSocket to anywhere, and leave it to the server to refuse."""
        origin = headers.get("origin")
        known = (f"http://{headers.get('host')}", f"https://{headers.get('host')}", *self._settings.origins)
        if origin is not None and origin not in known and "*" not in known:
            raise ServingError(403, "unknown_origin", "pages of other hosts may not ask; see --cors")

    def _check_length(self, headers: Mapping[str, str]) -> None:
        length = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,18}", length) or int(length) > self._settings.max_body:
            raise self._too_large()

    def _bounded(self, receive: Receive) -> Receive:
        """Counts a body whose length was not announced, and waits for each part of it so long only."""
        received, complete = 0, False

        async def bounded() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()  # the end of the connection: it may take as long as the answer
            try:
                message = await asyncio.wait_for(receive(), self._settings.patience_s)
            except TimeoutError:
                raise ServingError(408, "timeout", "the request did not arrive in time") from None
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > self._settings.max_body:
                raise self._too_large()
            return message

        return bounded

    def _patient(self, send: Send) -> Send:
        async def patient(message: Message) -> None:
            await asyncio.wait_for(send(message), self._settings.patience_s)

        return patient

    def _too_large(self) -> ServingError:
        return ServingError(413, "body_too_large", f"the body is larger than {self._settings.max_body:,} bytes")


def _digest(key: str) -> bytes:
    """Of equal length for all keys, so that comparing tells nothing about one."""
    return hashlib.sha256(key.encode()).digest()
