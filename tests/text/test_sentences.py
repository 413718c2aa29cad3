from itertools import repeat

from hypothesis import given
from hypothesis import strategies as st

from tts.text.sentences import Pause, Sentence, Word, part_limits, split_long

WORDS = st.lists(
    st.builds(Word, st.just("word"), st.lists(st.just("a"), min_size=1, max_size=9).map(tuple), st.booleans()),
    min_size=1,
    max_size=40,
)


@given(words=WORDS, limit=st.integers(1, 60))
def test_splitting_keeps_every_word_and_the_limit(words: list[Word], limit: int) -> None:
    parts = list(split_long(Sentence(tuple(words)), repeat(limit)))
    assert [word for part in parts for word in part.words] == words
    for part in parts:
        assert len(part.words) == 1 or sum(len(word.phones) for word in part.words) <= limit


def test_a_cut_falls_on_a_pause_when_there_is_one() -> None:
    words = [Word(str(index), ("a",), Pause.COMMA if index == 2 else Pause.NONE) for index in range(8)]
    first, *_ = split_long(Sentence(tuple(words)), repeat(5))
    assert [word.text for word in first.words] == ["0", "1", "2"]


def test_the_first_part_of_a_text_is_shorter() -> None:
    words = [Word("word", ("a",) * 4)] * 150
    lengths = [len(part.words) for part in split_long(Sentence(tuple(words)), part_limits())]
    assert lengths == [30, 50, 50, 20]
