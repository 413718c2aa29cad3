"""What part of speech a word can be, from the lexicon of Brill's tagger (``tools/build_word_classes.py``).

n noun, s plural noun, v verb, z verb in -s, d past tense or participle, g verb in -ing, j adjective, r adverb.
"""

from functools import cache
from pathlib import Path

CLASSES_FILE = Path(__file__).with_name("word_classes.txt")
ENDINGS = {
    "ly": "r", "ing": "g", "ed": "d", "ous": "j", "ful": "j", "ive": "j", "able": "j", "ible": "j", "less": "j",
    "ical": "j", "ish": "j", "est": "j", "ness": "n", "tion": "n", "ment": "n", "ity": "n", "ism": "n",
    "'s": "p",
}  # fmt: skip


def classes_of(word: str) -> str:
    """The classes of a lower-case word, the usual one first."""
    return _listed().get(word) or class_by_ending(word)


def class_by_ending(word: str) -> str:
    """As most words with its ending are."""
    for ending, found in ENDINGS.items():
        if word.endswith(ending):
            return found
    if word.endswith("s") and not word.endswith("ss"):
        return "sz"
    return "n"


@cache
def _listed() -> dict[str, str]:
    table = {}
    for line in CLASSES_FILE.read_text(encoding="utf-8").splitlines():
        classes, *words = line.split(" ")
        table.update(dict.fromkeys(words, classes))
    return table
