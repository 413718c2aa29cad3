"""LocalAI's own route, where the model is the voice."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tts.serving.openai import SpeechRequest
from tts.serving.sound import answer_with_sound
from tts.serving.studio import studio_of


async def tts(request: Request) -> Response:
    """A WAV file, unless another format is asked for."""
    asked = SpeechRequest.model_validate_json(await request.body())
    asked = asked.model_copy(update={"response_format": asked.response_format or "wav"})
    return await answer_with_sound(request, asked.order(studio_of(request)), asked.wish())


routes = [Route("/tts", tts, methods=["POST"])]
