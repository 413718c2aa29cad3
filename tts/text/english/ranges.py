"""Two numbers with a hyphen between: 20-30 chairs, a 3-2 score, pages 10–15, 10-20k."""

import re

from tts.text.english.numerals import cardinal, decimal, significant, spell_digits
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, rule
from tts.text.english.scores import is_score
from tts.text.english.years import YEAR, say_year

# Of what is numbered within parts: Table 2-1.
DIVIDED = frozenset(["table", "figure", "exhibit", "form", "problem", "exercise", "example", "equation"])


# What is called by digits with a hyphen among them.
CODES = frozenset(["number", "order", "invoice", "reference", "case", "ticket", "serial", "account", "policy", "sku"])


def _span(match: re.Match[str], place: Place) -> Spoken:
    first, last = match["first"], match["last"]
    if _is_code(first, last, place):
        said = say_year if re.fullmatch(YEAR, first) else spell_digits if len(first) > 2 else cardinal
        return f"{said(first)} {spell_digits(last)}"
    divided = place.word_before() in DIVIDED and len(first + last) < 4 and not last.endswith("0")
    if not divided and is_score(match, place):
        return f"{cardinal(first)} {cardinal(last)}"
    between = "dash" if divided else "and" if place.word_before() == "between" else "to"
    return f"{decimal(first)} {between} {decimal(last)}"


def _is_code(first: str, last: str, place: Place) -> bool:
    """4500-1187, 2023-0045: nothing counts down, or from a zero."""
    if not (first + last).isdigit():
        return False
    if len(first) < 3:
        return _last_word(place) in CODES and len(last) > 2  # No. 19-1234
    less, more = significant(last), significant(first)
    falls = (len(less), less) < (len(more), more)
    return (last[0] == "0" and len(last) > 2) or (falls and _last_word(place) in CODES)


def _last_word(place: Place) -> str:
    return place.tokens[-1].words[-1] if place.tokens and place.tokens[-1].words else ""


def _row(match: re.Match[str], _: Place) -> Spoken:
    """4-4-2, 6-3-1: one after the other."""
    return " ".join(cardinal(int(part)) if part[0] != "0" else decimal(part) for part in re.split("[-–]", match[0]))


def _parts(match: re.Match[str], _: Place) -> Spoken:
    """Figure 2a-c."""
    return f"{cardinal(match[1])} {match[2].upper()} to {match[3].upper()}" if match[2] < match[3] else None


def _thousands(match: re.Match[str], _: Place) -> Spoken:
    """10-20k."""
    return f"{decimal(match[1])} to {decimal(match[2])} {match[3].upper()}"


def _versions(_: re.Match[str], place: Place) -> Spoken:
    """Python 3.8–3.12, of which the first is read already."""
    return "to" if place.tokens and place.tokens[-1].kind != "word" else None


RULES: tuple[Rule, ...] = (
    rule("range", "-–", r"(?<=\d\.\d)[-–](?=\d\.\d{1,2}(?![\d.]))", _versions),
    rule("range", "0-9", rf"(\d{{1,3}})([a-y])[-–]([b-z]){END}", _parts),
    rule("range", "0-9", rf"({NUMBER})\s?[-–]\s?({NUMBER})([kKM]){END}", _thousands),
    rule("score", "0-9", rf"\d{{1,2}}(?:[-–]\d{{1,2}}){{2,8}}+(?![-–]|{ALNUM})", _row),
    rule(
        "range",
        "0-9",
        rf"(?P<first>{NUMBER})(?P<apart>\s)?(?:[-–]|(?<!\s)—)(?(apart)\s)(?P<last>{NUMBER})(?![-–/:]\d|{ALNUM}|[.,]\d)",
        _span,
    ),
)
