"""What a front end makes of text: sentences of words of phones."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, repeat

from tts.errors import InputError

MAX_PHONES = 200  # of one sentence, about 15 s: longer ones are rarer than that in the corpora voices learn from
FIRST_PHONES = 120  # of the first, about 9 s: nothing is heard before all of it has been through the acoustic model


Phones = tuple[str, ...]


class Pause(StrEnum):
    """What divides or ends a phrase behind a word."""

    NONE = "none"
    COMMA = "comma"
    SEMICOLON = "semicolon"  # or a colon
    DASH = "dash"
    ELLIPSIS = "ellipsis"
    FULL_STOP = "full stop"
    QUESTION = "question"
    EXCLAMATION = "exclamation"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Direction:
    """How markup asks for a word to be spoken."""

    rate: float = 1.0  # factor
    pitch: float = 0.0  # semitones
    volume: float = 0.0  # dB
    lead_s: float = 0.0  # s of silence before it, at the beginning of the text
    pause_s: float | None = None  # s of the pause behind it; None: as it comes
    marks_before: tuple[str, ...] = ()  # names whose times are asked for
    marks_behind: tuple[str, ...] = ()


UNDIRECTED = Direction()


@dataclass(frozen=True)
class Word:
    text: str  # as spoken: "$3" is the two words "three", "dollars"
    phones: Phones
    pause: Pause = Pause.NONE  # what follows the word
    start: int = 0  # of what it was written as, in the text that was given: "$3" for both of its words
    end: int = 0
    kind: str = "word"  # semiotic class: word, cardinal, money, date, letters, ...
    origin: str = "lexicon"  # where its phones come from: lexicon, homograph, guess, spelled, given, ...
    written: str = ""  # what was written there, with the punctuation behind it
    direction: Direction = UNDIRECTED


@dataclass(frozen=True)
class Unread:
    """A stretch of the text that has no reading and is left out."""

    text: str
    start: int = 0  # offsets in the text that was given
    end: int = 0


@dataclass(frozen=True)
class Sentence:
    words: tuple[Word, ...]  # none where all of it is unread
    unread: tuple[Unread, ...] = ()
    ends_paragraph: bool = False

    @property
    def joint(self) -> Pause:
        """What stands between it and the next one."""
        return Pause.PARAGRAPH if self.ends_paragraph else self.end

    @property
    def end(self) -> Pause:
        """What ends it."""
        return self.words[-1].pause if self.words else Pause.NONE


class NothingToSayError(InputError):
    """Text without words."""

    def __init__(self, text: str) -> None:
        super().__init__(f"text {text[:40]!r}", "holds no word to speak")


class FrontEnd(ABC):
    """Text to sentences. Safe to call from several threads."""

    @abstractmethod
    def prepare(self) -> None:
        """Do now what the first text would otherwise wait for."""

    @abstractmethod
    def vocabulary(self) -> Mapping[str, Phones]:
        """The words known by heart, in lower case, each as it is spoken when nothing is known of its context."""

    @abstractmethod
    def sentences(self, text: str) -> Iterator[Sentence]:
        """Each sentence is read when it is asked for, however long the text.

        What has no reading is left out and listed in ``Sentence.unread``. Iterating raises ``NothingToSayError`` where
        there is no word at all, and ``InputError``.
        """

    def __call__(self, text: str) -> list[Sentence]:
        """All sentences. Raises ``InputError`` naming the word that cannot be pronounced, or if there is none."""
        return list(self.sentences(text))


def part_limits(*, opening: bool = True) -> Iterator[int]:
    """Phones of each part of a text, in order; unless ``opening``, of one that goes on."""
    return chain([FIRST_PHONES] if opening else [], repeat(MAX_PHONES))


def split_long(sentence: Sentence, limits: Iterator[int]) -> Iterator[Sentence]:
    """Parts of at most so many phones each, cut at the last pause that fits, else between two words.

    A single word above its limit stays whole.
    """
    words, unread = sentence.words, sentence.unread
    while words:
        n_words = _fitting(words, next(limits))
        if n_words < len(words):
            pauses = [index + 1 for index in range(n_words) if words[index].pause is not Pause.NONE]
            n_words = pauses[-1] if pauses else n_words
        ends_paragraph = sentence.ends_paragraph and n_words == len(words)
        yield replace(sentence, words=words[:n_words], unread=unread, ends_paragraph=ends_paragraph)
        words, unread = words[n_words:], ()


def _fitting(words: tuple[Word, ...], limit: int) -> int:
    """How many words, at least one, fit into ``limit`` phones."""
    n_phones = 0
    for index, word in enumerate(words):
        n_phones += len(word.phones)
        if n_phones > limit and index:
            return index
    return len(words)
