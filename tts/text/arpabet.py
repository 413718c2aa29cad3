"""IPA as gruut writes it, and ARPAbet as CMUdict and the Montreal Forced Aligner write it."""

from collections.abc import Iterable

from tts.errors import InputError

STRESS = {"ˈ": "1", "ˌ": "2"}
VOWELS = {
    "ə": "AH", "ʌ": "AH", "ɚ": "ER", "ɝ": "ER", "i": "IY", "ɪ": "IH", "ɛ": "EH", "æ": "AE", "ɑ": "AA", "ɔ": "AO",
    "u": "UW", "ʊ": "UH", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "oʊ": "OW", "aʊ": "AW",
}  # fmt: skip
CONSONANTS = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S",
    "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "t͡ʃ": "CH", "d͡ʒ": "JH", "m": "M", "n": "N", "ŋ": "NG", "l": "L",
    "ɹ": "R", "j": "Y", "w": "W",
}  # fmt: skip
IPA = {arpabet: ipa for ipa, arpabet in CONSONANTS.items()} | {
    f"{arpabet}{digit}": f"{mark}{ipa}"
    for ipa, arpabet in VOWELS.items()
    for mark, digit in (("", "0"), *STRESS.items())
    if ipa not in ("ɝ", "ə" if mark else "ʌ")
}


def to_arpabet(phones: Iterable[str], where: object) -> tuple[str, ...]:
    """Vowels carry a stress digit: 1 primary, 2 secondary, 0 none. Raises ``InputError`` for a sound not in English."""
    return tuple(_phone(ipa, where) for ipa in phones)


def to_ipa(phones: Iterable[str]) -> tuple[str, ...]:
    """The other way; AH is the vowel of "cut" where it is stressed, else the first of "about"."""
    return tuple(IPA[phone] for phone in phones)


def is_vowel(phone: str) -> bool:
    return phone[-1].isdigit()


def _phone(ipa: str, where: object) -> str:
    sound = ipa.lstrip("ˈˌ")
    if sound in VOWELS:
        return VOWELS[sound] + STRESS.get(ipa[0], "0")
    if sound not in CONSONANTS:
        raise InputError(where, f"phone {ipa!r} has no ARPAbet symbol")
    return CONSONANTS[sound]
