"""The English lexicon of the package: what is known by heart.

One sorted text file, a word and its pronunciations a line, usual one first, a character a phone. It is read as a whole
and searched by halves, so that opening it costs nothing; ``tools/build_lexicon.py`` makes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path

from tts.text.arpabet import CONSONANTS, VOWELS
from tts.text.sentences import Phones

LEXICON_FILE = Path(__file__).with_name("lexicon.txt")
FIRST_SIGN = ord("0")
PHONES = (*(f"{vowel}{stress}" for vowel in dict.fromkeys(VOWELS.values()) for stress in "012"), *CONSONANTS.values())
SIGNS = {phone: chr(FIRST_SIGN + index) for index, phone in enumerate(PHONES)}
CACHED_WORDS = 20_000


class Pronunciations(Mapping[str, list[Phones]]):
    """By lower-case word. Safe to read from several threads."""

    def __init__(self, packed: bytes) -> None:
        """``packed``: as ``pack`` makes it."""
        self._packed = packed
        self._find = lru_cache(CACHED_WORDS)(self._search)

    def __getitem__(self, word: str) -> list[Phones]:
        found = self._find(word)
        if not found:
            raise KeyError(word)
        return found

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(self._find(word))

    def __iter__(self) -> Iterator[str]:
        return (line.partition("\t")[0] for line in self._packed.decode().splitlines())

    def __len__(self) -> int:
        return self._n_words

    @cached_property
    def _n_words(self) -> int:
        return self._packed.count(b"\n")

    def _search(self, word: str) -> list[Phones]:
        data, key = self._packed, f"{word}\t".encode()
        low, high = 0, len(data)
        while low < high:
            start = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = data.index(b"\n", start)
            line = data[start:end]
            if line.startswith(key):
                return [_phones(signs) for signs in line[len(key) :].decode().split("\t")]
            low, high = (end + 1, high) if line < key else (low, start)
        return []


def pack(words: Mapping[str, Sequence[Phones]]) -> bytes:
    """The content of the file. A tab sorts before all that a word may hold, so its lines are in the order of words."""
    lines = [
        "\t".join([word, *("".join(SIGNS[phone] for phone in phones) for phones in words[word])])
        for word in sorted(words)
    ]
    return "".join(f"{line}\n" for line in lines).encode()


@cache
def known_words() -> Pronunciations:
    return Pronunciations(LEXICON_FILE.read_bytes())


def _phones(signs: str) -> Phones:
    return tuple(PHONES[ord(sign) - FIRST_SIGN] for sign in signs)
