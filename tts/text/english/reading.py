"""English text into sentences of tokens: what is said, in words, and where a pause falls."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tts.text.english.abbreviations import ends_sentence, expects_name
from tts.text.english.blocks import blocks
from tts.text.english.classes import rules_for, rules_of_data_for
from tts.text.english.folding import fold
from tts.text.english.layout import (
    BREAKING_TAG,
    CHECKED,
    COMMENT_BEGINS,
    COMMENT_ENDS,
    ENTITY,
    FENCE,
    ITEM,
    LETTERED,
    LINK,
    LONGEST_COMMENT,
    NUMBERED,
    RULED,
    TAG,
    UNSAID,
)
from tts.text.english.numerals import cardinal, spell_digits
from tts.text.english.punctuation import DASH, MARKS, STOP, STRENGTH, end_paragraph
from tts.text.english.roman import NUMERALS
from tts.text.english.rules import Known, Place
from tts.text.english.source import in_source
from tts.text.english.token import Token
from tts.text.english.tricky import TRICKY
from tts.text.sentences import Pause

LONG_LINE = 45  # characters; a line that long is cut by its width and goes on in the next one

PLAIN_WORD = re.compile(r"((?=[A-Z]?[a-z]{0,12}[aeiouy])[A-Z]?[a-z]{1,32}(?:'[a-z]{1,2})?)(?=[ ,;!?]|\n[a-z]|$)")
TRIPLE = re.compile(r"([a-z])\1\1")  # sooo
STRETCH = re.compile(r"\S*+")
LONGEST_STRETCH = 2500  # characters; addresses may be 2,000
SPACES = re.compile(r"[^\S\n]+")
LONG_RUN = re.compile(r"[^\W_]{65,}+")  # data, not words
LONG_RUN_OF_DATA = re.compile(r"[^\W_]{17,}+")  # in a stretch that is data itself
UNREAD = re.compile(r"[A-Za-z0-9]+|(?:[^\W_A-Za-z0-9]|(?<=[^\W_])[^\x00-\x7f\s])+")


def _known_to_none(_: str) -> bool:
    return False


def read(text: str, language: str = "en-us", known: Known = _known_to_none) -> Iterator[list[Token]]:
    """The sentences of ``text``, each read when it is asked for.

    A stretch that has no reading is a token of the kind "unread", without words. ``language`` decides what differs
    between places, such as the order of day and month; ``known`` says whether the lexicon has a word.
    """
    done = 0
    for start, end, ends_paragraph in blocks(text):
        block = fold(text[start:end])
        for sentence in _Block(block.text, language, known).sentences(ends_paragraph):
            tokens = in_source(sentence, block, text, start, done)
            done = tokens[-1].end
            yield tokens


class _Block:
    """One paragraph."""

    def __init__(self, text: str, language: str, known: Known) -> None:
        self.text = text
        self.place = Place(text, language, known)
        self.position = 0
        self.finished: list[list[Token]] = []
        self.unsaid: int | None = None  # where a stretch began that only the next token can cover
        self.is_data, self.data_known_to = False, 0
        self.item = False  # whether the line is one of a list or a heading

    def sentences(self, ends_paragraph: bool) -> Iterator[list[Token]]:
        waiting: list[Token] | None = None
        while self.position < len(self.text):
            self._step()
            for sentence in self.finished:
                if waiting:
                    yield waiting
                waiting = sentence
            self.finished.clear()
        waiting = self._cover_rest(waiting)
        self._close()
        for sentence in self.finished:
            if waiting:
                yield waiting
            waiting = sentence
        if waiting:
            yield end_paragraph(waiting) if ends_paragraph else waiting

    def _step(self) -> None:
        position = self.position
        if (position == 0 or self.text[position - 1] == "\n") and self._begin_line():
            return
        char = self.text[position]
        if char.isalnum() and self._in_data() and (long := LONG_RUN_OF_DATA.match(self.text, position)):
            self._add(Token(position, long.end(), *_data(long[0])))
        elif (
            char.isalpha()
            and (plain := PLAIN_WORD.match(self.text, position))
            and plain[1].lower() not in TRICKY
            and not TRIPLE.search(plain[1])
        ):
            self._add(Token(position, plain.end(), "word", (plain[1].lower(),)))
        elif char == "\n":
            self._break_line()
        elif spaces := SPACES.match(self.text, position):
            self.position = spaces.end()
        elif long := LONG_RUN.match(self.text, position):
            self._add(Token(position, long.end(), *_data(long[0])))
        elif not self._skip_markup(char) and not self._say():
            self._mark(char)

    def _say(self) -> bool:
        """By the first rule that is meant."""
        char = self.text[self.position]
        for rule in rules_of_data_for(char) if self._in_data() else rules_for(char):
            match = rule.pattern.match(self.text, self.position)
            spoken = rule.say(match, self.place) if match and match.end() > match.start() else None
            if match and spoken:
                if isinstance(spoken, str):
                    spoken = [Token(match.start(), match.end(), rule.kind, tuple(spoken.split()))]
                for token in spoken:
                    self._add(token)
                self.position = match.end()
                self._end_behind_abbreviation(match[0])
                return True
        return False

    def _in_data(self) -> bool:
        """Whether this is within a stretch without a space that is too long for anything people write."""
        if self.position >= self.data_known_to:
            end = STRETCH.match(self.text, self.position).end()  # type: ignore[union-attr]
            self.is_data, self.data_known_to = end - self.position > LONGEST_STRETCH, max(end, self.position + 1)
        return self.is_data

    def _add(self, token: Token) -> None:
        if self.unsaid is not None:
            token = replace(token, start=self.unsaid)
            self.unsaid = None
        self.place.tokens.append(token)
        self.position = token.end

    def _end_behind_abbreviation(self, written: str) -> None:
        if written[-1] == "." and not expects_name(written) and ends_sentence(self.text, self.position):
            self._pause(Pause.FULL_STOP)
            self._close()

    def _pause(self, pause: Pause) -> None:
        tokens = self.place.tokens
        if tokens and STRENGTH.index(pause) > STRENGTH.index(tokens[-1].pause):
            tokens[-1] = replace(tokens[-1], pause=pause)

    def _close(self) -> None:
        if self.place.tokens:
            self.finished.append(self.place.tokens)
        self.place.tokens = []

    def _silent(self, end: int) -> None:
        """What is not said, such as the address of a link, is covered by the token before it, else by the next one."""
        if re.search(r"[^\W_]", self.text[self.position : end]):
            if self.place.tokens:
                self.place.tokens[-1] = replace(self.place.tokens[-1], end=end)
            elif self.unsaid is None:
                self.unsaid = self.position
        self.position = end

    def _cover_rest(self, waiting: list[Token] | None) -> list[Token] | None:
        """What nothing follows belongs to the sentence before it; where there is none, it is unread."""
        end = len(self.text.rstrip())
        if self.unsaid is None:
            return waiting
        if waiting:
            return [*waiting[:-1], replace(waiting[-1], end=end)]
        self.place.tokens.append(Token(self.unsaid, end, "unread", ()))
        return None

    def _begin_line(self) -> bool:
        """Bullets, headings and the like; whether something was read."""
        self.item = ITEM.match(self.text, self.position) is not None
        for pattern in (FENCE, RULED):
            if match := pattern.match(self.text, self.position):
                self._silent(match.end())
                return True
        if match := UNSAID.match(self.text, self.position):
            self.position = match.end()
            if checked := CHECKED.match(self.text, self.position):
                self._add(Token(*checked.span(1), "list", ("checked",)))
                return True
            if not (NUMBERED.match(self.text, self.position) or LETTERED.match(self.text, self.position)):
                return True
        for pattern in (NUMBERED, LETTERED):
            if match := pattern.match(self.text, self.position):
                if self.place.tokens:
                    return False
                group = match.lastindex or 1
                self._add(Token(*match.span(group), "list", _counted(match[group]), Pause.COMMA))
                self.position = match.end()
                return True
        return False

    def _break_line(self) -> None:
        """A line that is cut by its width goes on; others end something."""
        end = self.position
        start = self.text.rfind("\n", 0, end) + 1
        self.position = end + 1
        line, following = self.text[start:end].strip(), self.text[end + 1 : end + 200].lstrip()
        if not self.place.tokens or not following:
            return
        if (
            self.item
            or ITEM.match(self.text, end + 1)
            or RULED.match(self.text, end + 1)
            or FENCE.match(self.text, end + 1)
        ):
            if self.item and following[0].islower() and self.text[end + 1].isspace():
                return
            self._pause(Pause.FULL_STOP)
            self._close()
        elif len(line) < LONG_LINE:
            if following[0].islower() or self.place.tokens[-1].pause not in (Pause.NONE, Pause.FULL_STOP):
                self._pause(Pause.COMMA)
            else:
                self._pause(Pause.FULL_STOP)
                self._close()

    def _skip_markup(self, char: str) -> bool:
        """Marks of Markdown and HTML, which show how text looks or where links lead."""
        if char == "]" and (match := LINK.match(self.text, self.position)):
            self._silent(match.end())
        elif char == "<" and (match := TAG.match(self.text, self.position)):
            self._silent(match.end())
            if BREAKING_TAG.match(match[0]):
                self._pause(Pause.FULL_STOP)
                self._close()
        elif char in "<-" and (match := self._comment_mark()):
            self.position = match.end()
            self._pause(Pause.COMMA)
        elif char == "&" and (match := ENTITY.match(self.text, self.position)):
            self._silent(match.end())
        else:
            return False
        return True

    def _comment_mark(self) -> re.Match[str] | None:
        if begins := COMMENT_BEGINS.match(self.text, self.position):
            return begins
        ends = COMMENT_ENDS.match(self.text, self.position)
        within = self.text.rfind("<!--", max(0, self.position - LONGEST_COMMENT), self.position)
        return ends if within >= 0 else None

    def _mark(self, char: str) -> None:
        """Punctuation, or what nothing is known of."""
        if stop := STOP.match(self.text, self.position):
            self._stop(stop)
        elif dash := DASH.match(self.text, self.position):
            self._pause(Pause.DASH)
            self.position = dash.end()
        elif unread := UNREAD.match(self.text, self.position):
            self._add(Token(self.position, unread.end(), "unread", ()))
        else:
            if char in MARKS:
                self._pause(MARKS[char])
            self.position += 1

    def _stop(self, stop: re.Match[str]) -> None:
        """A full stop, a question or exclamation mark, or dots: the end of a sentence, unless what follows goes on."""
        marks, quoted = stop[1], any(char in "\"')" for char in stop[0])
        self.position = stop.end()
        following = self.text[stop.end() : stop.end() + 40].lstrip()[:1]
        if "?" in marks or "!" in marks:
            self._pause(Pause.QUESTION if "?" in marks else Pause.EXCLAMATION)
            goes_on = (quoted and following.islower()) or following in (",", ";")
        elif ".." in marks:
            self._pause(Pause.ELLIPSIS)
            goes_on = following.islower() or following in (",", ";") or not following
        else:
            self._pause(Pause.FULL_STOP)
            goes_on = following in (",", ";")
        if not goes_on:
            self._close()


def _counted(item: str) -> tuple[str, ...]:
    """What stands before an item of a list: 1, b, iv."""
    if item.isdigit():
        return tuple(cardinal(item).split())
    return (item.upper(),) if len(item) == 1 else (cardinal(NUMERALS[item.upper()]),)


def _data(run: str) -> tuple[str, tuple[str, ...]]:
    """Class and words of a run of letters and digits that is longer than any word or number."""
    return ("cardinal", tuple(spell_digits(run).split())) if run.isascii() and run.isdigit() else ("unread", ())
