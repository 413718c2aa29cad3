"""Unknown words whose spelling tells where they are from, and so how they are said.

Names of Japan, China and Korea are written in syllables of one sound each (Hepburn's romanisation, pinyin, the Revised
Romanisation of 2000): those are said as they are written.
"""

import re

from tts.text.arpabet import VOWELS
from tts.text.sentences import Phones

JAPANESE = re.compile(
    r"(?:moto|yama|shima|jima|[kg]awa|[zs]aki|[hb]ashi|mura|mori|hara|take|hira|shita|[zs]awa|kura|uchi|guchi|ishi|oka|naga"
    r"|masa|nobu|tomo|hide|shige|yuki|hiko|hiro|suke|taro|jiro|ichi|miya|hata|gami|juku|zumi|kubo)$"
)
ROMAJI_ONSETS = {
    "": "", "k": "K", "g": "G", "s": "S", "z": "Z", "j": "JH", "t": "T", "d": "D", "n": "N", "h": "HH", "b": "B",
    "p": "P", "m": "M", "y": "Y", "r": "R", "w": "W", "f": "F", "sh": "SH", "ch": "CH", "ts": "T S", "ky": "K Y",
    "gy": "G Y", "ny": "N Y", "hy": "HH Y", "by": "B Y", "my": "M Y", "ry": "R Y", "kk": "K", "tt": "T", "pp": "P",
    "ss": "S", "tch": "CH",
}  # fmt: skip
MORA = re.compile(
    rf"({'|'.join(sorted(ROMAJI_ONSETS, key=len, reverse=True))})(ai|ei|oo|ou|uu|ii|[aiueo])(n(?![aiueoy])|m(?=[bp]))?"
)
FULL = {
    "a": "AA",
    "i": "IY",
    "u": "UW",
    "e": "EH",
    "o": "OW",
    "ai": "AY",
    "ei": "EY",
    "oo": "OW",
    "ou": "OW",
    "uu": "UW",
    "ii": "IY",
}
REDUCED = FULL | {"a": "AH", "i": "IH"}
FINAL = FULL | {"a": "AH", "e": "EY"}

CHINESE = re.compile(r"^(?:x[iu]|q(?!ue)[iu]|zh)|[a-z]xi|[aiueong]zh[aeiou]|[aiueong]q[iu](?!e)")
PINYIN_ONSETS = {
    "": "", "b": "B", "p": "P", "m": "M", "f": "F", "d": "D", "t": "T", "n": "N", "l": "L", "g": "G", "k": "K",
    "h": "HH", "j": "JH", "q": "CH", "x": "SH", "zh": "JH", "ch": "CH", "sh": "SH", "r": "R", "z": "Z", "c": "T S",
    "s": "S", "y": "Y", "w": "W",
}  # fmt: skip
PINYIN_FINALS = {
    "a": "AA", "o": "AO", "e": "AH", "i": "IY", "u": "UW", "ai": "AY", "ei": "EY", "ao": "AW", "ou": "OW", "an": "AA N",
    "en": "AH N", "ang": "AA NG", "eng": "AH NG", "ong": "UH NG", "ia": "Y AA", "ie": "Y EH", "iao": "Y AW",
    "iu": "Y OW", "ian": "Y EH N", "in": "IH N", "iang": "Y AA NG", "ing": "IH NG", "iong": "Y UH NG", "ua": "W AA",
    "uo": "W OW", "uai": "W AY", "ui": "W EY", "uan": "W AA N", "un": "UH N", "uang": "W AA NG", "ue": "W EH",
}  # fmt: skip
SYLLABLE = re.compile(
    rf"([jqxy])([iu](?:ang|ong|ng|ao|an|n|e|a|u)?)(?![aeiou])"
    rf"|((?!j|q|x){'|(?!j|q|x)'.join(sorted(PINYIN_ONSETS, key=len, reverse=True))})"
    rf"({'|'.join(sorted(PINYIN_FINALS, key=len, reverse=True))})(?![aeiou])"
)
KOREAN = re.compile(
    r"yeo|eo(?:ng|[uklpb])|[jsgbdh]eo(?=n(?![aeiouy])|[jgbdshm])|eu[lnmk]|eung|[gh]wa(?:ng)?(?![a-z]?e)"
)
KOREAN_ONSETS = {
    "": "", "g": "G", "kk": "K", "n": "N", "d": "D", "tt": "T", "r": "R", "l": "L", "m": "M", "b": "B", "pp": "P",
    "s": "S", "ss": "S", "j": "JH", "jj": "JH", "ch": "CH", "k": "K", "t": "T", "p": "P", "h": "HH",
}  # fmt: skip
KOREAN_VOWELS = {
    "a": "AA", "ae": "EH", "ya": "Y AA", "yae": "Y EH", "eo": "AH", "e": "EH", "yeo": "Y AH", "ye": "Y EH", "o": "OW",
    "wa": "W AA", "wae": "W EH", "oe": "W EH", "yo": "Y OW", "u": "UW", "wo": "W AO", "we": "W EH", "wi": "W IY",
    "yu": "Y UW", "eu": "UH", "ui": "IY", "i": "IY",
}  # fmt: skip
OPEN, CLOSED = {"ae": "EY"}, {"u": "UH"}  # how some vowels differ where a syllable ends with one, or with a consonant
KOREAN_SYLLABLE = re.compile(
    rf"({'|'.join(sorted(KOREAN_ONSETS, key=len, reverse=True))})"
    rf"({'|'.join(sorted(KOREAN_VOWELS, key=len, reverse=True))})"
    r"((?:ng|[nmlkpt])(?![aeiouyw])|ng(?=[aeiou])|)"
)
BUZZING = {"zh": "ER", "ch": "ER", "sh": "ER", "r": "ER", "z": "AH", "c": "AH", "s": "AH"}  # "i" behind them
MOST_SYLLABLES = 3
VOWEL_SOUNDS = frozenset([*VOWELS.values(), "ER"])


def say(word: str) -> Phones | None:
    """Phones of ``word``, in plain small letters, where its syllables are those of names of Japan, China or Korea."""
    if CHINESE.search(word):
        return _chinese(word)
    if KOREAN.search(word) and (said := _korean(word)):
        return said
    return _japanese(word) if JAPANESE.search(word) else None


def _japanese(word: str) -> Phones | None:
    morae, end = list[re.Match[str]](), 0
    while end < len(word) and (match := MORA.match(word, end)):
        morae.append(match)
        end = match.end()
    if end < len(word) or len(morae) < 3:
        return None
    phones = list[str]()
    for place, mora in enumerate(morae):
        before_stress = len(morae) - 2 - place
        vowels = FULL if before_stress in (0, 2) else REDUCED if before_stress > -1 else FINAL
        stress = {0: "1", 2: "2"}.get(before_stress, "0")
        phones += [*ROMAJI_ONSETS[mora[1]].split(), f"{vowels[mora[2]]}{stress}", *((mora[3] or "").upper())]
    return tuple(phones)


def _chinese(word: str) -> Phones | None:
    syllables, end = list[list[str]](), 0
    while end < len(word) and (match := SYLLABLE.match(word, end)) and (match[2] or match[4]) in PINYIN_FINALS:
        syllables.append(_pinyin(match[1] or match[3], match[2] or match[4]))
        end = match.end()
    if end < len(word) or len(syllables) > MOST_SYLLABLES:
        return None
    stresses = ["2"] * (len(syllables) - 1) + ["1"]
    return tuple(
        f"{sound}{stress}" if sound in VOWEL_SOUNDS else sound
        for sounds, stress in zip(syllables, stresses, strict=True)
        for sound in sounds
    )


def _korean(word: str) -> Phones | None:
    syllables, end = list[list[str]](), 0
    while end < len(word) and (match := KOREAN_SYLLABLE.match(word, end)):
        vowel = (CLOSED if match[3] else OPEN).get(match[2], KOREAN_VOWELS[match[2]])
        syllables.append([*KOREAN_ONSETS[match[1]].split(), *vowel.split(), *match[3].upper().split()])
        end = match.end()
    if end < len(word) or not 1 < len(syllables) <= MOST_SYLLABLES:
        return None
    sounds = [(sound, place) for place, syllable in enumerate(syllables) for sound in syllable]
    main = max(len(syllables) - 2, 0)
    return tuple(
        f"{sound}{1 if place == main else 2}" if sound in VOWEL_SOUNDS else sound
        for index, (sound, place) in enumerate(sounds)
        if not index or sound != sounds[index - 1][0]  # makgeolli
    )


def _pinyin(onset: str, final: str) -> list[str]:
    sound = PINYIN_FINALS[final]
    if final == "i" and onset in BUZZING:
        sound = BUZZING[onset]
    if onset == "y" and final[0] == "i":  # yi, yin, ying
        onset = ""
    return [*PINYIN_ONSETS[onset].split(), *sound.split()]
