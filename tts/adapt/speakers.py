"""A new speaker beside those of the base, who stay as they were."""

from pathlib import Path

from tts.config.features import MANIFEST_FILE, FeaturesManifest
from tts.errors import InputError
from tts.files.whole import write_file
from tts.models.from_voice import VoiceSource

# Only the embedding of the new speaker learns: no sentence is by the others, so that theirs have no gradient.
ADDING = (
    "training.acoustic.frozen=[phone_embedding, encoder, variance_adaptor, decoder, mel_projection]",
    "training.acoustic.learning_rate=0.003",
)


def with_speakers_of(base: VoiceSource, features: Path) -> str:
    """Let the features know the speakers of ``base`` too. Returns the name of the new one.

    Raises ``InputError`` for a corpus of several speakers, and for one who is called like a speaker of the base.
    """
    path = features / MANIFEST_FILE
    manifest = FeaturesManifest.model_validate_json(path.read_bytes())
    new = [name for name in manifest.speakers if name not in base.manifest.speakers]
    if set(manifest.speakers) >= set(base.manifest.speakers) and len(new) == 1:
        return new[0]  # done before
    if len(manifest.speakers) != 1 or not new:
        there = ", ".join(manifest.speakers)
        fix = f"give a corpus of one, not called {', '.join(base.manifest.speakers)}: the name of its folder"
        raise InputError(features, f"has the speakers {there}, to add to those of the base", fix)
    speakers = (*base.manifest.speakers, *new)
    statistics = {**base.statistics(), **manifest.statistics}
    whole = manifest.model_copy(update={"speakers": speakers, "statistics": statistics})
    write_file(path, whole.model_dump_json(indent=2).encode())
    return new[0]
