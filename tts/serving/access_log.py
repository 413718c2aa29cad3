"""One line for each request, and its numbers for the metrics."""

import json
import logging
import re
import uuid
from typing import Any, Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tts.serving.errors import ClientGoneError, CutOffError
from tts.serving.metrics import Metrics
from tts.serving.visit import Visit

LogFormat = Literal["text", "json"]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")  # of a client's own, taken over
CLIENT_GONE = 499  # nginx's number for it
log = logging.getLogger("tts.access")


class AccessLog:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log_format: LogFormat) -> None:
        self._app, self._metrics, self._log_format = app, metrics, log_format

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        visit = scope["visit"] = Visit(asked if REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex[:16])
        status, complete = 0, False

        async def watched(message: Message) -> None:
            nonlocal status, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = visit.id
            await send(message)
            complete = message["type"] == "http.response.body" and not message.get("more_body", False)

        with self._metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, watched)
            except ClientGoneError:
                status = CLIENT_GONE
            except CutOffError:
                pass  # the server closes a connection whose answer is not complete
            except Exception:
                status = status or 500
                raise
            finally:
                self._write(scope, visit, status, complete)

    def _write(self, scope: Scope, visit: Visit, status: int, complete: bool) -> None:
        route = getattr(scope.get("route"), "path", "")  # not the path, of which there are endlessly many
        self._metrics.requests.labels(route, visit.format, str(status)).inc()
        self._metrics.audio_seconds.inc(visit.audio_s)
        if not complete:
            self._metrics.cancelled.inc()
        fields: dict[str, Any] = {
            "id": visit.id,
            "client": (scope.get("client") or ("-",))[0],
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "seconds": round(visit.age_s(), 3),
        }
        if visit.voice:
            first_s = None if visit.first_audio_s is None else round(visit.first_audio_s, 3)
            fields |= {"voice": visit.voice, "format": visit.format, "characters": visit.characters}
            fields |= {"first_audio": first_s, "audio": round(visit.audio_s, 2)}
        if not complete:
            fields["cut"] = True
        log.info(self._line(fields))

    def _line(self, fields: dict[str, Any]) -> str:
        if self._log_format == "json":
            return json.dumps(fields)
        return " ".join(f"{name}={_quoted(value)}" for name, value in fields.items())


def _quoted(value: Any) -> str:
    text = str(value)
    return text if re.fullmatch(r"[!#-~]+", text) else json.dumps(text)
