"""All HTTP interfaces as one ASGI application. A new one is a module, and a line in ``DOORS``."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from tts.serving import captions, front_page, localai, openai, openapi, operations, piper, websocket
from tts.serving.access_log import AccessLog
from tts.serving.errors import HANDLED, answer_error
from tts.serving.gate import Gate
from tts.serving.studio import Studio

DOORS = (openai, captions, piper, localai, websocket, operations, openapi, front_page)


def make_app(studio: Studio) -> Starlette:
    """The application for any ASGI server."""
    settings = studio.settings
    middleware = [
        Middleware(AccessLog, journal=studio.journal),
        Middleware(CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"], allow_headers=["*"]),
        Middleware(Gate, settings=settings),
    ]
    app = Starlette(
        routes=[route for door in DOORS for route in door.routes],
        middleware=middleware,
        exception_handlers=dict.fromkeys(HANDLED, answer_error),
    )
    app.state.studio = studio
    return app
