"""Where words were written, for front ends that do not say so: each is looked for in the text, in order."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tts.text.sentences import Word


def located(words: Sequence[Word], text: str, start: int) -> list[Word]:
    """``words`` with their offsets in ``text``, looked for from ``start`` on.

    What is not written as it is spoken, as a number, has the stretch between the words around it.
    """
    found: list[tuple[int, int] | None] = []
    reached, n_missing = start, 0
    for word in words:
        pattern = re.compile(rf"(?<!\w){re.escape(word.text)}(?!\w)", re.IGNORECASE)
        match = pattern.search(text, reached, _ahead(text, reached, n_missing + 1))
        found.append(match.span() if match else None)
        reached, n_missing = (match.end(), 0) if match else (reached, n_missing + 1)
    placed: list[Word] = []
    for index, (word, span) in enumerate(zip(words, found, strict=True)):
        if span is None:
            before = placed[-1].end if placed and found[index - 1] else placed[-1].start if placed else start
            after = next((other[0] for other in found[index:] if other), None)
            span = _stretch(text, before, after)
        placed.append(replace(word, start=span[0], end=span[1]))
    return placed


def _ahead(text: str, start: int, n_chunks: int) -> int:
    """Where so many stretches between spaces end that hold something besides punctuation."""
    chunks = re.compile(rf"(?:\W*\w\S*){{1,{n_chunks}}}").match(text, start)
    return chunks.end() if chunks else len(text)


def _stretch(text: str, before: int, after: int | None) -> tuple[int, int]:
    """What is written between two places, or up to a space, without space and punctuation around it."""
    between = text[before:after] if after is not None else (re.match(r"\W*\S*", text[before:]) or [""])[0]
    inner = re.search(r"\w(?:.*\w)?", between, re.DOTALL)
    return (before + inner.start(), before + inner.end()) if inner else (before, before)
