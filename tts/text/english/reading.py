"""English text into sentences of tokens: what is said, in words, and where a pause falls."""

import re
from collections.abc import Iterator

from tts.text.english.token import Token
from tts.text.sentences import Pause

PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[\w]+|[.?!]+")
ENDS = {".": Pause.FULL_STOP, "?": Pause.QUESTION, "!": Pause.EXCLAMATION}


def read(text: str, language: str = "en-us") -> Iterator[list[Token]]:
    """The sentences of ``text``, each read when it is asked for.

    A stretch that has no reading is a token of the kind "unread", without words. ``language`` decides what differs
    between places, such as the order of day and month.
    """
    sentence: list[Token] = []
    for match in PIECE.finditer(text):
        piece = match[0]
        if piece[0] in ENDS:
            if sentence:
                last = sentence[-1]
                sentence[-1] = Token(last.start, last.end, last.kind, last.words, ENDS[piece[0]])
                yield sentence
            sentence = []
        elif piece.replace("'", "").isalpha():
            sentence.append(Token(match.start(), match.end(), "word", (piece.lower(),)))
        else:
            sentence.append(Token(match.start(), match.end(), "unread", ()))
    if sentence:
        yield sentence
