"""A new speaker beside those of the base."""

from pathlib import Path

from tts.config.features import MANIFEST_FILE, FeaturesManifest
from tts.errors import InputError
from tts.files.whole import write_file
from tts.models.from_voice import VoiceSource


def adding(base: VoiceSource) -> tuple[str, ...]:
    """Overrides of the config with which only the embedding of the new speaker learns: no sentence is by the others, so
    that theirs have no gradient. What all speakers share stays as it is."""
    return (
        "training.acoustic.frozen=[phone_embedding, encoder, variance_adaptor, decoder, mel_projection]",
        "training.acoustic.learning_rate=0.003",
        "training.vocoder.steps=0",
        f"acoustic.sharpness={base.recipe()['acoustic']['sharpness']}",
    )


def first_new_speaker(base: VoiceSource, features: Path) -> str | None:
    """Who speaks when nobody is named, where some are speakers of the base; None where all are new, or none."""
    manifest = _read(features)
    new = [name for name in manifest.speakers if name not in base.manifest.speakers]
    return new[0] if 0 < len(new) < len(manifest.speakers) else None


def with_speakers_of(base: VoiceSource, features: Path) -> None:
    """Let the features know the speakers of ``base`` too.

    Raises ``InputError`` for a corpus of several speakers, and for one who is called like a speaker of the base.
    """
    manifest = _read(features)
    new = [name for name in manifest.speakers if name not in base.manifest.speakers]
    if set(manifest.speakers) >= set(base.manifest.speakers) and len(new) == 1:
        return  # done before
    if len(manifest.speakers) != 1 or not new:
        there = ", ".join(manifest.speakers)
        fix = f"give a corpus of one, not called {', '.join(base.manifest.speakers)}: the name of its folder"
        raise InputError(features, f"has the speakers {there}, to add to those of the base", fix)
    speakers = (*base.manifest.speakers, *new)
    statistics = {**base.statistics(), **manifest.statistics}
    whole = manifest.model_copy(update={"speakers": speakers, "statistics": statistics})
    write_file(features / MANIFEST_FILE, whole.model_dump_json(indent=2).encode())


def _read(features: Path) -> FeaturesManifest:
    return FeaturesManifest.model_validate_json((features / MANIFEST_FILE).read_bytes())
