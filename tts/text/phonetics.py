"""How alike phones sound: where a voice that lacks one finds the nearest that it has."""

import unicodedata
from collections.abc import Sequence

from tts.text.arpabet import IPA
from tts.text.inventory import PAD, PhoneInventory, without_stress
from tts.text.marks import MARKS, PAUSES, mark_for

Features = tuple[float, float, float]

# From the vowel chart of the International Phonetic Association: height (0 close to 6 open), backness (0 front to
# 4 back), and 1 where lips are rounded or the tongue is, as in ɚ.
VOWELS: dict[str, Features] = {
    "i": (0, 0, 0), "y": (0, 0, 1), "ɨ": (0, 2, 0), "ʉ": (0, 2, 1), "ᵻ": (0.5, 1.5, 0), "ɯ": (0, 4, 0), "u": (0, 4, 1),
    "ɪ": (1, 0.5, 0), "ʏ": (1, 0.5, 1), "ʊ": (1, 3.5, 1),
    "e": (2, 0, 0), "ø": (2, 0, 1), "ɘ": (2, 2, 0), "ɵ": (2, 2, 1), "ɤ": (2, 4, 0), "o": (2, 4, 1),
    "ə": (3, 2, 0), "ɚ": (3, 2, 1),
    "ɛ": (4, 0, 0), "œ": (4, 0, 1), "ɜ": (4, 2, 0), "ɝ": (4, 2, 1), "ɞ": (4, 2, 1), "ʌ": (4, 3.5, 0), "ɔ": (4, 4, 1),
    "æ": (5, 0, 0), "ɐ": (4.5, 2, 0), "a": (6, 2, 0), "ɶ": (6, 0, 1), "ɑ": (6, 4, 0), "ɒ": (6, 4, 1),
}  # fmt: skip

# From its chart of consonants: place (0 both lips, 1 lip and teeth, 2 teeth, 3 ridge, 4 behind it, 5 palate, 6 velum,
# 7 uvula, 8 pharynx, 9 glottis), manner, and 2 where voiced. Every r is near every other, as
# listeners take them for one sound.
PLOSIVE, FRICATIVE, RHOTIC, APPROXIMANT, LATERAL, NASAL = 0, 2, 6, 7, 8, 11
CONSONANTS: dict[str, Features] = {
    "p": (0, PLOSIVE, 0), "b": (0, PLOSIVE, 2), "t": (3, PLOSIVE, 0), "d": (3, PLOSIVE, 2), "ʈ": (4, PLOSIVE, 0),
    "ɖ": (4, PLOSIVE, 2), "c": (5, PLOSIVE, 0), "ɟ": (5, PLOSIVE, 2), "k": (6, PLOSIVE, 0), "ɡ": (6, PLOSIVE, 2),
    "g": (6, PLOSIVE, 2), "q": (7, PLOSIVE, 0), "ɢ": (7, PLOSIVE, 2), "ʔ": (9, PLOSIVE, 0),
    "ɸ": (0, FRICATIVE, 0), "β": (0, FRICATIVE, 2), "f": (1, FRICATIVE, 0), "v": (1, FRICATIVE, 2),
    "θ": (2, FRICATIVE, 0), "ð": (2, FRICATIVE, 2), "s": (3, FRICATIVE, 0), "z": (3, FRICATIVE, 2),
    "ʃ": (4, FRICATIVE, 0), "ʒ": (4, FRICATIVE, 2), "ʂ": (4, FRICATIVE, 0), "ʐ": (4, FRICATIVE, 2),
    "ɕ": (4.5, FRICATIVE, 0), "ʑ": (4.5, FRICATIVE, 2), "ç": (5, FRICATIVE, 0), "ʝ": (5, FRICATIVE, 2),
    "x": (6, FRICATIVE, 0), "ɣ": (6, FRICATIVE, 2), "χ": (7, FRICATIVE, 0), "ħ": (8, FRICATIVE, 0),
    "ʕ": (8, FRICATIVE, 2), "h": (9, FRICATIVE, 0), "ɦ": (9, FRICATIVE, 2), "ɬ": (3, FRICATIVE, 0),
    "r": (3, RHOTIC, 2), "ɾ": (3, RHOTIC, 2), "ɹ": (3, RHOTIC, 2), "ɻ": (4, RHOTIC, 2), "ɽ": (4, RHOTIC, 2),
    "ʀ": (4, RHOTIC, 2), "ʁ": (4, RHOTIC, 2),
    "w": (0, APPROXIMANT, 2), "ʍ": (0, APPROXIMANT, 0), "ʋ": (1, APPROXIMANT, 2), "ɥ": (5, APPROXIMANT, 2),
    "j": (5, APPROXIMANT, 2), "ɰ": (6, APPROXIMANT, 2),
    "l": (3, LATERAL, 2), "ɫ": (3, LATERAL, 2), "ɭ": (4, LATERAL, 2), "ʎ": (5, LATERAL, 2),
    "m": (0, NASAL, 2), "ɱ": (1, NASAL, 2), "n": (3, NASAL, 2), "ɳ": (4, NASAL, 2), "ɲ": (5, NASAL, 2),
    "ŋ": (6, NASAL, 2), "ɴ": (7, NASAL, 2),
}  # fmt: skip
SOUNDS = VOWELS | CONSONANTS
VOWEL_AND_CONSONANT = 20.0  # how far apart any two are
MODIFIER = 0.25  # what a difference in stress, length or the like adds
LONGEST_CONSONANT = 2  # letters, of affricates


def nearest_phone(phone: str, known: Sequence[str]) -> str | None:
    """Of the ``known`` phones, an inventory in id order, the one most like ``phone``; None for a label of neither
    alphabet.

    First ``phone`` itself, then its sound with another stress, then the neighbour by place, manner and voice, or by
    height, backness and rounding. IPA and ARPAbet find each other. A mark is read as voices read it that lack it.
    """
    closest = PhoneInventory(known).closest(phone)
    if closest is None and phone in PAUSES:
        return mark_for(next(kind for kind, mark in MARKS.items() if mark == phone), known)
    sounds = [other for other in known if other not in PAUSES and other != PAD and letters_of(other)]
    if closest or not sounds or not letters_of(phone):
        return closest
    return min(sounds, key=lambda other: (_distance(phone, other), other))


def letters_of(phone: str) -> str:
    """The IPA letters of a label in either alphabet, without stress, length and accents; "" where it is in neither."""
    letters = "".join(char for char in _as_ipa(phone) if _is_letter(char))
    known = all(letter in SOUNDS for letter in letters)
    is_sound = len(letters) <= LONGEST_CONSONANT or all(letter in VOWELS for letter in letters)
    return letters if known and is_sound else ""


def _distance(left: str, right: str) -> float:
    """From beginning to beginning and from end to end, as diphthongs and affricates change on the way."""
    (a, b), (c, d) = ((letters[0], letters[-1]) for letters in (letters_of(left), letters_of(right)))
    modifiers, others = (set(_as_ipa(phone)) - SOUNDS.keys() for phone in (left, right))
    return (_between(a, c) + _between(b, d)) / 2 + MODIFIER * len(modifiers ^ others)


def _between(left: str, right: str) -> float:
    if (left in VOWELS) != (right in VOWELS):
        return VOWEL_AND_CONSONANT
    return sum(abs(a - b) for a, b in zip(SOUNDS[left], SOUNDS[right], strict=True))


def _as_ipa(phone: str) -> str:
    stressed = f"{phone}1"  # aligners have vowels without a digit
    ipa = without_stress(IPA[stressed]) if stressed in IPA else IPA.get(phone, phone)
    return unicodedata.normalize("NFD", ipa).replace("c\N{COMBINING CEDILLA}", "ç")  # a letter, not an accent


def _is_letter(char: str) -> bool:
    """Of a sound: stress, length and what is written small above are modifiers."""
    category = unicodedata.category(char)
    return category.startswith("L") and category != "Lm"
