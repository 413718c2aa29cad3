"""Letters with marks and what a spelling tells of a language."""

import pytest

from tts.text.english.front_end import EnglishFrontEnd
from tts.text.english.origins import fits, respelled


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("çelik", "chelik"),
        ("garçon", "garson"),
        ("škoda", "shkoda"),
        ("peña", "penya"),
        ("petrovic", "petrovitch"),
        ("živković", "zhivkovitch"),
        ("němcová", "nyemtsová"),
        ("dąbrowska", "dombrofska"),
        ("zawadzki", "zavadzki"),
        ("åberg", "oberg"),
        ("kristjánsson", "kristyánsson"),
        ("moutinho", "moutinyo"),
        ("guicciardini", "guichardini"),
        ("cwmbran", "coombran"),
        ("schäuble", "schoyble"),
        ("canoğlu", "janolu"),
        ("piqué", "pikay"),
        ("niarchos", "niarchoce"),
        ("trzaskowski", "chaskofski"),
        ("hämäläinen", "hämälighnen"),
        ("gordeev", "gordayyev"),
        ("jääger", "yääger"),
        ("krasniqi", "krasnichi"),
        ("szalai", "salai"),
        ("karadžić", "karajitch"),
        ("lecce", "lechay"),
        ("bocelli", "bochelli"),
        ("pontypridd", "pontyprith"),
        ("csongor", "chongor"),
        ("thiết", "tiyet"),
        ("plain", "plain"),
    ],
)
def test_names_are_spelled_as_english_would(name: str, spelling: str) -> None:
    assert respelled(name) == spelling


@pytest.mark.parametrize(("name", "begins"), [("Çelik", "CH EH1"), ("Kılıç", "K"), ("Şişli", "SH IH1 SH")])
def test_marks_are_heard(name: str, begins: str) -> None:
    (word,) = EnglishFrontEnd("en-us")(name)[0].words
    assert " ".join(word.phones).startswith(begins)


@pytest.mark.parametrize(
    ("name", "stressed"),
    [
        ("Michoacán", "AA1 N"), ("Iván", "AA1 N"), ("Bruyère", "EH1 R"), ("Ávila", "AA1 V"), ("Óbidos", "OW1 B"),
        ("Hélène", "EH1 N"), ("Seán", "SH AO1 N"), ("Orbán", "AO1 R"), ("Novák", "OW1 V"),
        ("Márquez", "AA1 R"), ("Bolívar", "IY1 V"), ("Molnár", "OW1 L"),
    ],
)  # fmt: skip
def test_an_accent_bears_the_stress_where_it_does_at_home(name: str, stressed: str) -> None:
    (word,) = EnglishFrontEnd("en-us")(name)[0].words
    assert stressed in " ".join(word.phones)


def test_a_listed_word_without_the_mark_may_be_another() -> None:
    mane, cafe = ("M", "EY1", "N"), ("K", "AH0", "F", "EY1")
    assert fits("mane", mane)
    assert not fits("mané", mane)
    assert fits("café", cafe)
