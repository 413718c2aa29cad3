"""Sentences with homographs: those of ``homographs.txt``, and what the words nearby decide."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.edit_distance import edit_distance
from tts.text.english.front_end import EnglishFrontEnd
from tts.text.english.homographs import HOMOGRAPHS_FILE, _listed
from tts.text.english.pronunciations import PHONES
from tts.text.sentences import Phones

SENTENCES = Path(__file__).with_name("homographs.txt")
RIGHT = 0.95  # share that must be


def cases() -> Iterator[tuple[str, str, int, list[Phones]]]:
    """Word, sentence, which of its pronunciations is right, and all of them."""
    word, variants = "", list[Phones]()
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            word, _, said = line[2:].partition(": ")
            variants = [tuple(variant.split()) for variant in said.split("|")]
        elif line[0] in "12":
            yield word, line[2:], int(line[0]) - 1, variants


def test_sentences_with_homographs() -> None:
    front_end, wrong, total = EnglishFrontEnd("en-us"), [], 0
    for word, text, right, variants in cases():
        (sentence,) = front_end(text)
        said = next(spoken.phones for spoken in sentence.words if spoken.text == word)
        nearest = min(range(len(variants)), key=lambda index: edit_distance(said, variants[index]))
        wrong += [text] if nearest != right else []
        total += 1
    assert total > 380 and len(wrong) < (1 - RIGHT) * total, wrong


def test_the_table_is_well_formed() -> None:
    lines = [line.split()[0] for line in HOMOGRAPHS_FILE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert lines == sorted(set(lines)) and len(lines) > 250
    for word, variants in _listed().items():
        assert len(variants) > 1, word
        for variant in variants:
            assert re.fullmatch(r"[njaovdszrC]+|[*-]", variant.roles) and set(variant.phones) <= set(PHONES), word
            assert variant.cues or variant.roles != "-", word


@pytest.mark.parametrize(
    ("text", "word", "phones"),
    [
        ("The estimates were low.", "estimates", "EH1 S T AH0 M AH0 T S"),
        ("She estimates the cost.", "estimates", "EH1 S T AH0 M EY2 T S"),
        ("Polish the table.", "polish", "P AA1 L IH0 SH"),
        ("my Polish friend", "polish", "P OW1 L IH0 SH"),
        ("The year came to a close.", "close", "K L OW1 Z"),
        ("That was a close call.", "close", "K L OW1 S"),
        ("He went from hand to mouth.", "mouth", "M AW1 TH"),
        ("The does ran.", "does", "D OW1 Z"),
        ("in minute doses", "minute", "M AY0 N UW1 T"),
        ("I used to swim.", "used", "Y UW1 S T"),
        ("It is used to cut bread.", "used", "Y UW1 Z D"),
    ],
)
def test_what_stands_around_a_word_decides(text: str, word: str, phones: str) -> None:
    (sentence,) = EnglishFrontEnd("en-us")(text)
    (spoken,) = [spoken for spoken in sentence.words if spoken.text == word]
    assert " ".join(spoken.phones) == phones and spoken.origin == "homograph"
