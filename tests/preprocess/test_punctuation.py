from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.punctuation import pauses_behind, place_marks
from preprocess.textgrid import Interval
from preprocess.transcript import check_transcript
from tts.text.marks import MARKS, PAUSES
from tts.text.sentences import Pause

SYMBOLS = {**MARKS, Pause.NONE: ""}


@pytest.mark.parametrize("language", ["en-us", "de-de"])
@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        ("It is raining", "It is raining?", "It is raining?"),
        ("It is raining", "It is raining.", "It is raining."),
        ("In nineteen ninety nine they paid", "In 1999, they paid $", "In nineteen ninety nine, they paid"),
        ("ten twenty dollars", '"10, 20, dollars!"', "ten, twenty, dollars!"),
        ("to night we stay", "Tonight; we stay", "to night; we stay"),
        ("nevertheless we", "never-the-less, we", "nevertheless, we"),
        ("two sil words sil", "two - words ...", "two— sil words… sil"),
        ("Mister Neild s wife", "Mr. Neild's wife.", "Mister Neild s wife."),
        ("some <unk> as that", "some -- as, that", "some— <unk> as, that"),
        ("straße dort", "STRASSE: dort", "straße; dort"),
    ],
)
def test_each_mark_is_behind_the_word_it_follows(words: str, text: str, marked: str, language: str) -> None:
    said = words.split()
    pauses = pauses_behind(check_transcript("a.TextGrid", said, text), text, language)
    assert " ".join(word + SYMBOLS[pause] for word, pause in zip(said, pauses, strict=True)) == marked


def test_a_mark_takes_the_place_of_its_pause_or_no_time() -> None:
    labels = ["sil", "W", "AH", "T", "UW", "sil", "S", "sil"]
    ends_s = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 0.9, 1.1])
    words = [Interval(0.0, 0.1, ""), Interval(0.1, 0.3, "one"), Interval(0.3, 0.5, "two"), Interval(0.8, 0.9, "s")]
    pauses = [Pause.NONE, Pause.COMMA, Pause.DASH, Pause.QUESTION]
    placed, ends = place_marks(labels, ends_s, words, pauses)
    assert placed == ["sil", "W", "AH", ",", "T", "UW", "—", "S", "?"]
    np.testing.assert_allclose(ends, [0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.8, 0.9, 1.1])


@given(st.data())
def test_marks_change_no_sound_and_no_time(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=8))
    heard = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    pauses = data.draw(st.lists(st.sampled_from(Pause), min_size=len(sizes), max_size=len(sizes)))
    labels, ends, words = ["sil"], [0.1], []
    for size, silence in zip(sizes, heard, strict=True):
        start_s = ends[-1]
        labels += ["AH"] * size
        ends += [start_s + 0.1 * (i + 1) for i in range(size)]
        words.append(Interval(start_s, ends[-1], "w"))
        if silence:
            labels.append("sil")
            ends.append(ends[-1] + 0.2)
    if labels[-1] != "sil":
        labels.append("sil")
        ends.append(ends[-1] + 0.2)
    placed, placed_ends = place_marks(labels, np.array(ends), words, pauses)
    sounds = [(label, end) for label, end in zip(labels, ends, strict=True) if label == "AH"]
    assert [(label, end) for label, end in zip(placed, placed_ends, strict=True) if label == "AH"] == sounds
    assert [p for p in placed if p in MARKS.values()] == [MARKS[p] for p in pauses if p is not Pause.NONE]
    assert set(ends) == set(placed_ends) and (np.diff(placed_ends) >= 0).all()
    assert not any(left in PAUSES and right in PAUSES for left, right in pairwise(placed))
