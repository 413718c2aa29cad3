"""Speech with the times of its words, as Kokoro-FastAPI gives it."""

import base64
import json
from collections.abc import AsyncGenerator, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tts.runtime.speech import WordSpan
from tts.serving.openai import SpeechRequest
from tts.serving.operation import JSON, TEXT, Operation
from tts.serving.performance import Order
from tts.serving.sound import UNBUFFERED, Sound, Wish, begin, record
from tts.serving.studio import studio_of, visit_of

JSON_LINES = "application/x-ndjson"


class CaptionedRequest(SpeechRequest):
    stream: Annotated[bool | None, Field(description="JSON lines while it is spoken; false: one object.")] = None


async def captioned_speech(request: Request) -> Response:
    """Audio and words, as lines that join to the whole or in one object."""
    asked = CaptionedRequest.model_validate_json(await request.body())
    order, wish = asked.order(studio_of(request)), asked.wish()
    sounds = await begin(request, _sounds(request, order, wish))
    if asked.stream is not False:
        lines = (json.dumps(_line([sound], wish)) + "\n" async for sound in sounds)
        return StreamingResponse(lines, media_type=JSON_LINES, headers=UNBUFFERED)
    return JSONResponse(_line([sound async for sound in sounds], wish))


async def _sounds(request: Request, order: Order, wish: Wish) -> AsyncGenerator[Sound, None]:
    async for sound in record(studio_of(request), visit_of(request), order, wish):
        if sound.content or sound.words:
            yield sound


def _line(sounds: list[Sound], wish: Wish) -> dict[str, Any]:
    content = b"".join(sound.content for sound in sounds)
    words = [word for sound in sounds for word in sound.words]
    return {
        "audio": base64.b64encode(content).decode(),
        "audio_format": wish.name,
        "timestamps": timestamps(words),
        "unread": [unread.text for sound in sounds for unread in sound.unread],
    }


def timestamps(words: Iterable[WordSpan]) -> list[dict[str, Any]]:
    """In Kokoro's form: seconds; and where in the text each word was written."""
    return [
        {
            "word": word.label,
            "start_time": round(word.start_s, 4),
            "end_time": round(word.end_s, 4),
            "start_char": word.start,
            "end_char": word.end,
        }
        for word in words
    ]


class Caption(BaseModel):
    word: str
    start_time: float
    end_time: float
    start_char: int
    end_char: int


class CaptionedAnswer(BaseModel):
    """Audio in base64, words with seconds from the beginning, and what had no reading and was left out."""

    audio: str
    audio_format: str
    timestamps: list[Caption]
    unread: list[str]


routes = [
    Operation(path, captioned_speech, body=CaptionedRequest, answers={JSON_LINES: TEXT, JSON: CaptionedAnswer})
    for path in ("/v1/audio/speech/timestamps", "/dev/captioned_speech")
]
