"""How the server describes itself to Home Assistant."""

from importlib.metadata import version

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice, TtsVoiceSpeaker

from tts.runtime.contract import VoiceManifest
from tts.serving.voices import VoiceBook

DISTRIBUTION = "linnet-tts"
ATTRIBUTION = Attribution(name="Linnet", url="")  # the project has no page of its own yet


def describe(book: VoiceBook) -> Info:
    """One program with all voices. Home Assistant takes the first program, and shows what is described."""
    voices = [_voice(name, manifest) for name, manifest in book.manifests.items()]
    program = TtsProgram(
        name="linnet",
        description="Linnet",
        attribution=ATTRIBUTION,
        installed=True,
        version=version(DISTRIBUTION),
        voices=voices,
        supports_synthesize_streaming=True,
    )
    return Info(tts=[program])


def _voice(name: str, manifest: VoiceManifest) -> TtsVoice:
    several = len(manifest.speakers) > 1
    return TtsVoice(
        name=name,
        description=name,
        attribution=ATTRIBUTION,
        installed=True,
        version=str(manifest.schema_version),
        languages=[_locale(manifest.language)],
        speakers=[TtsVoiceSpeaker(speaker) for speaker in manifest.speakers] if several else None,
    )


def _locale(language: str) -> str:
    """en-us as en_US."""
    code, _, region = language.replace("-", "_").partition("_")
    return f"{code}_{region.upper()}" if region else code
