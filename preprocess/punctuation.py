"""Which punctuation stands behind which word of a TextGrid, and as which tokens it stands among the phones."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from preprocess.textgrid import Interval
from tts.text.english.reading import read
from tts.text.inventory import PAUSE
from tts.text.marks import MARKS, PAUSES, find_marks, strongest
from tts.text.sentences import Pause


def pauses_behind(next_words: Sequence[int], text: str, language: str) -> list[Pause]:
    """The punctuation behind each word. ``next_words``: for each, where in ``text`` the next one begins."""
    marks = list(_read_marks(text, language) if language.startswith("en") else find_marks(text))
    pauses, first = list[Pause](), 0
    for after in next_words:
        pauses.append(strongest(pause for at, pause in marks if first <= at < after))
        first = max(first, after)
    return pauses


def _read_marks(text: str, language: str) -> Iterator[tuple[int, Pause]]:
    """As they are read when the voice speaks."""
    for sentence in read(text, language):
        yield from ((token.end, token.pause) for token in sentence)


def place_marks(
    labels: Sequence[str], ends_s: npt.NDArray[np.float64], words: Sequence[Interval], pauses: Sequence[Pause]
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Phones (P,) and where they end (P,) in s, with the marks among them.

    ``labels`` begin and end with a ``PAUSE``; ``pauses``: behind each word. A mark takes the place of the ``PAUSE``
    behind its word, or, where there is none, no time at all.
    """
    middles = (np.concatenate([[0.0], ends_s[:-1]]) + ends_s) / 2
    spoken = np.array([label not in PAUSES for label in labels])
    marks: dict[int, Pause] = {}  # by the phone before
    for word, pause in zip(words, pauses, strict=True):
        before = np.flatnonzero(spoken & (middles < word.end_s))
        if pause is not Pause.NONE and len(before):
            marks[before[-1]] = strongest(iter((marks.get(before[-1], pause), pause)))
    placed: list[str] = []
    ends: list[float] = []
    for index, (label, end_s) in enumerate(zip(labels, ends_s, strict=True)):
        mark = marks.get(index - 1) if label == PAUSE else None
        placed.append(MARKS[mark] if mark else label)
        ends.append(end_s)
        if index in marks and labels[index + 1] != PAUSE:
            placed.append(MARKS[marks[index]])
            ends.append(end_s)
    return placed, np.array(ends)
