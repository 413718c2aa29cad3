"""Text that comes in fragments is read as the whole: the same words, in the same sentences, from the same places."""

from hypothesis import given
from hypothesis import strategies as st

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.front_end import passage_reader
from tts.text.sentences import NothingToSayError

FRONT_END = EnglishFrontEnd("en-us")
SENTENCES = ("It rained. ", "Dr. Smith left. ", "at 5 p.m. ", "approx. 5 km. ", "Why? ", "No! ", "(Yes.) ", '"Stop." ')
OTHERS = (
    "e.g. this, ",
    "He said: ",
    "$3.50. ",
    "1. One\n",
    "- item\n",
    "A title\n\n",
    "so it was, and " * 40,
    "well... ",
    "\n\n",
)
PIECES = st.sampled_from(SENTENCES + OTHERS)


def told(text: str, offset: int = 0) -> list[list[tuple[str, int]]]:
    try:
        sentences = FRONT_END(text)
    except NothingToSayError:
        return []
    return [[(word.text, word.start + offset) for word in sentence.words] for sentence in sentences if sentence.words]


@given(st.lists(PIECES, max_size=8).map("".join), st.integers(1, 30))
def test_passages_of_fragments_are_read_as_the_whole(text: str, size: int) -> None:
    reader = passage_reader("arpabet", "en-us")
    parts = [part for at in range(0, len(text), size) for part in reader.feed(text[at : at + size])] + reader.finish()
    heard, offset = [], 0
    for part in parts:
        heard += told(part, offset)
        offset += len(part)
    assert heard == told(text)
