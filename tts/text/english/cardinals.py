"""Plain numbers: 3, 1,234,567, 2.0, -5, 007, 1 000 000, and those of rooms, flights and roads."""

import re

from tts.text.english.numerals import ONES, cardinal, decimal, in_pairs, spell_digits, whole_number
from tts.text.english.rules import ALNUM, NUMBER, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

# What is called by its number, two digits at a time.
NUMBERED = word_set(
    """
    room rooms flight suite apartment apt highway route interstate bus train gate unit studio extension
    channel bldg building boeing airbus pier locker freeway hwy error status
    """
)
ROAD = re.compile(r"\s(?:freeway|highway|interstate|beltway|bus|flight)\b")  # the 405 freeway
MAGNITUDES = "hundred|thousand|million|billion|trillion|quadrillion|dozen"


def _number(match: re.Match[str], place: Place) -> Spoken:
    digits = match[0]
    if len(digits) in (3, 4) and digits.isdigit():
        if re.match(r"[A-Z]-", place.text[max(0, match.start() - 2) : match.start()]) and len(digits) == 3:
            return in_pairs(digits)  # F-150
        road = ROAD.match(place.text, match.end())
        if road or place.word_before() in NUMBERED or _follows_initialism(place):
            return in_pairs(digits)
    return decimal(digits)


def _follows_initialism(place: Place) -> bool:
    """RFC 2616, ISO 8601, RTX 4090."""
    return place.word_before() != "" and place.written_before().isupper() and len(place.written_before()) > 1


def _negative(match: re.Match[str], _: Place) -> Spoken:
    return decimal(match[0].replace("–", "-").replace("- ", "-"))


def _grouped(match: re.Match[str], _: Place) -> Spoken:
    return cardinal(re.sub(r"\D", "", match[0]))


def _numbers_in_a_row(match: re.Match[str], _: Place) -> Spoken:
    """1,2,3: no thousands, so one by one."""
    return " ".join(map(whole_number, match[0].split(",")))


def _european(match: re.Match[str], _: Place) -> Spoken:
    """1.234.567,89"""
    return decimal(match[0].replace(".", "").replace(",", "."))


def _long(match: re.Match[str], _: Place) -> Spoken:
    return spell_digits(match[0])


def _any_digits(match: re.Match[str], _: Place) -> Spoken:
    return " ".join(ONES[int(digit)] for digit in match[0])


RULES: tuple[Rule, ...] = (
    rule("cardinal", "1-9", rf"\d{{1,3}}(?:(?:\.\d{{3}}){{2,}}(?:,\d+)?|\.\d{{3}},\d+)(?![.]|,\d|{ALNUM})", _european),
    rule("cardinal", "1-9", rf"\d{{1,3}}(?: \d{{3}}){{2,6}}(?![\d]|[ ,.]\d|{ALNUM})", _grouped),
    rule("cardinal", "1-9", r"(?<!\d )\d{1,3} 000(?=\s[a-z]{3,}s\b|\s?(?:km|kg|people|men|women)\b)", _grouped),
    rule("cardinal", "1-9", r"\d{1,3}(?:'\d{3})+(?![\d'])|\d{1,3}(?:_\d{3})+(?![\d_])", _grouped),
    rule("cardinal", "1-9", r"\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])", _grouped),  # lakhs and crores
    rule("cardinal", "0-9", r"\d{16,}(?!\.\d)", _long),
    rule("cardinal", "0-9", r"\d{1,3}(?:,\d{1,2})+(?![\d])", _numbers_in_a_row),
    rule("cardinal", "0-9.", NUMBER + r"(?!\d)", _number),
    rule("cardinal", "-+", rf"(?<![\w)])[-+]{NUMBER}(?!\d)", _negative),
    rule("cardinal", "0-9", r"\d+", _any_digits),
)
