"""Pronunciations of words, in a compressed file beside the voice: a lower-case word and its phones per line.

A word with several pronunciations has several lines, the usual one first.
"""

import gzip
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from tts.errors import InputError
from tts.files.documents import read_document

Pronunciation = str  # phones between spaces: splitting all of CMUdict would take longer than speaking
GZIP = 16 + zlib.MAX_WBITS  # the format, as zlib numbers it
GZIP_MAGIC = b"\x1f\x8b"
UTF_8_MARK = b"\xef\xbb\xbf"
MAX_BYTES = 256 << 20  # of text
GOOD_LINES = re.compile(r"(?:[^ \n]++ [^\n]++\n)*+")
Lexicon = Mapping[str, list[Pronunciation]]  # by lower-case word, the usual one first


def unpack_lexicon(packed: bytes, limit: int, where: object) -> Lexicon:
    """The content of such a file. Raises ``InputError`` for what is not a gzip file, was cut short or unpacks to more
    than ``limit`` bytes, and as ``parse_lexicon`` does."""
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


def read_lexicon(path: Path) -> Lexicon:
    """Of a file as people write one: plain or compressed, words in any case, tabs or spaces between.

    Raises ``InputError`` for one that cannot be read, and as ``parse_lexicon`` does."""
    content = read_document(path, MAX_BYTES)
    if content.startswith(GZIP_MAGIC):
        return unpack_lexicon(content, MAX_BYTES, path)
    lines = (line.split() for line in content.removeprefix(UTF_8_MARK).splitlines())
    return parse_lexicon(b"".join(b" ".join([line[0].lower(), *line[1:]]) + b"\n" for line in lines if line), path)


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
    lexicon: dict[str, list[Pronunciation]] = {}
    for line in text.splitlines():
        word, _, phones = line.partition(" ")
        lexicon.setdefault(word, []).append(phones)
    return lexicon


def pack_lexicon(lexicon: Lexicon) -> bytes:
    """The content of such a file, without a time, so that equal lexicons are equal files."""
    return gzip.compress(format_lexicon(lexicon), mtime=0)


def format_lexicon(lexicon: Lexicon) -> bytes:
    """Its text, sorted by word."""
    return "".join(f"{word} {phones}\n" for word in sorted(lexicon) for phones in lexicon[word]).encode()
