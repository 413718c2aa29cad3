"""LocalAI's own route, where the model is the voice."""

from starlette.requests import Request
from starlette.responses import Response

from tts.serving.openai import SOUNDS, SpeechRequest
from tts.serving.operation import Operation
from tts.serving.sound import answer_with_sound
from tts.serving.studio import studio_of


async def tts(request: Request) -> Response:
    """A WAV file, unless another format is asked for."""
    asked = SpeechRequest.model_validate_json(await request.body())
    asked = asked.model_copy(update={"response_format": asked.response_format or "wav"})
    return await answer_with_sound(request, asked.order(studio_of(request)), asked.wish())


routes = [Operation("/tts", tts, body=SpeechRequest, answers=SOUNDS)]
