"""The voices that a server speaks with, by every name that a client may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from tts.runtime.contract import VoiceManifest
from tts.serving.errors import ServingError

# OpenAI's names. Clients send them unasked, and some refuse all others: each means the default voice.
ALIASES = (
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip
SEPARATOR = "/"  # between voice and speaker


@dataclass(frozen=True)
class Choice:
    """Who speaks."""

    voice: str
    speaker: str | None = None  # None: the voice's own choice

    def __str__(self) -> str:
        return f"{self.voice}{SEPARATOR}{self.speaker}" if self.speaker else self.voice


class VoiceBook:
    """Finds voices by name. The first is the default."""

    def __init__(self, manifests: Mapping[str, VoiceManifest]) -> None:
        self.manifests = dict(manifests)
        self.default = next(iter(self.manifests))

    def find(self, wanted: str | None, speaker: str | None = None) -> Choice:
        """``wanted`` is a voice, ``voice/speaker``, a speaker, or one of ``ALIASES``. Raises ``ServingError``."""
        if wanted is None:
            return self._with_speaker(self.default, speaker)
        if wanted in self.manifests:
            return self._with_speaker(wanted, speaker)
        for choice in self.choices():
            if wanted in (str(choice), choice.speaker):
                return choice
        if wanted.lower() in ALIASES:
            return self._with_speaker(self.default, speaker)
        raise ServingError(400, "unknown_voice", f"no voice {wanted[:80]!r}; there are {self}", param="voice")

    def choices(self) -> list[Choice]:
        """Every voice, and every speaker of those with several."""
        found = []
        for name, manifest in self.manifests.items():
            found.append(Choice(name))
            if len(manifest.speakers) > 1:
                found += [Choice(name, speaker) for speaker in manifest.speakers]
        return found

    def names(self) -> list[str]:
        return [str(choice) for choice in self.choices()]

    def __str__(self) -> str:
        return ", ".join(self.names())

    def _with_speaker(self, name: str, speaker: str | None) -> Choice:
        speakers = self.manifests[name].speakers
        if speaker is not None and speaker not in speakers:
            message = f"voice {name!r} has no speaker {speaker[:80]!r}; it has {', '.join(speakers)}"
            raise ServingError(400, "unknown_speaker", message, param="speaker")
        return Choice(name, speaker)
