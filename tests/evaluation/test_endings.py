"""Ends of sentences, on melodies whose end is known."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.evaluation.endings import ENDS, SENTENCES, compare, end_semitones, ending
from tts.runtime.speech import Speech

FRAME_S = 256 / 24_000


@given(st.floats(-12, 12), st.integers(0, 30))
def test_the_end_is_the_last_voiced_stretch(semitones: float, n_silent: int) -> None:
    f0 = np.full(100, 200.0)
    f0[80:] *= 2 ** (semitones / 12)
    f0 = np.append(f0, np.full(n_silent, np.nan))
    assert end_semitones(f0, FRAME_S) == pytest.approx(semitones, abs=1e-6)


def test_what_is_not_voiced_has_no_end() -> None:
    assert isnan(end_semitones(np.full(50, np.nan), FRAME_S))
    assert isnan(compare(dict.fromkeys(ENDS, nan))["question/rises"])


@pytest.mark.parametrize(("question", "rises"), [(-3.0, 0.0), (-2.5, 0.0), (-1.9, 1.0), (4.0, 1.0)])
def test_a_question_rises_above_its_statement(question: float, rises: float) -> None:
    scores = compare({"statement": -3.0, "question": question, "exclamation": -3.0})
    assert scores["question/rises"] == rises and scores["question/end_semitones"] == question


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 24_000])
def test_a_rising_tone_is_heard_to_rise(sample_rate: int) -> None:
    seconds = np.arange(int(1.2 * sample_rate)) / sample_rate
    f0 = np.where(seconds < 0.9, 150.0, 150.0 * 2 ** (5 / 12))
    phase = 2 * np.pi * np.cumsum(f0) / sample_rate
    audio = sum(np.sin(k * phase) / k for k in range(1, 15)).astype(np.float32) / 4
    assert ending(Speech(audio, sample_rate, (), ())) == pytest.approx(5, abs=0.5)


def test_sentences_end_without_a_mark() -> None:
    assert len(set(SENTENCES)) == 20 and all(sentence[-1].isalpha() for sentence in SENTENCES)
