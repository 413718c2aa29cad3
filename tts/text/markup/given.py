"""Phones in the text itself, and a lexicon of one's own: both say how a stretch of the text is said."""

import re
from collections.abc import Iterator, Sequence

from tts.text.inventory import PhoneInventory
from tts.text.markup.document import Document, Piece, joined, space
from tts.text.sentences import Phones
from tts.text.user_lexicon import UserLexicon, check_phones

BRACKETS = re.compile(r"\[\[([^\[\]]*)\]\]")
# What a front end reads where there are only phones: words that change nothing around them but "a" and "the".
WITH_VOWEL, WITH_CONSONANT = "item", "thing"
VOWEL = re.compile(r"[ˈˌ]?(?:[A-Z]{2}\d$|[aeiouəʌɚɝɪɛæɑɔʊ])")
SIBILANT, VOICELESS = re.compile(r"(?:S|Z|SH|ZH|CH|JH|.*[szʃʒ])$"), re.compile(r"(?:P|T|K|F|TH|[ptkfθ])$")


def with_phones(document: Document, inventory: PhoneInventory) -> Document:
    """Stretches such as ``[[HH AH0 L OW1]]`` become words of these phones.

    Raises ``InputError`` naming a phone that the voice lacks.
    """
    return joined(piece for whole in document.pieces for piece in _in_brackets(whole, inventory))


def with_lexicon(document: Document, lexicon: UserLexicon, inventory: PhoneInventory) -> Document:
    """What the lexicon has is said as it says. Raises ``InputError`` with the line of a phone that the voice lacks."""
    lexicon.check(inventory)
    return joined(piece for whole in document.pieces for piece in _looked_up(whole, lexicon))


def given(written: str, phones: Phones, like: Piece) -> Iterator[Piece]:
    """A word of these ``phones``, apart from what stands around it. ``like``: what else is to be as in that piece."""
    said = written.strip() or (WITH_VOWEL if VOWEL.match(phones[0]) else WITH_CONSONANT)
    yield space(like.start)
    shown = "" if written.strip() else " ".join(phones)
    yield Piece(said, like.start, like.end, like.direction, phones, is_exact=said == written, shown=shown)
    yield space(like.end)


def _in_brackets(whole: Piece, inventory: PhoneInventory) -> Iterator[Piece]:
    if whole.phones:
        yield whole
        return
    done = 0
    for match in BRACKETS.finditer(whole.text):
        phones = tuple(match[1].split())
        if phones:
            check_phones(phones, inventory, f"[[{' '.join(phones)}]]")
            yield whole.part(done, match.start())
            yield from given("", phones, whole.part(match.start(), match.end()))
            done = match.end()
    yield whole.part(done, len(whole.text))


def _looked_up(whole: Piece, lexicon: UserLexicon) -> Iterator[Piece]:
    if whole.phones:
        yield whole
        return
    done = 0
    for match in lexicon.pattern.finditer(whole.text):
        entry = lexicon.find(" ".join(match["entry"].split()))
        part = whole.part(match.start(), match.end())
        yield whole.part(done, match.start())
        if entry.phones:
            phones = entry.phones + (_possessive(entry.phones) if match["possessive"] else ())
            yield from given(part.text, phones, part)
        else:
            said = entry.said + (match["possessive"] or "")
            yield Piece(said, part.start, part.end, whole.direction, is_exact=False, shown=part.text)
        done = match.end()
    yield whole.part(done, len(whole.text))


def _possessive(phones: Sequence[str]) -> Phones:
    """The ending 's behind these phones, in ARPAbet or IPA."""
    is_arpabet = bool(re.match(r"[A-Z]", phones[-1]))
    if SIBILANT.match(phones[-1]):
        return ("IH0", "Z") if is_arpabet else ("ɪ", "z")
    if VOICELESS.match(phones[-1]):
        return ("S",) if is_arpabet else ("s",)
    return ("Z",) if is_arpabet else ("z",)
