"""Long text in passages, so that speaking begins before all of it has been read."""

import re
from collections.abc import Iterator

LONGEST = 400  # characters; a sentence of that length is spoken in parts anyway
LONGEST_ABBREVIATION = 5  # letters of one that a name may follow, as in "Capt. Smith"

MARKS = tuple("-–—*+#>|&=~")  # that would mean something else at the beginning of a text
FULL_STOP = re.compile(r"(?P<word>\w+)[.!?]+[\"'”’»)\]]*\s+|\n\s*\n")
BLANK_LINE = re.compile(r"\n\s*\n")
# Where a passage that is too long is cut: behind a full stop of any kind, else a comma, else between words.
CUTS = tuple(map(re.compile, (r"[.!?]\S*\s", r"[,;:—–]\s", r"\s")))


def passages(text: str) -> Iterator[str]:
    """Parts that give ``text`` when joined. Each ends where a paragraph or certainly a sentence does, or is long."""
    start = 0
    while (end := _end_of_passage(text, start, LONGEST, whole=True)) is not None:
        yield text[start:end]
        start = end


class PassageReader:
    """The passages of a text that comes in fragments, broken anywhere: each as soon as it is certain to be one."""

    def __init__(self, longest: int = LONGEST) -> None:
        """``longest``: characters of a passage, as the front end has it."""
        self.rest = ""  # what has no end yet
        self._longest = longest

    def feed(self, fragment: str) -> list[str]:
        """Those that ``fragment`` completes."""
        return self._read(fragment, whole=False)

    def finish(self) -> list[str]:
        """What is left: the text ends here."""
        return self._read("", whole=True)

    def _read(self, fragment: str, *, whole: bool) -> list[str]:
        text, start, found = self.rest + fragment, 0, []
        while (end := _end_of_passage(text, start, self._longest, whole=whole)) is not None:
            found.append(text[start:end])
            start = end
        self.rest = text[start:]
        return found


def _end_of_passage(text: str, start: int, longest: int, *, whole: bool) -> int | None:
    """``None`` at the end of ``text``, and where more of it, unless it is ``whole``, could put the end elsewhere."""
    limit = start + longest
    for stop in FULL_STOP.finditer(text, start, limit):
        if stop.end() == len(text) and not whole:
            return None  # what follows counts
        if BLANK_LINE.search(stop[0]) or _ends_sentence(stop["word"], text[stop.end() : stop.end() + 1]):
            return stop.end()
    if limit >= len(text):
        return len(text) if whole and start < len(text) else None
    for cut in CUTS:
        if ends := [match.end() for match in cut.finditer(text, start, limit)]:
            return ends[-1]
    beyond = CUTS[-1].search(text, limit)
    if beyond is None:
        return len(text) if whole else None
    return beyond.end()


def _ends_sentence(word: str, following: str) -> bool:
    """Whether a sentence certainly ends between the two; an abbreviation before a name leaves doubt."""
    is_abbreviation = len(word) <= LONGEST_ABBREVIATION and not (len(word) > 2 and word.islower())
    goes_on = following.islower() or following.isdigit() or following in MARKS  # "approx. 5 km", "the end. - Well"
    return not is_abbreviation and word[-1].islower() and not goes_on
