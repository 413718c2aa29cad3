"""A lexicon of one's own: words and phrases, and how to say them.

One entry a line, in one of three forms; ``#`` begins a comment line::

    gif = jiff                       say it as this would be said
    Nguyen = /W IH1 N/               phones of the voice
    Nguyen<TAB>W IH1 N               the same, as dictionaries of the Montreal Forced Aligner have it

An entry in small letters is meant however it is written, another one only as it stands here.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tts.errors import InputError, system_error
from tts.text.inventory import PhoneInventory
from tts.text.sentences import Phones

MAX_BYTES = 16 << 20
FORMS = "write 'word = how it sounds', 'word = /PHONES/', or word, tab, phones"
POSSESSIVE = r"(?P<possessive>['’]s)?"


@dataclass(frozen=True)
class Entry:
    where: str  # file and line
    written: str  # a word or a phrase
    said: str  # instead, or ""
    phones: Phones


@dataclass(frozen=True)
class UserLexicon:
    entries: tuple[Entry, ...]
    source: str  # as it was written, to travel with a voice

    def check(self, inventory: PhoneInventory) -> None:
        """Raises ``InputError`` with the line of a phone that the voice lacks."""
        for entry in self.entries:
            check_phones(entry.phones, inventory, entry.where)

    def find(self, written: str) -> Entry:
        """The entry that is meant by a match of ``pattern``, its words with a space between them."""
        known = self._by_writing.get(written) or self._by_writing.get(written.lower())
        # To a pattern some letters are alike that have small forms of their own: s and \u017f, i and \u0131.
        return known or next(entry for entry in self.entries if re.fullmatch(_choice(entry), written))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches every entry as ``entry``, as a whole word, with ``'s`` as ``possessive``; of several the longest."""
        longest_first = sorted(self.entries, key=lambda entry: -len(entry.written))
        return re.compile(rf"(?<!\w)(?P<entry>{'|'.join(map(_choice, longest_first))}){POSSESSIVE}(?!\w)")

    @cached_property
    def _by_writing(self) -> dict[str, Entry]:
        return {" ".join(entry.written.split()): entry for entry in self.entries}


def check_phones(phones: Phones, inventory: PhoneInventory, where: object) -> None:
    for phone in phones:
        if phone not in inventory.phones[2:]:  # neither padding nor the pause
            closest = inventory.closest(phone)
            fix = f"did you mean {closest!r}?" if closest else f"it has {' '.join(inventory.phones[2:])}"
            raise InputError(where, f"phone {phone!r} is not among those of this voice", fix)


def read_user_lexicon(path: Path) -> UserLexicon:
    """Raises ``InputError`` for a file that cannot be read, and with the line that is not an entry."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    return parse_user_lexicon(content, path)


def parse_user_lexicon(content: bytes, where: object) -> UserLexicon:
    if len(content) > MAX_BYTES:
        raise InputError(where, f"is larger than the {MAX_BYTES:,} bytes that a lexicon may have")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(where, f"is not UTF-8 text ({error})") from None
    entries: dict[str, Entry] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            entry = _entry(line, f"{where}, line {number}")
            entries.setdefault(entry.written, entry)
    if not entries:
        raise InputError(where, "holds no entry", FORMS)
    return UserLexicon(tuple(entries.values()), text)


def _entry(line: str, where: str) -> Entry:
    written, tab, phones = line.partition("\t")
    said = ""
    if not tab:
        written, _, said = (part.strip() for part in line.partition("="))
        slashed = re.fullmatch(r"/([^/]+)/|\[\[([^\]]+)\]\]", said)
        phones = (slashed[1] or slashed[2]) if slashed else ""
        said = "" if slashed else said
    if not re.search(r"\w", written) or not (said or phones.split()):
        raise InputError(where, f"{line[:60]!r} is not an entry", FORMS)
    return Entry(where, " ".join(written.split()), said, tuple(phones.split()))


def _choice(entry: Entry) -> str:
    """The pattern of one entry."""
    spaced = r"\s+".join(map(re.escape, entry.written.split()))
    return f"(?i:{spaced})" if entry.written == entry.written.lower() else spaced
