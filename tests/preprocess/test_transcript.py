import pytest

from preprocess.transcript import check_transcript, match_transcript
from tts.config.text import TextConfig
from tts.errors import InputError
from tts.text.front_end import transcript_words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("hello world", "Hello, world!"),
        (" the ne plus ultra ", "the ne-plus-ultra --"),
        ("mister neild s don't", "Mr. Neild's don’t"),
        ("missals et cetera printed", "missals, etc., printed"),
        ("professor hill of the science department approximately", "Prof. Hill of the Sci. Dept., approx."),
        ("some <unk> as <unk> that", "some -- as, e.g., that"),
        ("in nineteen ninety nine they paid ten dollars", "In 1999, they paid $10."),
        ("to night", "tonight"),
        ("sil complete silence sil", "Complete silence."),
        ("ÉTÉ", "été"),
        ("你 好", "你好。"),
        ("<unk>", "!?"),
    ],
)
def test_the_same_words(words: str, text: str) -> None:
    check_transcript("a.TextGrid", words.split(" "), text)


@pytest.mark.parametrize(
    ("words", "text", "message"),
    [
        ("hello there world", "Hello, world!", "word 2 is 'there', but the transcript goes on with 'world!'"),
        ("hello world again", "Hello, world!", "word 3 is 'again', but the transcript goes on with 'nothing more'"),
        ("hello", "Hello, world!", "'world!' is not aligned"),
        ("a <unk> c d", "a b c e", "word 4 is 'd'"),
        ("ten apples", "10 pears", "word 2 is 'apples'|is not aligned"),
    ],
)
def test_the_first_word_that_differs_is_named(words: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_transcript("a.TextGrid", words.split(), text)


@pytest.mark.parametrize(
    "text", ["Plums, e.g. red ones.", "Pfc. Smith, see Henry VIII.", "Visit example.com today.", "At 5 km/h, 3rd."]
)
def test_what_the_front_end_reads_belongs_however_it_is_written(text: str) -> None:
    said = transcript_words(text, TextConfig())
    words = ["", *(word.text for word in said), ""]
    places = match_transcript("a.TextGrid", words, text, TextConfig())
    assert places == [*(word.start for word in said), len(text) + 1, len(text) + 1]
    with pytest.raises(InputError, match="word 1 is 'other'"):
        match_transcript("a.TextGrid", ["other", *words], text, TextConfig())
