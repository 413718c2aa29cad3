"""Words: as they stand, spelled where nobody could say them, single letters by their names."""

import re

from tts.text.english.capitals import VOWEL, spelled
from tts.text.english.chat import CHAT_LETTERS, HUMMED, squeeze
from tts.text.english.initialisms import RESPELLED, SPELLED
from tts.text.english.rules import Place, Rule, Spoken, rule

LONGEST = 64  # letters; longer ones are data, not words
LONG_RUN = re.compile(r"([a-z])\1\1")
QUOTED = re.compile(r"(?:^|[\s(])'(?=\w)(?!\d\ds\b)")
AN_ARTICLE = re.compile(r"\s+[\"'(]?(?:[a-z\d$]|[A-Z][a-z'])")


def _word(match: re.Match[str], place: Place) -> Spoken:
    written = match[0]
    if len(written) > LONGEST:
        return None
    if written[-1] == "'" and QUOTED.search(place.line_around(match.start(), match.start())):
        written = written[:-1]  # a quotation ends
    lower = written.lower()
    if LONG_RUN.search(lower):
        return squeeze(lower, place)
    stem, apostrophe, ending = lower.partition("'")
    if len(stem) == 1:
        return _letter(match, place)
    if lower in RESPELLED:
        return RESPELLED[lower]
    if VOWEL.search(stem) and stem not in CHAT_LETTERS and not (stem in SPELLED and not place.known(stem)):
        return lower
    if stem in HUMMED:
        return HUMMED[stem] + apostrophe + ending
    return spelled(stem) + (apostrophe + ending if ending in ("s", "") else f" {ending}")


def _letter(match: re.Match[str], place: Place) -> Spoken:
    """A lone letter is said by its name, but for the article and oneself; I'm, d'you and the like are words."""
    written = match[0]
    letter, apostrophe, ending = written.partition("'")
    if apostrophe and ending.lower() not in ("s", ""):
        return written.lower()
    if letter in "I" and not apostrophe:
        return "i"
    if letter == "a" and not apostrophe:
        return "a"
    if letter == "A" and not apostrophe and _is_article(match, place):
        return "a"
    return letter.upper() + (apostrophe + ending.lower() if ending else "")


def _is_article(match: re.Match[str], place: Place) -> bool:
    """Whether a capital A is one: where a sentence begins and a word follows, or among words in capitals."""
    begins = not place.tokens or place.tokens[-1].pause.name not in ("NONE", "COMMA")
    following = AN_ARTICLE.match(place.text, match.end())
    if (
        begins
        and following
        and not re.match(r"\s+(?:or|and|is|to|vs|in|for|on)\b", place.text[match.end() : match.end() + 6])
    ):
        return True
    before = place.written_before()
    loud = re.compile(r"\s+[A-Z]{2,}\b").match(place.text, match.end())
    return bool(loud) and (not before or before.isupper())


RULES: tuple[Rule, ...] = (
    rule("word", "a-zA-Z", r"[A-Za-z]++(?:'[A-Za-z]++){0,8}+(?:(?<=[sSnz])'(?![A-Za-z\d]))?", _word),
)
