"""What every route works with."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from tts.serving.engine import Engine
from tts.serving.errors import ServingError
from tts.serving.journal import Journal, Visit
from tts.serving.metrics import Metrics
from tts.serving.settings import Settings
from tts.serving.voices import VoiceBook


@dataclass(frozen=True)
class Studio:
    book: VoiceBook
    engine: Engine
    metrics: Metrics
    settings: Settings
    journal: Journal

    def check_text(self, text: str) -> str:
        """Raises ``ServingError`` for text that is too long, or blank."""
        if not text.strip():
            raise ServingError(400, "empty_input", "input is empty", param="input")
        return self.check_length(text)

    def check_length(self, text: str) -> str:
        """Raises ``ServingError`` for text that is too long."""
        limit = self.settings.max_chars
        if len(text) > limit:
            message = f"input has {len(text):,} characters, {limit:,} are allowed; send it in parts"
            raise ServingError(413, "input_too_long", message, param="input")
        return text


def studio_of(connection: HTTPConnection) -> Studio:
    studio: Studio = connection.app.state.studio
    return studio


def visit_of(connection: HTTPConnection) -> Visit:
    visit: Visit = connection.scope["visit"]
    return visit
