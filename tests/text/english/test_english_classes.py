"""A table of each semiotic class: what is written, a tab, and the words that are said for it. "\\n" is a line break."""

from pathlib import Path

import pytest

from tts.text.english.pronunciations import known_words
from tts.text.english.reading import read

TABLES = sorted((Path(__file__).parent / "cases").glob("*.tsv"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_each_is_read_as_a_person_would(table: Path) -> None:
    wrong = []
    for line in table.read_text(encoding="utf-8").splitlines():
        written, _, expected = line.partition("\t")
        sentences = read(written.replace("\\n", "\n"), "en-us", known_words().__contains__)
        said = " ".join(word for sentence in sentences for token in sentence for word in token.words)
        if said.lower() != expected.lower():
            wrong.append(f"{written!r}: {said!r}, not {expected!r}")
    assert not wrong
