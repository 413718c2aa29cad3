"""SSML (https://www.w3.org/TR/speech-synthesis11/), as far as it makes sense for one voice.

Documents of strangers: no document type, so no entities but XML's own; size and depth are bounded. What has no meaning
for the sound (``voice``, ``lang``, elements of other namespaces) is read as if it were not there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TypeVar
from xml.parsers import expat

from tts.errors import InputError
from tts.text.inventory import PhoneInventory
from tts.text.markup.document import Document, Piece, combined, joined, space
from tts.text.markup.given import given
from tts.text.markup.phonemes import parse_phonemes
from tts.text.markup.prosody import BREAKS, EMPHASES, prosody, seconds
from tts.text.markup.say_as import say_as
from tts.text.sentences import UNDIRECTED, Direction, Pause

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 100
TRANSPARENT = frozenset({"speak", "voice", "lang", "audio", "w", "token", "lookup", "prosody", "emphasis", "p", "s"})
SILENT = frozenset({"desc", "meta", "metadata", "lexicon"})
SHORTER = {"paragraph": "p", "sentence": "s"}  # the older names
REFERENCE = re.compile(r"&#?\w+;")
Attributes = Mapping[str, str]
Choice = TypeVar("Choice")


@dataclass
class _Element:
    name: str
    start: int  # of its content, in characters
    attributes: Attributes
    where: str
    pieces: list[Piece] = field(default_factory=list)
    direction: Direction = UNDIRECTED


class _Reader:
    """Builds the pieces of each element when it ends, and gives them to the one around it."""

    def __init__(self, text: str, language: str, inventory: PhoneInventory) -> None:
        self.text, self.language, self.inventory = text, language, inventory
        self.open = [_Element("", 0, {}, "SSML")]
        # The parser counts bytes.
        self.bytes_before = list(accumulate((len(c.encode("utf-8", "replace")) for c in text), initial=0))
        self.character_at = {place: index for index, place in enumerate(self.bytes_before)}
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def read(self) -> list[Piece]:
        try:
            self.parser.Parse(self.text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            where = _place(error.lineno, error.offset)
            raise InputError(where, f"is not well-formed ({expat.ErrorString(error.code)})", HINT) from None
        return self.open[0].pieces

    @property
    def where(self) -> str:
        return _place(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)

    @property
    def at(self) -> int:
        return self.character_at[self.parser.CurrentByteIndex]

    def _refuse_doctype(self, *_: object) -> None:
        raise InputError(self.where, "has a document type, which is not read", "leave <!DOCTYPE ...> out")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        local = SHORTER.get(local, local)
        is_ours = not namespace or namespace.endswith(("/synthesis", "/speech-synthesis"))
        if len(self.open) == 1 and local != "speak":
            raise InputError(self.where, f"begins with <{local}>", HINT)
        if len(self.open) > MAX_DEPTH:
            raise InputError(self.where, f"is nested more than {MAX_DEPTH} deep")
        if is_ours and local not in (*TRANSPARENT, *SILENT, *CONTENTS):
            raise InputError(self.where, f"<{local}> is not an element of SSML")
        element = _Element(local if is_ours else "voice", self.at, attributes, self.where)
        element.direction = combined(self.open[-1].direction, self._direction(element))
        self.open.append(element)

    def _direction(self, element: _Element) -> Direction:
        if element.name == "prosody":
            return prosody(element.attributes, element.where)
        if element.name == "emphasis":
            return _choose(EMPHASES, element, "level", "moderate")
        return UNDIRECTED

    def _characters(self, characters: str) -> None:
        element, at = self.open[-1], self.at
        reference = REFERENCE.match(self.text, at) if len(characters) == 1 else None
        end = reference.end() if reference else at + len(characters)
        shown = re.sub(r"\s", " ", characters)  # the lines of a document mean nothing
        element.pieces.append(Piece(shown, at, end, element.direction))

    def _end(self, name: str) -> None:
        element = self.open.pop()
        if element.name in SILENT:
            return
        end = self.text.find(">", self.at) + 1
        make = CONTENTS.get(element.name)
        pieces = make(self, element, end) if make else element.pieces
        if element.name in ("p", "s"):
            kind = Pause.PARAGRAPH if element.name == "p" else Pause.FULL_STOP
            start = element.pieces[0].start if element.pieces else end
            pieces = [Piece("\n\n", start, start), *pieces, Piece("\n\n", end, end, pause=kind)]
        self.open[-1].pieces += pieces

    def _break(self, element: _Element, end: int) -> list[Piece]:
        if "time" in element.attributes:
            pause_s = seconds(element.attributes["time"], element.where)
            return [space(end), Piece("", end, end, pause_s=pause_s, pause=Pause.COMMA if pause_s else Pause.NONE)]
        return [space(end), Piece("", end, end, pause=_choose(BREAKS, element, "strength", "medium"))]

    def _mark(self, element: _Element, end: int) -> list[Piece]:
        if not element.attributes.get("name"):
            raise InputError(element.where, "<mark> has no name")
        return [Piece("", end, end, mark=element.attributes["name"])]

    def _substitute(self, element: _Element, end: int) -> list[Piece]:
        if "alias" not in element.attributes:
            raise InputError(element.where, "<sub> has no alias")
        return self._instead(element, element.attributes["alias"])

    def _say_as(self, element: _Element, end: int) -> list[Piece]:
        kind = element.attributes.get("interpret-as", "")
        written = "".join(piece.text for piece in element.pieces)
        said = say_as(written, kind, element.attributes.get("format", ""), self.language, element.where)
        return element.pieces if said == written else self._instead(element, said)

    def _phoneme(self, element: _Element, end: int) -> list[Piece]:
        alphabet, written = element.attributes.get("alphabet", "ipa"), element.attributes.get("ph", "")
        phones = parse_phonemes(written, alphabet, self.inventory, element.where)
        return list(given("".join(piece.text for piece in element.pieces), phones, self._span(element)))

    def _instead(self, element: _Element, said: str) -> list[Piece]:
        """What is said in place of the content, of which marks stay."""
        marks = [piece for piece in element.pieces if piece.mark]
        written = "".join(piece.text for piece in element.pieces)
        return [replace(self._span(element), text=said, is_exact=False, shown=written), *marks]

    def _span(self, element: _Element) -> Piece:
        """An empty piece over the content."""
        start = element.pieces[0].start if element.pieces else element.start
        end = element.pieces[-1].end if element.pieces else element.start
        return Piece("", start, end, element.direction)


CONTENTS: dict[str, Callable[[_Reader, _Element, int], list[Piece]]] = {
    "break": _Reader._break,
    "mark": _Reader._mark,
    "sub": _Reader._substitute,
    "say-as": _Reader._say_as,
    "phoneme": _Reader._phoneme,
}
HINT = "write <speak>...</speak> around the text, and &amp; for &, &lt; for <"


def read_ssml(text: str, language: str, inventory: PhoneInventory) -> Document:
    """Raises ``InputError`` with line and column for what is not SSML, too large, or nested too deep."""
    if len(text) > MAX_CHARACTERS:
        raise InputError("SSML", f"is longer than {MAX_CHARACTERS:,} characters", "speak it in parts")
    return joined(_Reader(text, language, inventory).read())


def _choose(choices: Mapping[str, Choice], element: _Element, attribute: str, usual: str) -> Choice:
    chosen = element.attributes.get(attribute, usual)
    if chosen not in choices:
        raise InputError(element.where, f"{attribute} {chosen!r} is not known", f"use one of {', '.join(choices)}")
    return choices[chosen]


def _place(line: int, column: int) -> str:
    return f"SSML, line {line}, column {column + 1}"
