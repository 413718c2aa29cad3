"""Names and new words that no lexicon here may help with."""

from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.english.guess import decode, guess
from tts.text.english.inflections import derive
from tts.text.english.pronunciations import PHONES, known_words
from tts.text.sentences import Phones

NAMES = Path(__file__).with_name("names.tsv")
REDUCED = ("AA", "AE", "AO", "EH", "IH", "UH")  # vowels that many speakers reduce where they bear no stress
RIGHT, MADE_UP = 0.87, 0.5  # shares of names that must be, with the lexicon and without


def plain(phones: str) -> tuple[str, ...]:
    """Sounds as a listener tells them apart: with the main stress alone, reduced vowels alike."""
    sounds = list[str]()
    for phone in phones.replace("2", "0").split():
        sound = phone.replace("AO", "AA")
        sounds.append("AH0" if sound[:-1] in REDUCED and sound.endswith("0") else sound)
    return tuple(sounds)


def made_up(name: str) -> Phones:
    """What is said for ``name`` where no lexicon has it."""

    def find(word: str) -> Phones | None:
        listed = known_words().get(word) if word != name else None
        return listed[0] if listed else None

    return derive(name, find) or guess([name])[0]


def as_known(name: str) -> Phones:
    return EnglishFrontEnd("en-us")(name)[0].words[0].phones


@pytest.mark.parametrize(("say", "right"), [(as_known, RIGHT), (made_up, MADE_UP)])
def test_names_are_said_as_people_say_them(say: Callable[[str], Phones], right: float) -> None:
    wrong, total = [], 0
    for line in NAMES.read_text(encoding="utf-8").splitlines()[1:]:
        name, said = line.split("\t")
        phones = " ".join(say(name))
        wrong += [] if plain(phones) in {plain(listed) for listed in said.split(" | ")} else [(name, phones)]
        total += 1
    assert total > 140 and len(wrong) < (1 - right) * total, wrong


def test_words_are_guessed_alike_alone_and_together() -> None:
    words = ["zelenskyy", "blorfle", "x", "qq", "antidisestablishmentarianistically", "o'brienesque"]
    together = guess(words)
    assert together == [guess([word])[0] for word in words]
    assert all(set(phones) <= set(PHONES) for phones in together)
    assert " ".join(together[1]) == "B L AO1 R F AH0 L"


def test_an_accent_on_the_last_letter_says_that_it_is_not_silent() -> None:
    (sentence,) = EnglishFrontEnd("en-us")("Mané has a mane.")
    assert sentence.words[0].phones[-1].startswith("EY") and " ".join(sentence.words[-1].phones) == "M EY1 N"


@pytest.mark.parametrize("seed", range(5))
def test_the_best_reading_with_one_main_stress_is_found(seed: int) -> None:
    """Beside a search through all readings, of words of different lengths in one batch."""
    labels: list[Phones] = [(), ("T",), ("AH0",), ("AA1",), ("EY1", "T")]
    random = np.random.default_rng(seed)
    scores = random.normal(size=(4, 3, len(labels))).astype(np.float32)
    transitions = random.normal(size=(len(labels), len(labels))).astype(np.float32)
    said = decode(["tea", "abcd", "o"], labels, transitions, lambda *_: scores)
    for index, (word, phones) in enumerate(zip(["tea", "abcd", "o"], said, strict=True)):
        readings = {
            path: sum(float(scores[place, index, label]) for place, label in enumerate(path))
            + sum(float(transitions[pair]) for pair in pairwise(path))
            for path in product(range(len(labels)), repeat=len(word))
            if sum(label in (3, 4) for label in path) == 1
        }
        best = max(readings, key=lambda path: readings[path])
        assert phones == tuple(phone for label in best for phone in labels[label])
