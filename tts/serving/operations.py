"""For those who run the server."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tts.serving.operation import JSON, TEXT, Operation
from tts.serving.studio import studio_of

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


async def health(request: Request) -> Response:
    """Whether it is well."""
    return JSONResponse({"status": "ok", "voices": studio_of(request).book.names()})


async def metrics(request: Request) -> Response:
    """Numbers for Prometheus."""
    return Response(studio_of(request).metrics.text(), headers={"Content-Type": PROMETHEUS})


routes = [
    Operation("/health", health, answers={JSON: {"type": "object"}}),
    Operation("/metrics", metrics, answers={PROMETHEUS: TEXT}),
]
