"""Punctuation as a model hears it: each kind of pause is a token among the phones.

A model trained before there were such tokens, or on a corpus without some of them, reads the nearest that it knows.
"""

import re
from collections.abc import Container, Iterator

from tts.text.inventory import PAUSE
from tts.text.sentences import Pause

MARKS = {
    Pause.COMMA: ",",
    Pause.SEMICOLON: ";",
    Pause.DASH: "—",
    Pause.ELLIPSIS: "…",
    Pause.FULL_STOP: ".",
    Pause.QUESTION: "?",
    Pause.EXCLAMATION: "!",
    Pause.PARAGRAPH: "¶",
}
KINDS = {  # of the marks that are written with one character
    ",": Pause.COMMA,
    ";": Pause.SEMICOLON,
    ":": Pause.SEMICOLON,
    ".": Pause.FULL_STOP,
    "?": Pause.QUESTION,
    "!": Pause.EXCLAMATION,
}
PAUSES = frozenset({PAUSE, *MARKS.values()})  # all labels of the phone inventory that are not a sound
NEAREST = {
    Pause.SEMICOLON: Pause.COMMA,
    Pause.DASH: Pause.COMMA,
    Pause.ELLIPSIS: Pause.COMMA,
    Pause.QUESTION: Pause.FULL_STOP,
    Pause.EXCLAMATION: Pause.FULL_STOP,
    Pause.PARAGRAPH: Pause.FULL_STOP,
}
STRENGTHS = {pause: strength for strength, pause in enumerate(Pause)}  # Pause lists the weakest first

PUNCTUATION = re.compile(
    r"(?P<ellipsis>\.(?:\s?\.)+|…)"
    r"|(?P<dash>--+|[—―]|(?<=\s)[-–](?=\s))"
    r"|(?P<paragraph>\n\s*\n)"
    r"|(?P<mark>[,;:.?!]+)(?=[\"'”’»)\]]*(?:\s|$))"
)
ABBREVIATION = re.compile(r"\b(?:[^\W\d_]|Mr|Mrs|Ms|Messrs|Dr|St|Capt|Col|Gen|Lt|Sgt|Maj|Rev|Hon|Prof|No|vs)$")


def mark_for(pause: Pause, known: Container[str]) -> str:
    """The token of ``pause`` if it is ``known``, else that of the nearest kind, else ``PAUSE``."""
    kind: Pause | None = pause
    while kind is not None:
        if MARKS.get(kind) in known:
            return MARKS[kind]
        kind = NEAREST.get(kind)
    return PAUSE


def strongest(pauses: Iterator[Pause]) -> Pause:
    """What is heard where several marks meet."""
    return max(pauses, key=STRENGTHS.__getitem__, default=Pause.NONE)


def find_marks(text: str) -> Iterator[tuple[int, Pause]]:
    """Where each mark stands in ``text`` and what it is, for languages of which no more is known."""
    for match in PUNCTUATION.finditer(text):
        kind = _kind(match)
        is_dot = kind is Pause.FULL_STOP and text[match.end() :].strip() and ABBREVIATION.search(text, 0, match.start())
        if not is_dot:
            yield match.start(), kind


def _kind(match: re.Match[str]) -> Pause:
    if match["mark"] is None:
        return Pause[str(match.lastgroup).upper()]
    found = {KINDS[character] for character in match["mark"]}
    return Pause.QUESTION if Pause.QUESTION in found else strongest(iter(found))
