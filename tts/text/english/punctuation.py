"""Marks between words, and the pauses that they are heard as."""

import re
from dataclasses import replace

from tts.text.english.token import Token
from tts.text.sentences import Pause

STOP = re.compile(r"([.?!]+)[\"')\]*_]*")
DASH = re.compile(r"\s?(?:—+|–|--+)\s?|-(?=\s)")
# Of the marks that stand in one place, the strongest is heard.
STRENGTH = (
    Pause.NONE,
    Pause.COMMA,
    Pause.SEMICOLON,
    Pause.DASH,
    Pause.ELLIPSIS,
    Pause.FULL_STOP,
    Pause.EXCLAMATION,
    Pause.QUESTION,
)
MARKS = {
    ",": Pause.COMMA, ";": Pause.SEMICOLON, ":": Pause.SEMICOLON, "—": Pause.DASH, "–": Pause.DASH,
    **dict.fromkeys("()[]{}|•·", Pause.COMMA),
}  # fmt: skip


def end_paragraph(sentence: list[Token]) -> list[Token]:
    """The pause of a paragraph is the longest, but a question stays one."""
    last = sentence[-1]
    if last.pause in (Pause.QUESTION, Pause.EXCLAMATION):
        return sentence
    return [*sentence[:-1], replace(last, pause=Pause.PARAGRAPH)]
