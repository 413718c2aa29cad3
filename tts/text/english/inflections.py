"""Words made of known ones: forms in -s, -ed and -ing, words with an ending or a beginning, and compounds."""

from collections.abc import Callable, Iterator

from tts.text.arpabet import is_vowel
from tts.text.english.letters import VOWELS
from tts.text.english.word_lists import word_set
from tts.text.inventory import without_stress
from tts.text.sentences import Phones

Find = Callable[[str], Phones | None]

HISSES = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
VOICELESS = frozenset({"P", "T", "K", "F", "TH", "S", "SH", "CH"})
SHORTEST_STEM = 3  # letters
SHORTEST_PART, SHORTEST_OTHER = 3, 5  # letters of the parts of a compound
SHORTEST_PARTS = 4  # where both are that long

CLITICS: dict[str, Phones] = {"'ll": ("AH0", "L"), "'d": ("D",), "'ve": ("V",), "'re": ("ER0",), "'m": ("M",)}
ENDINGS: dict[str, Phones] = {
    "ly": ("L", "IY0"), "ness": ("N", "AH0", "S"), "less": ("L", "AH0", "S"), "ful": ("F", "AH0", "L"),
    "ment": ("M", "AH0", "N", "T"), "er": ("ER0",), "able": ("AH0", "B", "AH0", "L"), "ish": ("IH0", "SH"),
    "ship": ("SH", "IH2", "P"), "hood": ("HH", "UH2", "D"), "ism": ("IH2", "Z", "AH0", "M"),
    "ist": ("IH0", "S", "T"),
    "by": ("B", "IY0"), "bury": ("B", "EH2", "R", "IY0"), "ton": ("T", "AH0", "N"), "ham": ("HH", "AE2", "M"),
    "ford": ("F", "ER0", "D"), "ley": ("L", "IY0"), "shire": ("SH", "ER0"), "land": ("L", "AH0", "N", "D"),
    "borough": ("B", "ER2", "OW0"), "burg": ("B", "ER0", "G"), "berg": ("B", "ER0", "G"),
    "ville": ("V", "IH2", "L"),
    "man": ("M", "AH0", "N"), "men": ("M", "EH2", "N"), "son": ("S", "AH0", "N"), "worth": ("W", "ER0", "TH"),
}  # fmt: skip
BEGINNINGS: dict[str, Phones] = {
    "un": ("AH2", "N"), "re": ("R", "IY2"), "non": ("N", "AA2", "N"), "anti": ("AE2", "N", "T", "IY0"),
    "pre": ("P", "R", "IY2"), "mis": ("M", "IH0", "S"), "dis": ("D", "IH0", "S"), "co": ("K", "OW2"),
    "micro": ("M", "AY2", "K", "R", "OW0"), "hyper": ("HH", "AY2", "P", "ER0"),
    "cyber": ("S", "AY2", "B", "ER0"),
    "bio": ("B", "AY2", "OW0"), "geo": ("JH", "IY2", "OW0"), "neuro": ("N", "UH2", "R", "OW0"),
    "multi": ("M", "AH2", "L", "T", "IY0"), "nano": ("N", "AE2", "N", "OW0"), "photo": ("F", "OW2", "T", "OW0"),
    "electro": ("IH0", "L", "EH2", "K", "T", "R", "OW0"), "auto": ("AO2", "T", "OW0"),
    "exo": ("EH2", "K", "S", "OW0"), "x": ("EH2", "K", "S"),
    "mac": ("M", "AH0", "K"), "fitz": ("F", "IH0", "T", "S"),
}  # fmt: skip


# Of these, such as make nouns with one syllable behind them.
COMBINING = word_set("micro hyper cyber bio geo neuro multi nano photo electro auto exo x")


def derive(word: str, find: Find, is_name: bool = False) -> Phones | None:
    """Phones of ``word`` if it is made of words that ``find`` knows. Names are rarely made of others, even where their
    letters would allow it: of those of CMUdict that may be put together so, half would be wrong."""
    for make in (_inflected, _with_beginning) if is_name else (_inflected, _with_ending, _with_beginning, _compound):
        if phones := make(word, find):
            return phones
    return None


def with_s(phones: Phones) -> Phones:
    """A plural, a possessive, or the third person."""
    if phones[-1] in HISSES:
        return (*phones, "IH0", "Z")
    return (*phones, "S" if phones[-1] in VOICELESS else "Z")


def with_ed(phones: Phones) -> Phones:
    if phones[-1] in ("T", "D"):
        return (*phones, "IH0", "D")
    return (*phones, "T" if phones[-1] in VOICELESS else "D")


def with_ing(phones: Phones) -> Phones:
    return (*phones, "IH0", "NG")


def _inflected(word: str, find: Find) -> Phones | None:
    stem, apostrophe, clitic = word.rpartition("'")
    if apostrophe:
        phones = find(stem) or derive(stem, find) if stem else None
        if phones and clitic in ("s", ""):
            return phones if not clitic and phones[-1] in HISSES else with_s(phones)
        return (*phones, *CLITICS[f"'{clitic}"]) if phones and f"'{clitic}" in CLITICS else None
    for ending, inflect in (("s", with_s), ("ed", with_ed), ("ing", with_ing)):
        if word.endswith(ending) and not word.endswith("ss"):
            for stem in _stems(word, ending):
                if len(stem) >= SHORTEST_STEM and (phones := find(stem)):
                    return inflect(phones)
    return None


def _stems(word: str, ending: str) -> Iterator[str]:
    """What the word may be a form of: want-ed, love-d, tri-ed of try, stop-p-ed."""
    bare = word[: -len(ending)]
    if ending == "s":
        yield bare
        if bare.endswith("e") and bare[:-1].endswith(("s", "x", "z", "ch", "sh", "o")):
            yield bare[:-1]
        if bare.endswith("ie"):
            yield f"{bare[:-2]}y"
        return
    if len(bare) > SHORTEST_STEM and bare[-1] == bare[-2] and bare[-1] not in "aeiouls":
        yield bare[:-1]
    if ending == "ed" and bare.endswith("i"):
        yield f"{bare[:-1]}y"
    yield f"{bare}e"
    yield bare


def _with_ending(word: str, find: Find) -> Phones | None:
    for ending, phones in ENDINGS.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > SHORTEST_STEM:
            other = f"{stem}e" if ending[0] in VOWELS else f"{stem[:-1]}y" if stem[-1] == "i" else stem
            if found := find(stem) or find(other):
                return (*found, *phones)
    return None


def _with_beginning(word: str, find: Find) -> Phones | None:
    for beginning, phones in BEGINNINGS.items():
        stem = word.removeprefix(beginning)
        if stem != word and len(stem) > SHORTEST_STEM and (found := find(stem) or _inflected(stem, find)):
            return _stressed_first(phones, found) if beginning in COMBINING else (*phones, *found)
    return None


def _stressed_first(phones: Phones, stem: Phones) -> Phones:
    """The main stress is on the beginning where the stem is one syllable: nanotube, photobomb."""
    if sum(map(is_vowel, stem)) > 1:
        return (*phones, *stem)
    return (*(f"{phone[:-1]}1" if phone[-1] == "2" else phone for phone in phones), *_weaker(stem))


def _compound(word: str, find: Find) -> Phones | None:
    """Of two words, the main stress on the first, unless the second has it late (backpropagation); the most even split
    is tried first."""
    if not word.isalpha():
        return None
    middle = len(word) // 2
    for cut in sorted(range(SHORTEST_PART, len(word) - SHORTEST_PART + 1), key=lambda cut: abs(cut - middle)):
        shorter, longer = sorted((cut, len(word) - cut))
        long_enough = longer >= SHORTEST_OTHER or shorter >= SHORTEST_PARTS
        if long_enough and (first := find(word[:cut])) and (second := _second_part(word[cut:], find)):
            late = (
                [phone[-1] for phone in second if is_vowel(phone)].index("1") > 1 if "1" in "".join(second) else False
            )
            return (*_weaker(first), *second) if late else (*first, *_weaker(second))
    return None


def _second_part(word: str, find: Find) -> Phones:
    return find(word) or _inflected(word, find) or ()


def _weaker(phones: Phones) -> Phones:
    """With a secondary stress in place of the main one."""
    return tuple(f"{without_stress(phone)}2" if phone[-1] == "1" else phone for phone in phones)
