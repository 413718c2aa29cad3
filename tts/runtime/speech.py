"""What speaking gives: audio, and when each word and phone of it is said."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tts.text.sentences import Unread

Audio = npt.NDArray[np.float32]  # (S,) in [-1, 1]


@dataclass(frozen=True)
class Span:
    label: str  # a word as spoken, or a phone
    start_s: float  # from the beginning of the text
    end_s: float


@dataclass(frozen=True)
class WordSpan(Span):
    """A word, and what it was written as in the text that was given: "$3" for "three" and for "dollars"."""

    start: int = 0  # offsets in the text, markup included
    end: int = 0
    written: str = ""  # without markup, with the punctuation behind it


@dataclass(frozen=True)
class Mark:
    """A place that markup names."""

    name: str
    time_s: float  # from the beginning of the text


@dataclass(frozen=True)
class Speech:
    audio: Audio
    sample_rate: int  # Hz
    words: tuple[WordSpan, ...]
    phones: tuple[Span, ...]  # pauses included: they cover the audio from end to end
    marks: tuple[Mark, ...] = ()
    unread: tuple[Unread, ...] = ()  # what had no reading and was left out

    def timeline(self) -> "Timeline":
        timeline = Timeline()
        timeline.add(self)
        return timeline


class AudioChunk(Speech):
    """A part of a stream. The first of a sentence has all its words, phones and marks, the others none."""


@dataclass
class Timeline:
    """The words, phones and marks of a stream's parts, gathered."""

    words: list[WordSpan] = field(default_factory=list)
    phones: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    duration_s: float = 0.0

    def add(self, part: Speech) -> None:
        self.words += part.words
        self.phones += part.phones
        self.marks += part.marks
        self.unread += part.unread
        self.duration_s += len(part.audio) / part.sample_rate
