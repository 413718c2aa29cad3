"""Decades: the 1990s, mid-1980s, the '60s, in his 30s, the 1990's best."""

import re

from tts.text.english.numerals import TENS, cardinal, plural, year
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

SEVERAL = word_set("the under over these those all two three four five six seven eight nine ten")


def _decade(match: re.Match[str], place: Place) -> Spoken:
    century, tens = match[1], int(match[2])
    if not century and not tens:
        return None
    if not century and tens == 1 and place.word_before() == "in":  # in 10s
        return None
    if not century and match[0][0] != "'" and not _is_decade(place) and not _stands_alone(match, place):
        return None
    if not tens:
        return plural(year(int(f"{century}00"))) if century != "20" else "two thousands"
    return f"{cardinal(century)} {plural(TENS[tens])}" if century else plural(TENS[tens])


def _stands_alone(match: re.Match[str], place: Place) -> bool:
    """MARY (40s)"""
    return place.text[match.start() - 1 : match.start()] == "(" and place.text[match.end() : match.end() + 1] == ")"


def _many(match: re.Match[str], _: Place) -> Spoken:
    """1,000s of people, 100s of them."""
    words = cardinal(match[1].replace(",", "")).removeprefix("one ").split()
    return " ".join([*words[:-1], plural(words[-1]) if words[-1] != "ten" else "tens"])


def _several(match: re.Match[str], place: Place) -> Spoken:
    """The 12s and 13s, under 11s, three 5s."""
    again = place.word_before() in ("and", "or", "to") and place.tokens[-2:-1] and place.tokens[-2].kind == "decade"
    if not again and place.word_before() not in SEVERAL:
        return None
    *before, last = cardinal(match[1]).split()
    return " ".join([*before, plural(last)])


def _is_decade(place: Place) -> bool:
    """Whether "90s" is a time and not a number of seconds: the 90s, mid 90s, his 30s."""
    return place.word_before() in (
        "the", "early", "mid", "late", "his", "her", "their", "my", "our", "your", "in", "low", "high", "upper", "and"
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    rule("cardinal", "1", r"(10{1,2}|1,?0{3}|10{1,2},?0{3}|1,?000,?000)'?s(?=\sof\b)", _many),
    rule("decade", "'12", rf"'?(1[0-9]|20)(\d)0'?s{END}", _decade),
    rule("decade", "'1-9", rf"'?()(\d)0'?s{END}", _decade),
    rule("decade", "1-9", rf"(\d{{1,2}})s{END}", _several),
)
