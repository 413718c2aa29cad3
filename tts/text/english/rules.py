"""What a rule of reading is: a pattern of what is written, and what is said for it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from tts.text.english.token import Token
from tts.text.sentences import Pause

Known = Callable[[str], bool]  # whether the lexicon lists a word, in lower case
LONGEST_CONTEXT = 40  # characters that decide how something near them is read


@dataclass
class Place:
    """Where the reader stands."""

    text: str  # in plain letters
    language: str
    known: Known
    tokens: list[Token] = field(default_factory=list)  # of the sentence, so far

    def word_before(self) -> str:
        """The last word, in lower case; empty when a pause divides it from what follows."""
        if not self.tokens or self.tokens[-1].pause is not Pause.NONE or not self.tokens[-1].words:
            return ""
        return self.tokens[-1].words[-1].lower()

    def written_before(self) -> str:
        """The last token as it is written, behind whatever pause."""
        return self.text[self.tokens[-1].start : self.tokens[-1].end] if self.tokens else ""

    def line_around(self, start: int, end: int) -> str:
        """What stands near on the same line."""
        before = self.text[max(0, start - LONGEST_CONTEXT) : start].rpartition("\n")[2]
        return before + self.text[start : end + LONGEST_CONTEXT].partition("\n")[0]


Spoken = (
    str | list[Token] | None
)  # words between spaces; letters to be spelled are capitals; None: the rule is not meant


@dataclass(frozen=True)
class Rule:
    kind: str  # semiotic class of its tokens
    first: str  # characters it may begin with, as in a regular expression's brackets
    source: str  # of the pattern
    say: Callable[[re.Match[str], Place], Spoken]
    flags: int = 0

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first needed: all of them together take a third of a second."""
        return re.compile(self.source, self.flags)


def rule(kind: str, first: str, pattern: str, say: Callable[[re.Match[str], Place], Spoken], flags: int = 0) -> Rule:
    return Rule(kind, first, pattern, say, flags)


def letters(text: str) -> str:
    """IBM -> "I B M"."""
    return " ".join(text.upper())


def either(names: Iterable[str]) -> str:
    """A pattern for any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# A number, as a part of patterns: 12, 1,234, 1,234.5, 0.05, .5
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
ALNUM = r"[^\W_]"
END = rf"(?!{ALNUM})"  # no letter or digit follows
