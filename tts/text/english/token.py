"""What the reader makes of English text: stretches of it, each with the words that are said for it."""

from dataclasses import dataclass

from tts.text.sentences import Pause


@dataclass(frozen=True)
class Token:
    """A stretch of the text, and what is said for it.

    Words are in lower case, as they are spoken. A letter that is said by its name is a capital: IBM is ("I", "B", "M").
    The tokens of a text are in its order and never overlap. Each letter and digit of the text belongs to one of them.
    """

    start: int  # offsets in the text: text[start:end] is what was written
    end: int
    kind: str  # semiotic class: "word", "cardinal", "money", "letters", ...; "unread" has no words
    words: tuple[str, ...]
    pause: Pause = Pause.NONE  # what follows its last word
