"""Phones that somebody wrote, in IPA or ARPAbet, as those of a voice."""

from itertools import chain

from tts.errors import InputError
from tts.text.arpabet import CONSONANTS, STRESS, VOWELS
from tts.text.inventory import PhoneInventory
from tts.text.sentences import Phones

ALPHABETS = {"ipa": "ipa", "arpabet": "arpabet", "x-arpabet": "arpabet", "x-cmu": "arpabet", "cmu-arpabet": "arpabet"}
# IPA as it is written elsewhere: British vowels, espeak-ng, letters without their tie.
SPELLINGS = {
    "tʃ": "t͡ʃ", "dʒ": "d͡ʒ", "g": "ɡ", "r": "ɹ", "ɾ": "t", "ʔ": "t", "x": "k", "ɫ": "l", "ɬ": "l", "ʍ": "w", "c": "k",
    "əʊ": "oʊ", "ɒ": "ɑ", "ɐ": "ə", "ᵻ": "ɪ", "ɨ": "ɪ", "ɜ": "ɝ", "a": "æ", "e": "ɛ", "o": "oʊ", "y": "u", "ø": "ɝ",
}  # fmt: skip
IGNORED = frozenset(" .ːˑ͜͡|‿'ʰʲ\N{COMBINING VERTICAL LINE BELOW}\N{COMBINING TILDE}")
LONGEST = max(map(len, chain(VOWELS, CONSONANTS, SPELLINGS)))


def parse_phonemes(written: str, alphabet: str, inventory: PhoneInventory, where: object) -> Phones:
    """Phones of ``inventory``; where it has a sound with another stress alone, that one.

    Raises ``InputError`` naming the phone, or the alphabet, that cannot be used.
    """
    known = ALPHABETS.get(alphabet.lower())
    if known is None:
        raise InputError(where, f"alphabet {alphabet!r} is not known", f"use one of {', '.join(ALPHABETS)}")
    is_arpabet = any(len(phone) == 3 and phone[:2].isupper() and phone[2].isdigit() for phone in inventory.phones)
    if known == "arpabet":
        phones = written.upper().split()
        phones = phones if is_arpabet else [_as_ipa(phone, where) for phone in phones]
    else:
        phones = _split_ipa(written, inventory, where, is_arpabet)
    if not phones:
        raise InputError(where, "names no phones", 'write them, as in ph="t ə m eɪ t oʊ"')
    return tuple(_closest(phone, inventory, where) for phone in phones)


def _closest(phone: str, inventory: PhoneInventory, where: object) -> str:
    closest = inventory.closest(phone)
    if closest is None:
        raise InputError(where, f"phone {phone!r} is not among the {len(inventory)} phones of this voice")
    return closest


def _split_ipa(written: str, inventory: PhoneInventory, where: object, is_arpabet: bool) -> list[str]:
    """The longest sounds, one after the other. Stress, written before a syllable, is that of its vowel."""
    phones, stress, at = list[str](), "", 0
    sounds = set(VOWELS) | set(CONSONANTS) | set(SPELLINGS)
    own = {phone.lstrip("ˈˌ") for phone in inventory.phones[2:]} if not is_arpabet else set()
    while at < len(written):
        if written[at] in STRESS:
            stress, at = written[at], at + 1
            continue
        sound = next((written[at : at + n] for n in range(LONGEST, 0, -1) if written[at : at + n] in sounds | own), "")
        if not sound and written[at] not in IGNORED:
            raise InputError(where, f"phone {written[at]!r} is not one of the IPA that is known here")
        at += max(1, len(sound))
        if sound:
            sound = sound if sound in own else SPELLINGS.get(sound, sound)
            is_vowel = sound in VOWELS or (sound not in CONSONANTS and f"ˈ{sound}" in inventory)
            phones.append(_label(sound, stress if is_vowel else "", is_arpabet))
            stress = "" if is_vowel else stress
    return phones


def _label(sound: str, stress: str, is_arpabet: bool) -> str:
    if not is_arpabet:
        return stress + sound
    return VOWELS[sound] + STRESS.get(stress, "0") if sound in VOWELS else CONSONANTS[sound]


def _as_ipa(phone: str, where: object) -> str:
    sound, stress = phone.rstrip("012"), phone[-1:]
    symbols = {label: ipa for ipa, label in reversed([*VOWELS.items(), *CONSONANTS.items()])}
    if sound not in symbols:
        raise InputError(where, f"phone {phone!r} is not one of ARPAbet")
    marks = {digit: mark for mark, digit in STRESS.items()}
    return marks.get(stress, "") + symbols[sound]
