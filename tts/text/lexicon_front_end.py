"""Text to phones for any language, from a lexicon alone: what it does not list is left out and reported."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from tts.text.lexicon import Lexicon
from tts.text.marks import find_marks, strongest
from tts.text.passages import passages
from tts.text.sentences import FrontEnd, NothingToSayError, Pause, Phones, Sentence, Unread, Word

WORD = re.compile(r"(?:[^\W_]\S*[^\W_]|[^\W_])")  # from the first to the last letter or digit between spaces
PART = re.compile(r"[^\W_]+")
ENDS = frozenset({Pause.FULL_STOP, Pause.QUESTION, Pause.EXCLAMATION, Pause.PARAGRAPH})

Piece = tuple[str, int, int]  # text, and where it begins and ends


class LexiconFrontEnd(FrontEnd):
    """A voice of any phone set: digits and unknown words have no reading."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def prepare(self) -> None:
        pass

    def vocabulary(self) -> Mapping[str, Phones]:
        return {word: tuple(listed[0].split()) for word, listed in self._lexicon.items()}

    def sentences(self, text: str) -> Iterator[Sentence]:
        start, silent = 0, True
        for passage in passages(text):
            for sentence in self._read(passage, start):
                yield sentence
                silent = silent and not sentence.words
            start += len(passage)
        if silent:
            raise NothingToSayError(text)

    def _read(self, passage: str, start: int) -> Iterator[Sentence]:
        marks = list(find_marks(passage))
        pieces = list(self._pieces(passage))
        words, unread = list[Word](), list[Unread]()
        for (written, first, last), (_, following, _) in pairwise([*pieces, ("", len(passage), 0)]):
            pause = strongest(kind for at, kind in marks if last <= at < following)
            if listed := self._lexicon.get(written.lower()):
                phones = tuple(listed[0].split())
                words.append(Word(written.lower(), phones, pause, start + first, start + last, written=written))
            else:
                unread.append(Unread(written, start + first, start + last))
            if pause in ENDS:
                yield Sentence(tuple(words), tuple(unread))
                words, unread = [], []
        if words or unread:
            yield Sentence(tuple(words), tuple(unread))

    def _pieces(self, passage: str) -> Iterator[Piece]:
        """Words as they stand between spaces where they are listed, else what marks and hyphens leave of them."""
        for match in WORD.finditer(passage):
            if match[0].lower() in self._lexicon:
                yield match[0], match.start(), match.end()
            else:
                for part in PART.finditer(match[0]):
                    yield part[0], match.start() + part.start(), match.start() + part.end()
