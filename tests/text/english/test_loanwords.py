"""Names that are said as their own language spells them."""

import pytest

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.english.loanwords import respelled, say
from tts.text.english.pronunciations import PHONES


@pytest.mark.parametrize(
    ("name", "phones"),
    [
        ("qingdao", "CH IH2 NG D AW1"),
        ("xunzi", "SH UH2 N Z AH1"),
        ("zhengzhou", "JH AH2 NG JH OW1"),
        ("keqiang", "K AH2 CH Y AA1 NG"),
        ("miyashita", "M IY2 Y AH0 SH IY1 T AH0"),
        ("tanizaki", "T AA2 N IH0 Z AA1 K IY0"),
        ("xander", None),
        ("queso", None),
        ("zhukov", None),
        ("nanotube", None),
        ("toffeemoto", None),
    ],
)
def test_syllables_of_japan_and_china(name: str, phones: str | None) -> None:
    said = say(name)
    assert (" ".join(said) if said else None) == phones
    assert set(said or ()) <= set(PHONES)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("çelik", "chelik"),
        ("garçon", "garson"),
        ("škoda", "shkoda"),
        ("peña", "penya"),
        ("petrovic", "petrovitch"),
        ("plain", "plain"),
    ],
)
def test_marks_are_spelled_as_english_would(name: str, spelling: str) -> None:
    assert respelled(name) == spelling


@pytest.mark.parametrize(("name", "begins"), [("Çelik", "CH EH1"), ("Kılıç", "K"), ("Şişli", "SH IH1 SH")])
def test_marks_are_heard(name: str, begins: str) -> None:
    (word,) = EnglishFrontEnd("en-us")(name)[0].words
    assert " ".join(word.phones).startswith(begins)
