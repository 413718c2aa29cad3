from hypothesis import given
from hypothesis import strategies as st

from tts.text.english.pronunciations import PHONES, Pronunciations, known_words, pack

WORDS = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyz'-", min_size=1, max_size=6),
    st.lists(st.lists(st.sampled_from(PHONES), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3),
    max_size=30,
)


@given(WORDS, st.text("abcdefghijklmnopqrstuvwxyz'-\t\n", max_size=7))
def test_every_word_is_found_and_no_other(words: dict[str, list[tuple[str, ...]]], other: str) -> None:
    packed = Pronunciations(pack(words))
    assert dict(packed) == words and len(packed) == len(words)
    assert (other in packed) == (other in words)


def test_the_lexicon_of_the_package() -> None:
    known = known_words()
    assert known["hello"] == [("HH", "AH0", "L", "OW1"), ("HH", "EH0", "L", "OW1")]
    assert known["covid"][0] == ("K", "OW1", "V", "IH2", "D")
    assert len(known) > 170_000 and "xyzzyq" not in known
