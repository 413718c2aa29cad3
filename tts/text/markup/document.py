"""Text with markup, taken apart: what a front end reads, and what markup wants of which part of it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from tts.text.sentences import UNDIRECTED, Direction, Pause, Phones

TOUCHING = re.compile(r"[\w'’]")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text to read; without text, a place between two words."""

    text: str
    start: int  # offsets of what it was written as, in the source
    end: int
    direction: Direction = UNDIRECTED  # of its words
    phones: Phones = ()  # given: they are said, whatever a front end makes of the text
    pause: Pause | None = None  # what is heard here instead of what a front end finds
    pause_s: float | None = None  # a pause of this length
    mark: str = ""  # a name whose time is asked for
    shown: str = ""  # instead of the text, in subtitles
    is_space: bool = False  # needed only where words would touch
    is_exact: bool = True  # letter by letter as in the source, where it has the same length

    def part(self, first: int, after: int) -> "Piece":
        """From one offset in its text to another."""
        if not self.is_exact or len(self.text) != self.end - self.start:
            return replace(self, text=self.text[first:after], is_exact=False)
        return replace(self, text=self.text[first:after], start=self.start + first, end=self.start + after)


@dataclass(frozen=True)
class Document:
    """Joined, the pieces are ``text``."""

    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(piece.text) for piece in self.pieces), initial=0))[:-1]

    def at(self, offset: int) -> Piece:
        """The piece that holds the character of ``text`` there."""
        return self.pieces[bisect_right(self._starts, offset) - 1]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where in the source a stretch of ``text`` was written."""
        return self._source(start)[0], self._source(max(start, end - 1))[1]

    def placed(self) -> Iterator[tuple[int, Piece]]:
        """Every piece with its offset in ``text``."""
        return zip(self._starts, self.pieces, strict=True)

    def _source(self, offset: int) -> tuple[int, int]:
        """Of one character."""
        index = max(0, bisect_right(self._starts, offset) - 1)
        piece = self.pieces[index]
        if not piece.is_exact or len(piece.text) != piece.end - piece.start:
            return piece.start, piece.end
        place = min(piece.start + offset - self._starts[index], piece.end)
        return place, min(place + 1, piece.end)


def plain(text: str) -> Document:
    return Document((Piece(text, 0, len(text)),))


def space(at: int) -> Piece:
    """Keeps the words on both sides of a place in the source apart. ``joined`` drops it where nothing touches."""
    return Piece(" ", at, at, is_space=True)


def joined(pieces: Iterable[Piece]) -> Document:
    """Without pieces that are nothing; never without any."""
    kept = [p for p in pieces if p.text or p.pause or p.pause_s is not None or p.mark]
    texts = [piece.text for piece in kept]
    needed = list[Piece]()
    before = " "
    for index, piece in enumerate(kept):
        after = next((text[0] for text in texts[index + 1 :] if text), " ") if _is_space(piece) else ""
        if not _is_space(piece) or (TOUCHING.match(before) and TOUCHING.match(after)):
            needed.append(piece)
            before = piece.text[-1:] or before
    return Document(tuple(needed) or (Piece("", 0, 0),))


def _is_space(piece: Piece) -> bool:
    return piece.text == " " and piece.is_space


def combined(outer: Direction, inner: Direction) -> Direction:
    """What is asked for inside of what is asked for."""
    return replace(
        inner, rate=outer.rate * inner.rate, pitch=outer.pitch + inner.pitch, volume=outer.volume + inner.volume
    )


def names_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(piece.mark for piece in pieces if piece.mark)
