"""The HTTP interface of Piper."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tts.runtime.contract import VoiceManifest
from tts.serving.encode import FORMATS
from tts.serving.errors import ServingError
from tts.serving.operation import BYTES, JSON, Operation
from tts.serving.performance import Order
from tts.serving.sound import Wish, answer_with_sound
from tts.serving.studio import Studio, studio_of
from tts.serving.voices import Choice

WAV = FORMATS["wav"]


class PiperRequest(BaseModel):
    """The body of ``POST /synthesize``. Noise scales are ignored: speech here is not random."""

    model_config = ConfigDict(strict=True)

    text: str
    voice: str | None = None
    speaker: str | None = None
    speaker_id: Annotated[int | None, Field(ge=0)] = None
    length_scale: Annotated[float | None, Field(ge=0.25, le=4, allow_inf_nan=False, description="1 / speed.")] = None

    def order(self, studio: Studio) -> Order:
        """Raises ``ServingError`` for an unknown voice or speaker, and text that is blank or too long."""
        choice = studio.book.find(self.voice or None, self.speaker)
        if self.speaker is None and self.speaker_id is not None:
            choice = _numbered(choice, studio.book.manifests[choice.voice], self.speaker_id)
        return Order(studio.check_text(self.text), choice, speed=1 / (self.length_scale or 1.0), measured=True)


def _numbered(choice: Choice, manifest: VoiceManifest, number: int) -> Choice:
    if number >= len(manifest.speakers):
        message = f"voice {choice.voice!r} has speakers 0 to {len(manifest.speakers) - 1}"
        raise ServingError(400, "unknown_speaker", message, param="speaker_id")
    return Choice(choice.voice, manifest.speakers[number])


async def synthesize(request: Request) -> Response:
    """A WAV file at the voice's own sample rate."""
    order = PiperRequest.model_validate_json(await request.body()).order(studio_of(request))
    return await answer_with_sound(request, order, Wish("wav", WAV))


async def voices(request: Request) -> Response:
    """Each voice's configuration, by name."""
    return JSONResponse({name: _config(manifest) for name, manifest in studio_of(request).book.manifests.items()})


def _config(manifest: VoiceManifest) -> dict[str, Any]:
    several = len(manifest.speakers) > 1
    return {
        "audio": {"sample_rate": manifest.sample_rate},
        "espeak": {"voice": manifest.language},
        "language": {"code": manifest.language.replace("-", "_")},
        "num_speakers": len(manifest.speakers),
        "speaker_id_map": {speaker: number for number, speaker in enumerate(manifest.speakers)} if several else {},
    }


routes = [
    Operation("/synthesize", synthesize, body=PiperRequest, answers={WAV.mime: BYTES}),
    Operation("/voices", voices, answers={JSON: {"type": "object"}}),
]
