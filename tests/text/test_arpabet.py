import pytest

from tts.errors import InputError
from tts.text.arpabet import CONSONANTS, STRESS, VOWELS, to_arpabet, to_ipa
from tts.text.english.pronunciations import PHONES


def test_every_sound_has_both_spellings() -> None:
    assert to_arpabet(to_ipa(PHONES), "test") == PHONES
    ipa = [f"{mark}{vowel}" for vowel in VOWELS for mark in ("", *STRESS)] + list(CONSONANTS)
    assert set(to_arpabet(ipa, "test")) == set(PHONES) and len(PHONES) == 15 * 3 + 24


def test_another_sound_is_refused() -> None:
    with pytest.raises(InputError, match="phone 'y' has no ARPAbet symbol"):
        to_arpabet(["y"], "word 'lune'")
