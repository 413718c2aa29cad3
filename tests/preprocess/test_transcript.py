import pytest

from preprocess.transcript import check_transcript
from tts.errors import InputError


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("hello world", "Hello, world!"),
        (" the ne plus ultra ", "the ne-plus-ultra --"),
        ("mister neild s don't", "Mr. Neild's don’t"),
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
