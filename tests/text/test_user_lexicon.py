"""Words and how to say them, as users write them."""

from hypothesis import given
from hypothesis import strategies as st

from tts.text.user_lexicon import parse_user_lexicon

LOOK_ALIKES = "sſSiıİIkKσςΣßẞµμa "  # pairs that a pattern without case takes for one letter, and lower() does not


@given(word=st.text(LOOK_ALIKES, min_size=1).filter(str.strip), text=st.text(LOOK_ALIKES))
def test_whatever_the_pattern_matches_is_an_entry(word: str, text: str) -> None:
    lexicon = parse_user_lexicon(f"{word} = jiff\nSpaſs = fun\n".encode(), "lexicon")
    for match in lexicon.pattern.finditer(f"{text} {word.swapcase()} {word}"):
        assert lexicon.find(" ".join(match["entry"].split())) in lexicon.entries


def test_the_form_that_is_written_counts_first() -> None:
    lexicon = parse_user_lexicon(b"gas = one\nGAS = two\n", "lexicon")
    assert [lexicon.find(word).said for word in ("gas", "Gas", "GAS", "gaſ")] == ["one", "one", "two", "one"]
