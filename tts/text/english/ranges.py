"""Two numbers with a hyphen between: 20-30 chairs, a 3-2 score, pages 10–15, 10-20k."""

import re

from tts.text.english.numerals import cardinal, decimal, ordinal
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, rule
from tts.text.english.scores import is_score

# Of what is numbered within parts: Table 2-1.
DIVIDED = frozenset(["table", "figure", "exhibit", "form", "problem", "exercise", "example", "equation"])


def _span(match: re.Match[str], place: Place) -> Spoken:
    first, last = match["first"], match["last"]
    if is_score(match, place):
        return f"{cardinal(first)} {cardinal(last)}"
    divided = place.word_before() in DIVIDED and len(first + last) < 4 and not last.endswith("0")
    between = "dash" if divided else "and" if place.word_before() == "between" else "to"
    return f"{decimal(first)} {between} {decimal(last)}"


def _row(match: re.Match[str], _: Place) -> Spoken:
    """4-4-2, 6-3-1: one after the other."""
    return " ".join(cardinal(int(part)) if part[0] != "0" else decimal(part) for part in re.split("[-–]", match[0]))


def _ordinals(match: re.Match[str], _: Place) -> Spoken:
    """1st-3rd, the 15th–17th centuries."""
    return f"{ordinal(match[1])} to {ordinal(match[2])}"


def _thousands(match: re.Match[str], _: Place) -> Spoken:
    """10-20k."""
    return f"{decimal(match[1])} to {decimal(match[2])} {match[3].upper()}"


RULES: tuple[Rule, ...] = (
    rule("range", "0-9", rf"(\d+)(?:st|nd|rd|th)?\s?[-–]\s?(\d+)(?:st|nd|rd|th){END}", _ordinals),
    rule("range", "0-9", rf"({NUMBER})\s?[-–]\s?({NUMBER})([kKM]){END}", _thousands),
    rule("score", "0-9", rf"\d{{1,2}}(?:[-–]\d{{1,2}}){{2,8}}+(?![-–]|{ALNUM})", _row),
    rule(
        "range",
        "0-9",
        rf"(?P<first>{NUMBER})(?P<apart>\s)?[-–—](?(apart)\s)(?P<last>{NUMBER})(?![-–/:]\d|{ALNUM}|[.,]\d)",
        _span,
    ),
)
