import pytest

from tts.text.english.inflections import derive
from tts.text.english.pronunciations import known_words
from tts.text.sentences import Phones

WORDS = {"blick", "zap", "blaze", "try", "fox", "linn", "sky", "walk", "touch", "screen", "feather", "happy", "ox"}


def find(word: str) -> Phones | None:
    made = {"blick": ("B", "L", "IH1", "K"), "linn": ("L", "IH1", "N")}
    return made.get(word) or (known_words()[word][0] if word in WORDS else None)


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("blicks", "B L IH1 K S"),
        ("linns", "L IH1 N Z"),
        ("foxes", "F AA1 K S IH0 Z"),
        ("tries", "T R AY1 Z"),
        ("blick's", "B L IH1 K S"),
        ("foxes'", "F AA1 K S IH0 Z"),
        ("linn'll", "L IH1 N AH0 L"),
        ("blicked", "B L IH1 K T"),
        ("zapped", "Z AE1 P T"),
        ("blazed", "B L EY1 Z D"),
        ("tried", "T R AY1 D"),
        ("zapping", "Z AE1 P IH0 NG"),
        ("blazing", "B L EY1 Z IH0 NG"),
        ("unhappy", "AH2 N HH AE1 P IY0"),
        ("featherby", "F EH1 DH ER0 B IY0"),
        ("touchscreen", "T AH1 CH S K R IY2 N"),
        ("skywalks", "S K AY1 W AO2 K S"),
    ],
)
def test_words_made_of_others(word: str, phones: str) -> None:
    assert " ".join(derive(word, find) or ()) == phones


@pytest.mark.parametrize("word", ["", "s", "'s", "ing", "zzzz", "oxox", "qskyq", "blickx'x"])
def test_others_are_not(word: str) -> None:
    assert derive(word, find) is None


def test_a_name_is_not_put_together() -> None:
    assert derive("featherby", find)
    assert derive("featherby", find, is_name=True) is None
    assert derive("blick's", find, is_name=True) == derive("blick's", find)
