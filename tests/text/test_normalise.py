import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.errors import InputError
from tts.text.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("the 1990s and the '80s", "the 19 nineties and the 'eighties"),
        ("the 1800s, the 2000s", "the 18 hundreds, the 2 thousands"),
        ("it’s “fine”…", 'it\'s "fine"...'),
        ("one—two -- three", "one, two, three"),
        ("1939–1945", "1939-1945"),
        ("hello,world", "hello, world"),
        ("The end.Start again", "The end. Start again"),
        ("mp3", "mp 3"),
        ("21st 10:30am", "21st 10:30am"),
        ("007", "0 0 7"),
        ("version 1.2.3", "version 1 point 2 point 3"),
        ("1,000,000.5", "1,000,000.5"),
        ("1/2", "1 over 2"),
        ("12/25/2020", "12/25/2020"),
        ("$1.5 million", "1.5 million dollars"),
        ("$3.50", "$3.50"),
        ("café", "cafe"),
        ("ﬁne Ａ\u200b", "fine A"),
        ("St. Louis", "Saint Louis"),
        ("No. 5 and #6", "number 5 and number 6"),
        ("see https://www.example.org/a-b.", "see example dot org slash a dash b."),
        ("me@example.com", "me at example dot com"),
        ("AND THE NEWS TODAY", "and the news today"),
    ],
)
def test_english_is_rewritten_for_the_phonemiser(typed: str, read: str) -> None:
    assert " ".join(normalise(typed, "en-us").split()) == read


def test_long_numbers_are_read_digit_by_digit() -> None:
    assert normalise("12345678901234567", "en-us") == " ".join("12345678901234567")


@pytest.mark.parametrize("word", ["日本語", "привет", "smile😀", "x²", "\ud800", "a" * 65])
def test_what_has_no_reading_is_refused_by_name(word: str) -> None:
    with pytest.raises(InputError) as refused:
        normalise(f"say {word} now", "en-us")
    assert str(refused.value).startswith(f"word '{word[:64]}'".replace("\ud800", "\\ud800"))


def test_letters_of_the_language_stay_as_they_are() -> None:
    assert normalise("Grüße über Ærø", "de-de") == "Grüße über Ærø"


@given(st.text(max_size=60))
def test_any_text_is_rewritten_or_refused(text: str) -> None:
    try:
        normalise(text, "en-us")
    except InputError as error:
        assert "\n" not in str(error)
