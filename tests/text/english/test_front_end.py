from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.text.english.front_end import EnglishFrontEnd, IpaEnglishFrontEnd
from tts.text.english.pronounce import Pronouncer
from tts.text.english.token import Token
from tts.text.english.weak_forms import REDUCED, UNSTRESSED
from tts.text.sentences import NothingToSayError, Pause, Word

FRONT_END = EnglishFrontEnd("en-us")


def words_of(text: str) -> list[Word]:
    return [word for sentence in FRONT_END(text) for word in sentence.words]


def said(*tokens: str) -> list[tuple[str, str]]:
    """What is said for ``tokens``, each a word or words between spaces, and where it comes from."""
    sentence = Pronouncer({}, REDUCED).sentence("", [Token(0, 0, "word", tuple(token.split())) for token in tokens])
    return [(" ".join(word.phones), word.origin) for word in sentence.words]


@pytest.mark.parametrize(
    ("tokens", "phones", "origin"),
    [
        (["hello"], "HH AH0 L OW1", "lexicon"),
        (["to", "record"], "R IH0 K AO1 R D", "homograph"),
        (["blorfle"], "B L AO1 R F AH0 L", "guess"),
        (["touchscreens"], "T AH1 CH S K R IY2 N Z", "stem"),
        (["A"], "EY1", "spelled"),
        (["B's"], "B IY1 Z", "spelled"),
        (["F", "Os"], "OW1 Z", "spelled"),
        (["a", "plan"], "P L AE1 N", "lexicon"),
        (["café"], "K AH0 F EY1", "lexicon"),
    ],
)
def test_where_phones_come_from(tokens: list[str], phones: str, origin: str) -> None:
    assert said(*tokens)[-1] == (phones, origin)


def test_a_word_without_a_vowel_is_spelled() -> None:
    assert said("bcd") == [("B IY1", "spelled"), ("S IY1", "spelled"), ("D IY1", "spelled")]


def test_articles_depend_on_what_follows() -> None:
    assert [word.phones for word in words_of("the end of the dog")][::3] == [("DH", "IY0"), ("DH", "AH0")]
    assert words_of("a dog")[0].phones == ("AH0",)


def test_words_know_where_they_stand_and_what_follows_them() -> None:
    text = "We read. Then we left?"
    words = words_of(text)
    assert [text[word.start : word.end] for word in words] == ["We", "read", "Then", "we", "left"]
    assert [word.written for word in words] == ["We", "read.", "Then", "we", "left?"]
    assert [word.pause for word in words][1::3] == [Pause.FULL_STOP, Pause.QUESTION]


def test_what_no_one_could_say_is_listed() -> None:
    (sentence,) = FRONT_END("we met 你 there")
    assert [word.text for word in sentence.words] == ["we", "met", "there"]
    assert [(unread.text, unread.start) for unread in sentence.unread] == [("你", 7)]


@pytest.mark.parametrize("text", ["", " \n\n ", "?!", "...", "-", "\u200b"])
def test_nothing_to_say_is_refused(text: str) -> None:
    with pytest.raises(NothingToSayError):
        FRONT_END(text)


@pytest.mark.slow
def test_a_lexicon_of_the_voice_decides() -> None:
    own = {"hello": ["Y OW1"], "record": ["R EH1 K ER0 D", "R IH0 K AO1 R D"], "linnet": ["L IH1 N IH0 T"]}
    front_end = EnglishFrontEnd("en-us", own)
    (sentence,) = front_end("hello to record linnets")
    phones = [" ".join(word.phones) for word in sentence.words]
    assert phones[0] == "Y OW1" and phones[2] == "R IH0 K AO1 R D" and phones[3] == "L IH1 N IH0 T S"
    assert front_end.vocabulary()["hello"] == ("Y", "OW1")


@pytest.mark.slow
def test_the_vocabulary_says_words_as_sentences_do() -> None:
    vocabulary = FRONT_END.vocabulary()
    assert len(vocabulary) > 170_000
    assert vocabulary["read"] == ("R", "IY1", "D") and vocabulary["the"] == ("DH", "AH0")
    for word in ("hello", "dog", "boats"):
        assert vocabulary[word] == words_of(word)[0].phones


def test_the_same_in_ipa() -> None:
    (sentence,) = IpaEnglishFrontEnd("en-us")("hello, a bird")
    assert [word.phones for word in sentence.words] == [("h", "ə", "l", "ˈoʊ"), ("ə",), ("b", "ˈɚ", "d")]


def endless() -> Iterator[str]:
    yield from ("It rained all day. " * 2000, "We stayed.")


def test_the_first_sentence_does_not_wait_for_the_rest() -> None:
    assert len(next(FRONT_END.sentences("".join(endless()))).words) == 4


@given(st.text(max_size=30))
def test_any_text_is_spoken_or_listed(text: str) -> None:
    try:
        sentences = FRONT_END(text)
    except NothingToSayError:
        return
    assert any(sentence.words for sentence in sentences)
    assert all(word.phones for sentence in sentences for word in sentence.words)


def test_threads_may_share_a_front_end() -> None:
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(FRONT_END, ["We read blorfles to Zelenskyy."] * 6))
    assert all(result == results[0] for result in results)


def test_function_words_are_weak_within_a_phrase() -> None:
    def said_by(front_end: EnglishFrontEnd) -> list[str]:
        return [" ".join(word.phones) for word in front_end("a cup of it, to eat and what of")[0].words]

    assert said_by(FRONT_END) == ["AH0", "K AH1 P", "AH0 V", "IH1 T", "T UW0", "IY1 T", "AE1 N D", "W AH1 T", "AH1 V"]
    unstressed = EnglishFrontEnd("en-us", weak_forms=UNSTRESSED)
    assert said_by(unstressed) == ["AH0", "K AH1 P", "AH0 V", "IH1 T", "T UW0", "IY1 T", "AE0 N D", "W AH2 T", "AH1 V"]


def test_a_sentence_ends_as_it_would_with_what_is_left_out() -> None:
    first, second = FRONT_END("Come in 北京. Really, 北京?")
    assert (first.end, second.end) == (Pause.FULL_STOP, Pause.QUESTION)
