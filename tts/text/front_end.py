"""The front end a voice or a corpus names."""

from pathlib import Path
from typing import Literal

from tts.config.errors import InputError
from tts.text.arpabet_front_end import ArpabetFrontEnd
from tts.text.gruut_front_end import GruutFrontEnd
from tts.text.lexicon import read_lexicon
from tts.text.sentences import FrontEnd


def front_end_for(name: Literal["gruut", "arpabet"], language: str, lexicon: Path | None = None) -> FrontEnd:
    """``lexicon`` is the file of pronunciations ``arpabet`` speaks from; ``gruut`` brings its own."""
    if name == "gruut":
        return GruutFrontEnd(language)
    if lexicon is None:
        raise InputError("front end 'arpabet'", "needs a lexicon")
    if not language.startswith("en"):
        raise InputError("front end 'arpabet'", f"speaks English, not {language!r}")
    return ArpabetFrontEnd(language, read_lexicon(lexicon))
