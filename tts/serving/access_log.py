"""Every request gets an id and is written down."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts.serving.journal import Journal, Visit

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")  # of a client's own, taken over


class AccessLog:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app, self._journal = app, journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = scope["visit"] = Visit((scope.get("client") or ("-",))[0], scope.get("method", "GET"), scope["path"])
        asked = Headers(scope=scope).get("x-request-id", "")
        if REQUEST_ID.fullmatch(asked):
            visit.id = asked

        async def watched(message: Message) -> None:
            match message["type"]:
                case "http.response.start" | "websocket.http.response.start":
                    visit.status = message["status"]
                    MutableHeaders(scope=message)["X-Request-Id"] = visit.id
                case "websocket.accept":
                    visit.status = 101
            await send(message)
            if message["type"] in ("http.response.body", "websocket.http.response.body", "websocket.close"):
                visit.complete = not message.get("more_body", False)

        with self._journal.record(visit):
            try:
                await self._app(scope, receive, watched)
            finally:
                visit.route = getattr(scope.get("route"), "path", "")
