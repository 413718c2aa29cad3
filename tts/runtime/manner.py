"""How to read and to speak a text: what every way to speak takes by name."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, get_args

from tts.errors import InputError
from tts.names import Markup
from tts.runtime.synthesizer import Controls
from tts.text.user_lexicon import UserLexicon, read_user_lexicon


class Manner(TypedDict, total=False):
    """All of it may be left out."""

    speaker: str | None  # one of ``manifest.speakers``; by default its ``default_speaker`` or the first
    speed: float  # 2 is twice as fast
    pitch: float  # semitones higher
    energy: float  # dB louder
    variation: float  # 0, the default: as is likeliest; 1: as a speaker varies. For voices with a variational prosody
    seed: int  # of the variation: the same sentence is varied in the same way
    markup: Markup  # what the text is written in; by default plain
    lexicon: UserLexicon | Path | str | None  # words and how to say them, before all that the voice knows
    strict: bool  # refuse text of which something has no reading, instead of leaving that out


@dataclass(frozen=True)
class Task:
    """A manner, complete and checked."""

    speaker_id: int
    controls: Controls
    markup: Markup
    lexicon: UserLexicon | None
    strict: bool


def task_of(how: Manner, speaker_id: int) -> Task:
    """Raises ``InputError`` for a control out of range, an unknown markup, and a lexicon that cannot be read."""
    markup, lexicon = how.get("markup", "plain"), how.get("lexicon")
    if markup not in get_args(Markup):
        raise InputError(f"markup {markup!r}", f"is not one of {', '.join(get_args(Markup))}")
    return Task(
        speaker_id=speaker_id,
        controls=Controls(
            how.get("speed", 1.0),
            how.get("pitch", 0.0),
            how.get("energy", 0.0),
            how.get("variation", 0.0),
            how.get("seed", 0),
        ),
        markup=markup,
        lexicon=lexicon if isinstance(lexicon, UserLexicon | None) else read_user_lexicon(Path(lexicon)),
        strict=how.get("strict", False),
    )
