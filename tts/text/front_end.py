"""The front ends that ``tts.names`` lists, and the one that a voice or a corpus names."""

from functools import lru_cache, partial
from pathlib import Path

from tts.config.text import TextConfig
from tts.errors import InputError
from tts.names import FRONT_ENDS, find
from tts.text.english.blocks import BLOCK
from tts.text.english.front_end import EnglishFrontEnd, IpaEnglishFrontEnd
from tts.text.english.weak_forms import REDUCED, UNSTRESSED, Forms
from tts.text.gruut_front_end import GruutFrontEnd
from tts.text.lexicon import Lexicon, read_lexicon
from tts.text.lexicon_front_end import LexiconFrontEnd
from tts.text.passages import PassageReader
from tts.text.sentences import FrontEnd, Word


def arpabet(language: str, lexicon: Lexicon | None, weak_forms: Forms = REDUCED) -> FrontEnd:
    if not language.startswith("en"):
        raise InputError("front end 'arpabet'", f"speaks English, not {language!r}", "try 'gruut' or 'lexicon'")
    return EnglishFrontEnd(language, lexicon, weak_forms)


def gruut(language: str, lexicon: Lexicon | None) -> FrontEnd:
    return IpaEnglishFrontEnd(language) if language.startswith("en") else GruutFrontEnd(language)


def listed(language: str, lexicon: Lexicon | None) -> FrontEnd:
    if lexicon is None:
        raise InputError("front end 'lexicon'", "needs a lexicon", "name its file with text.lexicon")
    return LexiconFrontEnd(lexicon)


weak_arpabet = partial(arpabet, weak_forms=UNSTRESSED)


def front_end_for(name: str, language: str, lexicon: Lexicon | None = None) -> FrontEnd:
    """``lexicon``: what the voice lists itself. Raises ``InputError`` for a language that the front end does not speak,
    and where ``lexicon`` has none."""
    front_end: FrontEnd = find(FRONT_ENDS[name])(language, lexicon)
    return front_end


def passage_reader(name: str, language: str) -> PassageReader:
    """Of text that comes in fragments: its passages are read as the front end would read them in the whole text."""
    english = language.startswith("en") and name != "lexicon"
    return PassageReader(BLOCK) if english else PassageReader()


@lru_cache(maxsize=1)
def corpus_front_end(config: TextConfig) -> FrontEnd:
    """The one for a corpus' transcripts. Raises ``InputError`` also for a lexicon that cannot be read."""
    return front_end_for(config.front_end, config.language, corpus_lexicon(config))


def transcript_words(text: str, config: TextConfig) -> list[Word]:
    """Raises ``InputError`` for text with a stretch that has no reading, and for text without words."""
    sentences = corpus_front_end(config)(text)
    for unread in (unread for sentence in sentences for unread in sentence.unread):
        raise InputError(f"word {unread.text!r}", "cannot be pronounced", "write it as it is spoken")
    return [word for sentence in sentences for word in sentence.words]


def corpus_lexicon(config: TextConfig) -> Lexicon | None:
    """The one that the configuration names, if it does. Raises ``InputError`` for one that cannot be read."""
    return read_lexicon(Path(config.lexicon)) if config.lexicon else None
