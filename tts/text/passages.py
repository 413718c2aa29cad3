"""Long text in passages, so that speaking begins before all of it has been read."""

import re
from collections.abc import Iterator

LONGEST = 400  # characters; a sentence of that length is spoken in parts anyway
LONGEST_ABBREVIATION = 5  # letters of one that a name may follow, as in "Capt. Smith"

FULL_STOP = re.compile(r"(?P<word>\w+)[.!?]+[\"'”’»)\]]*\s+|\n\s*\n")
# Where a passage that is too long is cut: behind a full stop of any kind, else a comma, else between words.
CUTS = tuple(map(re.compile, (r"[.!?]\S*\s", r"[,;:—–]\s", r"\s")))


def passages(text: str) -> Iterator[str]:
    """Parts that give ``text`` when joined. Each ends where a paragraph or certainly a sentence does, or is long."""
    start = 0
    while start < len(text):
        end = _end_of_passage(text, start)
        yield text[start:end]
        start = end


def _end_of_passage(text: str, start: int) -> int:
    limit = start + LONGEST
    for stop in FULL_STOP.finditer(text, start, limit):
        if _ends_sentence(stop["word"], text[stop.end() : stop.end() + 1]):
            return stop.end()
    if limit >= len(text):
        return len(text)
    for cut in CUTS:
        if ends := [match.end() for match in cut.finditer(text, start, limit)]:
            return ends[-1]
    beyond = CUTS[-1].search(text, limit)
    return beyond.end() if beyond else len(text)


def _ends_sentence(word: str | None, following: str) -> bool:
    """Whether a sentence certainly ends between the two; an abbreviation before a name leaves doubt."""
    if word is None:  # a blank line
        return True
    is_abbreviation = len(word) <= LONGEST_ABBREVIATION and not (len(word) > 2 and word.islower())
    return not is_abbreviation and word[-1].islower() and not following.islower()
