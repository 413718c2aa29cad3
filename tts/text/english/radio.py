"""What is said by radio, digit by digit: runway 27L, squawk 4271, FL350, 10-4."""

import re

from tts.text.english.numerals import cardinal, spell_digits
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

SIDES = {"L": " left", "R": " right", "C": " center", "": ""}
CODED = word_set("squawk squawking squawked heading")


def _runway(match: re.Match[str], place: Place) -> Spoken:
    """Runway 27L, runways 9L/27R."""
    if place.word_before() not in ("runway", "runways"):
        return None
    ways = re.findall(r"(\d{1,2})([LRC]?)", match[0])
    return " ".join(f"{spell_digits(number)}{SIDES[side]}" for number, side in ways)


def _digits(match: re.Match[str], place: Place) -> Spoken:
    """Squawk 7000, heading 090."""
    return spell_digits(match[0]) if place.word_before() in CODED else None


def _ten_code(match: re.Match[str], _: Place) -> Spoken:
    """10-4, 10-20."""
    return f"ten {cardinal(match[1])}"


RULES: tuple[Rule, ...] = (
    rule("radio", "0-9", rf"\d{{1,2}}[LRC]?(?:/\d{{1,2}}[LRC]?)?{END}", _runway),
    rule("radio", "0-9", rf"\d{{3,4}}{END}", _digits),
    rule("radio", "F", rf"FL\s?(\d{{2,3}}){END}", lambda match, _: f"flight level {spell_digits(match[1])}"),
    rule(
        "radio",
        "1",
        r"10-(4|7|8|9|13|20|33|50|200)(?=,?\s(?:good|copy|over|that|roger|sir|boss|chief|dispatch)\b|[.!]?$|[.!]\s)",
        _ten_code,
    ),
)
