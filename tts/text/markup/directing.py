"""What markup wants, laid upon the sentences that a front end read."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tts.text.markup.document import Document, Piece, names_of
from tts.text.sentences import UNDIRECTED, Pause, Sentence, Unread, Word

BEHIND = re.compile(r"[^\s\w$€£¥#@(\[{]*(?=\s|$)|")  # punctuation up to a space
ENDS = {".": Pause.FULL_STOP, "?": Pause.QUESTION, "!": Pause.EXCLAMATION, "…": Pause.ELLIPSIS}


class Director:
    """Of one document. Words come in with their offsets in ``document.text``, and go out with those in the source."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._given = [(at, piece) for at, piece in document.placed() if piece.phones]
        self._given_starts = [at for at, _ in self._given]
        self._places = [(at, piece) for at, piece in document.placed() if not piece.text or piece.pause]
        self._next_place = 0

    def give(self, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
        """With the phones that the text gives in place of those that a front end found."""
        for sentence in sentences:
            yield replace(sentence, words=tuple(self._with_given_phones(sentence.words)))

    def direct(self, sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, bool]]:
        """Those that have words, and whether each is the last; each when the one after it is known."""
        opening, before = True, None
        unread: tuple[Unread, ...] = ()
        for sentence in sentences:
            unread += sentence.unread
            if not sentence.words:
                continue
            if before is not None:
                yield self._directed(before, sentence.words[0].start, opening), False
                opening = False
            before, unread = replace(sentence, unread=unread), ()
        if before is not None:
            before = replace(before, unread=before.unread + unread)
            yield self._directed(before, len(self.document.text), opening), True

    def _directed(self, sentence: Sentence, following: int, opening: bool) -> Sentence:
        """``following``: where the next sentence begins."""
        words = sentence.words
        starts = [*(word.start for word in words[1:]), following]
        lead = self._places_until(words[0].start) if opening else ()
        directed = [self._word(word, after) for word, after in zip(words, starts, strict=True)]
        if lead:
            direction = replace(
                directed[0].direction, lead_s=sum(p.pause_s or 0.0 for p in lead), marks_before=names_of(lead)
            )
            directed[0] = replace(directed[0], direction=direction)
        gap = self.document.text[words[-1].end : following]
        unread = tuple(Unread(entry.text, *self.document.source(entry.start, entry.end)) for entry in sentence.unread)
        return replace(sentence, words=tuple(directed), unread=unread, ends_paragraph=_has_blank_line(gap))

    def _word(self, word: Word, after: int) -> Word:
        """``after``: where the next word begins."""
        piece = self.document.at(word.start)
        written = piece.shown or self.document.text[word.start : word.end]
        written += _behind(self.document.text, word.end)
        behind = self._places_until(after)
        pauses_s = [piece.pause_s for piece in behind if piece.pause_s is not None]
        direction = piece.direction
        if behind or direction is not UNDIRECTED:
            direction = replace(direction, pause_s=sum(pauses_s) if pauses_s else None, marks_behind=names_of(behind))
        start, end = self.document.source(word.start, word.end)
        pause = self._pause(word, after, behind)
        return replace(word, start=start, end=end, written=written, direction=direction, pause=pause)

    def _pause(self, word: Word, after: int, behind: Sequence[Piece]) -> Pause:
        asked = [piece.pause for piece in behind if piece.pause]
        if asked and (word.pause in (Pause.NONE, Pause.PARAGRAPH) or asked[-1] is Pause.NONE):
            return asked[-1]
        if word.pause is Pause.PARAGRAPH:  # what ends the sentence is heard in it
            gap = self.document.text[word.end : after]
            return next((ENDS[character] for character in gap if character in ENDS), word.pause)
        return word.pause

    def _places_until(self, offset: int) -> tuple[Piece, ...]:
        """Those before the word that begins at ``offset`` which no earlier word had."""
        first = self._next_place
        while self._next_place < len(self._places) and self._places[self._next_place][0] <= offset:
            self._next_place += 1
        return tuple(piece for _, piece in self._places[first : self._next_place])

    def _with_given_phones(self, words: Sequence[Word]) -> Iterator[Word]:
        """One word in place of all those that stand where phones are given."""
        open_piece: Piece | None = None
        held: Word | None = None
        for word in words:
            piece = self._given_at(word)
            if held and piece is not open_piece:
                yield held
                held = None
            if piece is None:
                yield word
            elif held is None:
                text = piece.text.strip() if piece.is_exact else " ".join(piece.phones)
                held = replace(word, text=text, phones=piece.phones, kind="phones", origin="given")
            else:
                held = replace(held, end=word.end, pause=word.pause)
            open_piece = piece
        if held:
            yield held

    def _given_at(self, word: Word) -> Piece | None:
        """The piece with phones that the word lies in."""
        index = bisect_left(self._given_starts, word.start + 1) - 1
        if index < 0:
            return None
        at, piece = self._given[index]
        return piece if at <= word.start and word.end <= at + len(piece.text) else None


def _has_blank_line(gap: str) -> bool:
    return gap.count("\n") > 1


def _behind(text: str, offset: int) -> str:
    """The punctuation there, up to a space."""
    match = BEHIND.match(text, offset)
    return match[0] if match else ""
