import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.text.gruut_front_end import GruutFrontEnd
from tts.text.passages import LONGEST, PassageReader, passages

SENTENCES = "It rained all day. We stayed in! Did you?"


@given(st.text(alphabet="abAB.,!? \n'\"-", max_size=900))
def test_passages_join_to_the_text(text: str) -> None:
    parts = list(passages(text))
    assert "".join(parts) == text and all(parts)


@given(st.lists(st.text(alphabet="abAB.,!? \n'\"-", max_size=300), max_size=9))
def test_fragments_make_the_passages_of_the_whole(fragments: list[str]) -> None:
    reader = PassageReader()
    parts = [part for fragment in fragments for part in reader.feed(fragment)]
    assert parts + reader.finish() == list(passages("".join(fragments)))


def test_a_passage_comes_as_soon_as_it_is_certain() -> None:
    reader = PassageReader()
    heard = [reader.feed(letter) for letter in "It rained. We stayed."]
    assert [place for place, parts in enumerate(heard) if parts] == [len("It rained. ")]
    assert reader.finish() == ["We stayed."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("It rained. We stayed.", ["It rained. ", "We stayed."]),
        ('"We stayed!" They left.', ['"We stayed!" ', "They left."]),
        ("one line\nanother", ["one line\nanother"]),
        ("A Title\n\n and text", ["A Title\n\n", " and text"]),
        ("Capt. Smith met J. Doe, e.g. Lt. Doe.", ["Capt. Smith met J. Doe, e.g. Lt. Doe."]),
        ("about approx. five.", ["about approx. five."]),
    ],
)
def test_cuts_where_a_sentence_certainly_ends(text: str, parts: list[str]) -> None:
    assert list(passages(text)) == parts


@pytest.mark.parametrize(
    ("text", "end"), [("So it was, and " * 90, ", "), ("on and " * 90, " "), ("No. 1 J. " * 90, " ")]
)
def test_endless_sentences_are_cut_between_words(text: str, end: str) -> None:
    *parts, _ = passages(text)
    assert parts and all(len(part) <= LONGEST and part.endswith(end) for part in parts)


def test_sentences_are_those_of_the_whole_text() -> None:
    front_end = GruutFrontEnd("en-us")
    at_once = list(front_end._read(SENTENCES))
    assert len(at_once) == 3
    assert [[word.phones for word in sentence.words] for sentence in front_end(SENTENCES)] == [
        [word.phones for word in sentence.words] for sentence in at_once
    ]


def test_the_first_sentence_does_not_wait_for_the_rest() -> None:
    sentences = GruutFrontEnd("en-us").sentences("It rained all day. We stayed in Пекин.")
    assert [word.text for word in next(sentences).words] == ["It", "rained", "all", "day"]
