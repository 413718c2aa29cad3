"""OpenAI's speech interface."""

import base64
import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tts.serving.encode import USUAL_RATE, find_format
from tts.serving.errors import ServingError, as_serving_error
from tts.serving.performance import Order
from tts.serving.sound import UNBUFFERED, Wish, answer_with_sound, begin, record
from tts.serving.studio import Studio, studio_of, visit_of

MODELS = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts")  # any other name is accepted, too


class VoiceId(BaseModel):
    id: str


class SpeechRequest(BaseModel):
    """The body of ``POST /v1/audio/speech``. Fields it does not know are ignored."""

    model_config = ConfigDict(strict=True)

    input: Annotated[str, Field(description="What to say.")]
    model: Annotated[str | None, Field(description="Any name. That of a voice chooses it, if no voice is given.")] = (
        None
    )
    voice: Annotated[str | VoiceId | None, Field(description="A voice, voice/speaker, or a name of OpenAI's.")] = None
    response_format: Annotated[str | None, Field(description="mp3, opus, flac, wav or pcm.")] = None
    speed: Annotated[float | None, Field(ge=0.25, le=4, allow_inf_nan=False)] = None
    pitch: Annotated[float | None, Field(ge=-12, le=12, allow_inf_nan=False, description="Semitones.")] = None
    energy: Annotated[float | None, Field(ge=-20, le=20, allow_inf_nan=False, description="dB.")] = None
    stream_format: Literal["audio", "sse"] | None = None
    sample_rate: Annotated[int | None, Field(description="Hz.")] = None

    def order(self, studio: Studio) -> Order:
        """Raises ``ServingError`` for an unknown voice, and text that is blank or too long."""
        wanted = self.voice.id if isinstance(self.voice, VoiceId) else self.voice
        if not wanted and self.model in studio.book.names():
            wanted = self.model
        return Order(
            studio.check_text(self.input),
            studio.book.find(wanted or None),
            1.0 if self.speed is None else self.speed,
            self.pitch or 0.0,
            self.energy or 0.0,
            measured=self.wish().format.measured,
        )

    def wish(self) -> Wish:
        name = self.response_format or "mp3"
        return Wish(name, find_format(name), self.sample_rate or USUAL_RATE)


async def speech(request: Request) -> Response:
    asked = SpeechRequest.model_validate_json(await request.body())
    order, wish = asked.order(studio_of(request)), asked.wish()
    if asked.stream_format == "sse":
        events = await begin(request, speech_events(request, order, wish))
        return StreamingResponse(events, media_type="text/event-stream", headers=UNBUFFERED)
    attachment = {"Content-Disposition": f"attachment; filename=speech.{wish.name}"}
    return await answer_with_sound(request, order, wish, attachment)


async def speech_events(request: Request, order: Order, wish: Wish) -> AsyncGenerator[str, None]:
    """The sound as OpenAI's server-sent events. What fails after the first of them is an event, too."""
    visit, begun = visit_of(request), False
    try:
        async for sound in record(studio_of(request), visit, order, wish):
            if sound.content:
                begun = True
                yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(sound.content).decode()})
    except Exception as error:
        if not begun:
            raise
        told = as_serving_error(error)
        yield _event({"type": "speech.audio.error", "error": {**told.tree(), "code": told.status}})
        return
    read, spoken = visit.characters, round(visit.audio_s * 100)  # nothing here has tokens: characters, centiseconds
    usage = {"input_tokens": read, "output_tokens": spoken, "total_tokens": read + spoken}
    yield _event({"type": "speech.audio.done", "usage": usage})
    yield "data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> str:
    return f"event: {content['type']}\ndata: {json.dumps(content)}\n\n"


async def models(request: Request) -> Response:
    found = [_model(name) for name in _model_names(studio_of(request))]
    return JSONResponse({"object": "list", "data": found, "models": found})


async def model(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _model_names(studio_of(request)):
        raise ServingError(404, "model_not_found", f"no model {name[:80]!r}", param="model")
    return JSONResponse(_model(name))


async def voices(request: Request) -> Response:
    """In every shape that clients read; those that know strings only say so with ``legacy``."""
    book = studio_of(request).book
    if request.query_params.get("legacy") in ("true", "1"):
        return JSONResponse({"voices": book.names()})
    listed = [
        {"id": str(choice), "name": str(choice), "object": "voice", "language": book.manifests[choice.voice].language}
        for choice in book.choices()
    ]
    return JSONResponse({"object": "list", "data": listed, "voices": listed})


def _model_names(studio: Studio) -> list[str]:
    return [*MODELS, *studio.book.manifests]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "object": "model", "created": 0, "owned_by": "linnet"}


routes = [
    *(Route(f"{prefix}/audio/speech", speech, methods=["POST"]) for prefix in ("/v1", "")),
    *(Route(f"{prefix}/models", models) for prefix in ("/v1", "", "/v1/audio", "/audio")),
    *(Route(f"{prefix}/models/{{name:path}}", model) for prefix in ("/v1", "")),
    *(Route(f"{prefix}/audio/voices", voices) for prefix in ("/v1", "")),
]
