"""What would be said of a text: a table for people, an object for programs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tts.text.sentences import Pause, Sentence, Word

COLUMNS = "{:<22} {:<13} {:<16} {:<30} {}"


def as_object(sentence: Sentence) -> dict[str, Any]:
    """Offsets count characters of the text that was given; ``spoken`` is in lower case."""
    return {
        "spoken": " ".join(word.text.lower() for word in sentence.words),
        "words": [_word_object(word) for word in sentence.words],
        "unread": [{"text": part.text, "start": part.start, "end": part.end} for part in sentence.unread],
        "end": sentence.end.value,
    }


def _word_object(word: Word) -> dict[str, Any]:
    asked = {} if word.direction.pause_s is None else {"pause_s": word.direction.pause_s}
    return {
        "text": word.text,
        "phones": list(word.phones),
        "start": word.start,
        "end": word.end,
        "class": word.kind,
        "origin": word.origin,
        "pause": word.pause.value,
        **asked,
    }


def heading() -> str:
    return COLUMNS.format("WRITTEN", "CLASS", "WORD", "PHONES", "ORIGIN")


def as_table(sentence: Sentence, text: str) -> Iterator[str]:
    """A line for each word, and one for each pause; what is written is shown once, beside its first word."""
    for (start, end), words in groupby(sentence.words, key=lambda word: (word.start, word.end)):
        written = " ".join(text[start:end].split())
        for word in words:
            yield COLUMNS.format(_cut(written), word.kind, word.text, " ".join(word.phones), word.origin).rstrip()
            written = ""
            if word.direction.pause_s is not None:
                yield f"{'':22} -- {word.direction.pause_s:g} s"
            elif word.pause is not Pause.NONE:
                yield f"{'':22} -- {word.pause.value}"
    for part in sentence.unread:
        yield COLUMNS.format(_cut(part.text), "unread", "", "", "").rstrip()


def _cut(written: str, limit: int = 22) -> str:
    return written if len(written) <= limit else f"{written[: limit - 3]}..."
