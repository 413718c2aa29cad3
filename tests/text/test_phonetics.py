"""Which phone of a voice is most like one that it lacks."""

import unicodedata

import pytest

from tts.text.arpabet import IPA
from tts.text.phonetics import letters_of, nearest_phone

ARPABET = ("<pad>", "sil", *sorted(IPA))
ENGLISH = ("<pad>", "sil", *sorted(IPA.values()))


@pytest.mark.parametrize("phone", IPA)
def test_the_same_phone_is_found_in_the_other_alphabet(phone: str) -> None:
    assert nearest_phone(phone, ENGLISH) == IPA[phone]
    assert nearest_phone(IPA[phone], ARPABET) == phone


@pytest.mark.parametrize(
    ("phone", "nearest"),
    {"ˈyː": "IY1", "aː": "AA0", "ɔʏ̯": "OY0", "ç": "SH", "ʁ": "R", "t͡s": "CH", "x": "K", "ɣ": "G", "n̩": "N"}.items(),
)
def test_sounds_of_german_begin_as_their_neighbours_in_english(phone: str, nearest: str) -> None:
    for form in ("NFC", "NFD"):
        assert nearest_phone(unicodedata.normalize(form, phone), ARPABET) == nearest


def test_another_stress_comes_before_another_sound() -> None:
    assert nearest_phone("AE0", ("<pad>", "sil", "AE2", "EH0")) == "AE2"
    assert nearest_phone("AE", ("<pad>", "sil", "AE2", "EH0")) == "AE2"


def test_marks_begin_as_pauses_and_sounds_never_do() -> None:
    assert nearest_phone("?", ("<pad>", "sil", "AA1")) == "sil"
    assert nearest_phone("?", ("<pad>", "sil", ".", "AA1")) == "."
    assert nearest_phone("AA1", ("<pad>", "sil", ",")) is None


@pytest.mark.parametrize("label", ["ZZ9", "spn", "<unk>", "1"])
def test_labels_that_name_no_sound_have_no_neighbour(label: str) -> None:
    assert letters_of(label) == "" and nearest_phone(label, ARPABET) is None
