"""Years: in 1905, 1914-1918, the class of '69, 44 BC."""

import re

from tts.text.english.numerals import cardinal, in_pairs, ordinal, year
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

YEAR = r"(?:1[0-9]|20)\d\d"
FEW_YEARS = 10  # between those with a slash among them
# A word behind which four digits are a year, whatever comes next.
BEFORE_YEAR = word_set(
    """
    in since from of by until till to before after during year years circa ca around early late mid spring
    summer fall autumn winter class january february march april may june july august september october
    november december copyright est established born died founded pre post fiscal vintage season olympics
    election expo
    """
)
# A word behind four digits that are a number of something, though it is not a plural.
COUNTED = word_set(
    """
    people men women children students words miles feet sheep fish percent dollars euros pounds yen calories
    pages copies jobs units points votes steps meters metres kilometers grams times troops police hundred
    thousand million billion more other different new such extra additional square cubic
    """
)
NOT_PLURAL = word_set(
    """
    was is has as its his this us was's yes perhaps always besides thus less across
    """
)


def say_year(digits: str) -> str:
    return year(int(digits))


def _four_digits(match: re.Match[str], place: Place) -> Spoken:
    after = re.compile(r"\s([a-z]+)").match(place.text, match.end())
    opening = not place.tokens and after is not None and match[0][-2:] != "00"  # 1066 and all that
    if match[0] < "1100" and place.word_before() not in BEFORE_YEAR and not opening:
        return None
    if place.word_before() and re.fullmatch("[A-Z]{2,5}", place.written_before()):
        return None  # flight DL 1425
    if place.word_before() not in BEFORE_YEAR and after:
        counted = after[1] in COUNTED or (after[1].endswith("s") and after[1] not in NOT_PLURAL and len(after[1]) > 3)
        if counted:
            return cardinal(match[0])
    return say_year(match[0])


def _possessive(match: re.Match[str], _: Place) -> Spoken:
    """1999's hits."""
    return f"{say_year(match[1])}'s"


def _future(match: re.Match[str], place: Place) -> Spoken:
    """In 2100, by 2150."""
    return say_year(match[0]) if place.word_before() in ("in", "by", "until", "year", "before", "after") else None


def _span(match: re.Match[str], place: Place) -> Spoken:
    first, last = match[1], match[2]
    if len(last) == 2 and int(last) <= int(first[2:]):
        return None
    if len(last) == 4 and not 0 <= int(last) - int(first) < 1000:
        return None
    if "/" in match[0] and len(last) == 4 and int(last) - int(first) > FEW_YEARS:
        return None  # 1450/1600 points
    short = cardinal(last) if last[0] != "0" else f"oh {cardinal(last)}"
    to = "and" if place.word_before() == "between" else "to"
    return f"{say_year(first)} {to} {short if len(last) == 2 else say_year(last)}"


def _short_year(match: re.Match[str], place: Place) -> Spoken:
    """'69, of a summer or a class; '08 is nothing else."""
    if match[1][0] == "0":
        return f"oh {cardinal(match[1])}" if match[1] != "00" else "oh oh"
    return cardinal(match[1]) if place.word_before() in BEFORE_YEAR | {"summer", "back", "the"} else None


def _era(match: re.Match[str], _: Place) -> Spoken:
    spoken = (
        say_year(match[1]) if len(match[1]) == 4 else in_pairs(match[1]) if len(match[1]) == 3 else cardinal(match[1])
    )
    return f"{spoken} {' '.join(match[2].replace('.', ''))}"


def _era_before(match: re.Match[str], _: Place) -> Spoken:
    spoken = (
        say_year(match[1]) if len(match[1]) == 4 else in_pairs(match[1]) if len(match[1]) == 3 else cardinal(match[1])
    )
    return f"A D {spoken}"


def _school_year(match: re.Match[str], _: Place) -> Spoken:
    first, last = match[1], match[2]
    if int(last) != (int(first) + 1) % 100:
        return None
    return f"{say_year(first)} {'oh ' if last[0] == '0' else ''}{cardinal(last)}"


def _until(_: re.Match[str], place: Place) -> Spoken:
    """500 BC–300 AD"""
    return "to" if place.word_before() and place.tokens[-1].kind == "year" else None


def _cited(match: re.Match[str], _: Place) -> Spoken:
    """Lee, 2020a."""
    return f"{say_year(match[1])} {match[2].upper()}"


def _century(match: re.Match[str], _: Place) -> Spoken:
    return f"{ordinal(match[1])} century"


RULES: tuple[Rule, ...] = (
    rule("year", "1-9", rf"(\d{{1,4}})\s?(B\.?C\.?E\.?|B\.?C\.?|A\.D\.|AD|C\.E\.|CE){END}", _era),
    rule("year", "-–—", rf"[-–—](?=\s?\d{{1,4}}\s?(?:BCE?|AD|CE){END})", _until),
    rule("year", "A", rf"A\.?D\.?\s(\d{{1,4}}){END}", _era_before),
    rule("year", "12", rf"({YEAR})\s?[-–—/]\s?({YEAR}|\d\d)(?![\d\-–/]|\.\d|[^\W_])", _span),
    rule("year", "12", rf"({YEAR})/(\d\d)(?![\d/-])", _school_year),
    rule("year", "'", r"'(\d\d)(?!\d|[^\W_])", _short_year),
    rule("ordinal", "12", r"(1\d|2[01])\s?(?:C|[Cc]ent)\.(?=\s)", _century),
    rule("year", "12", rf"((?:1\d|20)\d[1-9])'s{END}", _possessive),
    rule("year", "12", r"(?:1\d|20)\d\d(?![\d%]|[.,:]\d|[^\W_]|\s?[-–]\s?\d)", _four_digits),
    rule("year", "12", rf"({YEAR})([a-e])(?=[,;)\]])", _cited),
    rule("year", "2", r"2[1-5]\d\d(?=[.,;!?)]?(?:\s(?![a-z]+s\b)|$))", _future),
)
