"""Plain prose is read as it is written, though many of its words could be abbreviations, months, units or signs."""

import re
from pathlib import Path

from tts.text.english.pronunciations import known_words
from tts.text.english.reading import read

PROSE = Path(__file__).with_name("prose.txt")


def words_of(text: str) -> list[str]:
    sentences = read(text, "en-us", known_words().__contains__)
    return [word.lower() for sentence in sentences for token in sentence for word in token.words]


def test_plain_prose_is_read_as_it_is_written() -> None:
    lines = PROSE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if words_of(line) != re.findall(r"[a-z']+", line.lower())] == []
    together = " ".join(lines)
    assert words_of(together) == re.findall(r"[a-z']+", together.lower())
