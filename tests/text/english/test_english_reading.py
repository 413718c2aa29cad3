"""What holds for any text: nothing is lost, offsets are in order, and sentences come one by one."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tts.text.english.reading import read
from tts.text.english.token import Token
from tts.text.sentences import Pause

HARD = "a1.,-'\"()[]{}<>/\\|@#$%&*_+=~^`:;!?\n\t é€½²λд中٣🙂🇺🇸\u200d\u0301\u00ad\ud800ﬁʻˈ"


def tokens(text: str) -> list[Token]:
    return [token for sentence in read(text) for token in sentence]


def said(text: str) -> str:
    """Words between spaces, sentences between bars."""
    return " | ".join(" ".join(word for token in sentence for word in token.words) for sentence in read(text))


@given(
    st.one_of(
        st.text(max_size=80), st.text(alphabet=HARD, max_size=80), st.text(st.characters(categories=["L", "N", "M"]))
    )
)
@example("[a](b)")
@example("<b>x</b>")
@example("<b>")
@example("~/²")
@example("@é.ж")
@example("5°\nC")
def test_each_letter_and_digit_belongs_to_a_token(text: str) -> None:
    covered: set[int] = set()
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.words or token.kind == "unread"
        end = token.end
        covered.update(range(token.start, token.end))
    lost = [char for index, char in enumerate(text) if index not in covered and unicodedata.category(char)[0] in "LN"]
    assert not lost


@given(st.text(alphabet=HARD, max_size=80))
def test_words_are_letters_in_lower_case_or_names_of_letters(text: str) -> None:
    for token in tokens(text):
        for word in token.words:
            assert re.fullmatch(r"[A-Za-z][A-Za-z']*", word), word


def test_sentences_are_read_when_they_are_asked_for() -> None:
    sentences = read("One. " * 100_000)
    assert [token.words for token in next(sentences)] == [("one",)]


@pytest.mark.parametrize("text", ["", " \n\n ", "...", "?!", "\u200b"])
def test_where_nothing_is_written_nothing_is_said(text: str) -> None:
    assert tokens(text) == []


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("One, two; three: four - five... six.", "comma semicolon semicolon dash ellipsis full stop"),
        ("two ;three", "semicolon none"),
        ("Really? Yes! No.", "question exclamation full stop"),
        ("One.\n\nTwo", "paragraph none"),
        ("- one\n- two\n", "full stop none"),
        ("one (two) three", "comma comma none"),
        ("No way?\n\nOh", "none question none"),
    ],
)
def test_marks_are_pauses(text: str, pauses: str) -> None:
    assert " ".join(token.pause for token in tokens(text)) == pauses


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Smith came. He sat.", "doctor smith came | he sat"),
        ("It is at Acme Inc. The firm grew.", "it is at acme incorporated | the firm grew"),
        ("He moved to the U.S. in May.", "he moved to the U S in may"),
        ('"Why not?" asked Ann.', "why not asked ann"),
        ("The end.Start again", "the end | start again"),
        (
            "first line of a text that is cut by its width\nand goes on",
            "first line of a text that is cut by its width and goes on",
        ),
        ("Milk\nEggs", "milk | eggs"),
        ("1. Wash\n2. Eat", "one wash | two eat"),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, sentences: str) -> None:
    assert said(text) == sentences


def test_what_has_no_reading_is_said_to_be_unread() -> None:
    [word, unread] = tokens("say 日本語")
    assert word.words == ("say",)
    assert (unread.kind, unread.start, unread.end, unread.words) == ("unread", 4, 7, ())


def test_offsets_are_those_of_the_text_that_was_given() -> None:
    text = "so\u00adft, ﬁve ½ cups of café"
    assert [text[token.start : token.end] for token in tokens(text)] == ["so\u00adft", "ﬁve", "½", "cups", "of", "café"]
    assert Pause.COMMA in [token.pause for token in tokens(text)]


@pytest.mark.parametrize("template", ["100 €–{}", "it cost €{}.", "No. {}-1187", "{} min 20 sec", "page {}"])
def test_thousands_of_digits_are_read_one_by_one(template: str) -> None:
    """More than Python makes a number of."""
    assert said(template.format("7" * 4400)).count("seven") >= 4399


def test_long_words_are_said_in_text_and_left_out_in_data() -> None:
    word = "pneumonoultramicroscopic"
    assert said(f"a {word} cough") == f"a {word} cough"
    kinds = {token.kind for token in tokens(f"{word},the," * 200)}
    assert kinds == {"unread", "word"}
