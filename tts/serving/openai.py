"""OpenAI's speech interface."""

import base64
import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tts.names import Markup
from tts.serving.encode import COMMON_RATES, FORMATS, USUAL_RATE, find_format
from tts.serving.errors import ServingError, as_serving_error
from tts.serving.operation import BYTES, EVENT, JSON, Operation
from tts.serving.performance import Order
from tts.serving.sound import UNBUFFERED, Wish, answer_with_sound, begin, record
from tts.serving.studio import Studio, studio_of, visit_of

SSML_BEGINS = "<speak"
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
    response_format: Annotated[str | None, Field(json_schema_extra={"enum": [*FORMATS, None]})] = None
    speed: Annotated[float | None, Field(ge=0.25, le=4, allow_inf_nan=False)] = None
    pitch: Annotated[float | None, Field(ge=-12, le=12, allow_inf_nan=False, description="Semitones.")] = None
    energy: Annotated[float | None, Field(ge=-20, le=20, allow_inf_nan=False, description="dB.")] = None
    markup: Annotated[Markup | None, Field(description="What input is written in.")] = None
    ssml: Annotated[bool | None, Field(description="The same as markup: ssml.")] = None
    stream_format: Literal["audio", "sse"] | None = None
    sample_rate: Annotated[int | None, Field(json_schema_extra={"enum": [*COMMON_RATES, None]})] = None

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
            self.markup or ("ssml" if self.ssml or self.input.lstrip().startswith(SSML_BEGINS) else "plain"),
            measured=self.wish().format.measured,
        )

    def wish(self) -> Wish:
        name = self.response_format or "mp3"
        return Wish(name, find_format(name), self.sample_rate or USUAL_RATE)


async def speech(request: Request) -> Response:
    """Speak, in one piece or while it is computed: the bytes are the same."""
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
    yield _event({"type": "speech.audio.done", "usage": usage, "unread": visit.unread})
    yield "data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> str:
    return f"event: {content['type']}\ndata: {json.dumps(content)}\n\n"


class Model(BaseModel):
    id: str
    name: str
    object: str = "model"
    created: int = 0
    owned_by: str = "linnet"


class ModelList(BaseModel):
    """As OpenAI's clients read it, and as Open WebUI does."""

    object: str = "list"
    data: list[Model]
    models: list[Model]


class VoiceEntry(BaseModel):
    id: str
    name: str
    object: str = "voice"
    language: str


class VoiceList(BaseModel):
    """In the two shapes that clients read; those that know strings only say so with ``legacy=true``."""

    object: str = "list"
    data: list[VoiceEntry]
    voices: list[VoiceEntry]


async def models(request: Request) -> Response:
    """What may stand in the field model."""
    found = [Model(id=name, name=name) for name in _model_names(studio_of(request))]
    return JSONResponse(ModelList(data=found, models=found).model_dump())


async def model(request: Request) -> Response:
    """One of them."""
    name = request.path_params["name"]
    if name not in _model_names(studio_of(request)):
        raise ServingError(404, "model_not_found", f"no model {name[:80]!r}", param="model")
    return JSONResponse(Model(id=name, name=name).model_dump())


async def voices(request: Request) -> Response:
    """Who can speak."""
    book = studio_of(request).book
    if request.query_params.get("legacy") in ("true", "1"):
        return JSONResponse({"voices": book.names()})
    listed = [
        VoiceEntry(id=str(choice), name=str(choice), language=book.manifests[choice.voice].language)
        for choice in book.choices()
    ]
    return JSONResponse(VoiceList(data=listed, voices=listed).model_dump())


def _model_names(studio: Studio) -> list[str]:
    return [*MODELS, *studio.book.manifests]


SOUNDS = dict.fromkeys((format.mime for format in FORMATS.values()), BYTES)

routes = [
    Operation("/v1/audio/speech", speech, body=SpeechRequest, answers={**SOUNDS, "text/event-stream": EVENT}),
    Operation("/v1/audio/voices", voices, answers={JSON: VoiceList}),
    Operation("/v1/audio/models", models, answers={JSON: ModelList}),
    Operation("/v1/models", models, answers={JSON: ModelList}),
    Operation("/v1/models/{name:path}", model, answers={JSON: Model}),
    # Clients whose base address ends before /v1.
    Route("/audio/speech", speech, methods=["POST"]),
    Route("/audio/voices", voices),
    Route("/audio/models", models),
    Route("/models", models),
]
