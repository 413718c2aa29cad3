"""For those who run the server."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tts.serving.studio import studio_of


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "voices": studio_of(request).book.names()})


async def metrics(request: Request) -> Response:
    content_type = "text/plain; version=0.0.4; charset=utf-8"
    return Response(studio_of(request).metrics.text(), headers={"Content-Type": content_type})


routes = [Route("/health", health), Route("/metrics", metrics)]
