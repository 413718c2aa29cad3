"""Jan. 3, 2022; 3 January 2022; 15.03.2024; 25/12/2020; 2024-03-15; Sept. 2020."""

import re

from tts.text.english.calendar import MONTH, MONTH_NAMES, MONTHS, WEEKDAY, WEEKDAYS, WORDS_TOO
from tts.text.english.numerals import cardinal, ordinal
from tts.text.english.rules import ALNUM, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set
from tts.text.english.years import say_year

DAY = r"(?:3[01]|[12]\d|0?[1-9])"
SHORT_MONTH = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
NTH = rf"{DAY}(?:st|nd|rd|th)?"
DATE_BEFORE = word_set(
    """
    available on by since until till before after from dated due date between starting paid
    """
)
EXPIRY_BEFORE = frozenset(["expires", "expiry", "expiration", "exp"])
DATED_NEAR = re.compile(r"\b(?:due|exam|midterm|quiz|deadline|HW|class|RSVP|avail|semester|syllabus)\b|[Ww](?:ee)?k \d")
DATED_BEHIND = re.compile(r"\s(?:e-?mail|meeting|call|memo|letter|deadline|webinar|minutes)\b")
DAY_FIRST = ("en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za")
CAPITALISED = re.compile(r"[A-Z]")


CALCULATED = re.compile(r"[=+×÷*]|\bBP\b|\bscore|[Bb]lood|\brat(?:io|ed)\b")


VERSIONS = re.compile(r"\b(?:[Bb]ump|[Vv]ersions?|[Uu]pgrad\w+|[Uu]pdat\w+|[Rr]eleases?|to \d+\.\d+\.\d+)\b")


def _month(written: str) -> str:
    return MONTH_NAMES[written.rstrip(".").lower()]


def _day(written: str) -> str:
    return ordinal(int(re.sub(r"\D", "", written)))


def say_date(day: int, month: int, year: str = "") -> str:
    """15, 3, "2024" -> "march fifteenth twenty twenty four"."""
    spoken = f"{MONTHS[month - 1]} {ordinal(day)}"
    return f"{spoken} {_year(year)}" if year else spoken


def _year(written: str) -> str:
    """Also of two digits: 3/15/24, 3/4/99."""
    if len(written) == 2:
        written = f"{'19' if int(written) > 40 else '20'}{written}"
    return say_year(written)


def _short_year(written: str) -> str:
    """44, 09."""
    return cardinal(written) if written[0] != "0" else f"oh {cardinal(written)}"


def _month_day(match: re.Match[str], _: Place) -> Spoken:
    """Jan. 3, 2022; May 5-7; March 4th."""
    if not CAPITALISED.match(match[0]) and match["month"].lower() in WORDS_TOO and not match["year"]:
        return None
    spoken = f"{_month(match['month'])} {_day(match['day'])}"
    if match["last"]:
        spoken += f" to {_day(match['last'])}"
    return f"{spoken} {_year(match['year'])}" if match["year"] else spoken


def _day_month(match: re.Match[str], place: Place) -> Spoken:
    """3 January 2022, the 3rd of May, 5-7 May; the day comes first where that is how it is said."""
    if not CAPITALISED.match(match["month"]) and match["month"].lower() in WORDS_TOO:
        return None
    spoken = _day(match["day"])
    if match["last"]:
        spoken += f" to {_day(match['last'])}"
    if match["of"] or place.word_before() == "the" or match["last"]:
        spoken = f"{spoken} of {_month(match['month'])}" if match["of"] else f"{spoken} {_month(match['month'])}"
    elif place.language in DAY_FIRST:
        spoken = f"the {spoken} of {_month(match['month'])}"
    else:
        spoken = f"{_month(match['month'])} {spoken}"
    if match["short"]:
        return f"{spoken} {_short_year(match['short'])}"
    return f"{spoken} {_year(match['year'])}" if match["year"] else spoken


def _month_year(match: re.Match[str], _: Place) -> Spoken:
    return f"{_month(match[1])} {_year(match[2])}"


def _iso(match: re.Match[str], _: Place) -> Spoken:
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    return say_date(day, month, year) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _numeric(match: re.Match[str], place: Place) -> Spoken:
    """3/15/2024, 25.12.2020: the order of the place, unless only the other one is a date."""
    first, second = int(match[1]), int(match[3])
    day_first = place.language in DAY_FIRST or match[2] == "."
    day, month = (first, second) if day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
    return say_date(day, month, match[4]) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _short_numeric(match: re.Match[str], place: Place) -> Spoken:
    """On 12.5.24; elsewhere a version."""
    if VERSIONS.search(place.line_around(match.start(), match.end())):
        return None
    return _numeric(match, place) if place.word_before() in DATE_BEFORE else None


def _slashed(match: re.Match[str], place: Place) -> Spoken:
    """On 3/15."""
    if place.word_before() in EXPIRY_BEFORE and len(match[2]) == 2 and 1 <= int(match[1]) <= 12:
        return f"{MONTHS[int(match[1]) - 1]} {_year(match[2])}"
    weekday = place.tokens and place.tokens[-1].words[-1:] and place.tokens[-1].words[-1] in WEEKDAYS
    dated = DATED_BEHIND.match(place.text, match.end()) or DATED_NEAR.search(
        place.line_around(match.start(), match.end())
    )
    if place.word_before() not in DATE_BEFORE and not weekday and not dated:
        return None
    first, second = int(match[1]), int(match[2])
    day, month = (first, second) if place.language in DAY_FIRST else (second, first)
    if month > 12 >= day:
        day, month = month, day
    return say_date(day, month) if 1 <= month <= 12 and 1 <= day <= 31 and (day, month) != (11, 9) else None


def _slashed_span(match: re.Match[str], place: Place) -> Spoken:
    """12/24-12/26, 3/1–3/5."""
    ends = [tuple(map(int, end.split("/"))) for end in match.groups()]
    if place.language in DAY_FIRST:
        ends = [(month, day) for day, month in ends]
    ascends = ends[0] < ends[1] or (ends[0][0], ends[1][0]) == (12, 1)
    if not ascends or not all(1 <= month <= 12 and 1 <= day <= 31 for month, day in ends):
        return None
    return " to ".join(say_date(day, month) for month, day in ends)


def _iso_month(match: re.Match[str], _: Place) -> Spoken:
    """2024-03; a span of years ascends by one: 2009-10."""
    if int(match[2]) == int(match[1][2:]) + 1:
        return None
    return f"{MONTHS[int(match[2]) - 1]} {_year(match[1])}"


def _expiry(match: re.Match[str], _: Place) -> Spoken:
    """06/2025."""
    return f"{MONTHS[int(match[1]) - 1]} {_year(match[2])}"


def _christmas(match: re.Match[str], place: Place) -> Spoken:
    """12/25, 2/14: nobody counts parts like that."""
    month, day = int(match[1]), int(match[2])
    said_of_parts = (20, 24) if month > 9 else (15, 16, 20, 24, 25, 30)
    if day in said_of_parts or CALCULATED.search(place.line_around(match.start(), match.end())):
        return None
    return say_date(day, month)


def _months(match: re.Match[str], _: Place) -> Spoken:
    """Jan-Mar, May–June 2020."""
    spoken = f"{_month(match['first'])} to {_month(match['last'])}"
    return f"{spoken} {_year(match['year'])}" if match["year"] else spoken


def _abbreviated_month(match: re.Match[str], place: Place) -> Spoken:
    """Jan. sales; Oct 2020 is a date of its own."""
    month = match[1].lower()
    again = place.word_before() in ("to", "and", "or", "through") and place.tokens[-2:-1]  # Jan. to Mar.
    if again and place.tokens[-2].words[-1:] and place.tokens[-2].words[-1] in MONTHS:
        return MONTH_NAMES[month]
    if month in ("mar", "jun", "may", "jan") and not match[2]:
        return None
    if month == "mar" and place.word_before() not in DATE_BEFORE | {"in", "of"}:
        return None
    return MONTH_NAMES[month]


_YEAR_BEHIND = r"(?P<year>(?:1[0-9]|20)\d\d)(?![\d-]|[.,:]\d)"


def _until(_: re.Match[str], place: Place) -> Spoken:
    """Jun 3–Jul 7"""
    return "to" if place.tokens and place.tokens[-1].kind in ("date", "year") and place.word_before() else None


def _short_month_year(match: re.Match[str], _: Place) -> Spoken:
    """Jun-24, as in tables."""
    return f"{_month(match[1])} {_short_year(match[2])}"


RULES: tuple[Rule, ...] = (
    rule(
        "date",
        "-–—",
        rf"[-–—]\s?(?=(?:{DAY}\s)?{MONTH}\b|{WEEKDAY}\b|\d{{1,4}}[-/.]\d\d?[-/.]\d{{2,4}}\b)",
        _until,
        re.IGNORECASE,
    ),
    rule(
        "date",
        "0-9",
        r"(?P<year>(?:1\d|20)\d\d)(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?![\d-]|[.,]\d)(?=T?)",
        _iso,
    ),
    rule(
        "date",
        "0-9",
        r"(\d\d?)(?:(\.)|[-/])(\d\d?)(?(2)\.|[-/])((?:1[5-9]|20)\d\d|(?(2)(?!)|\d\d))(?![\d]|[-/.]\d|[^\W\d_])",
        _numeric,
    ),
    rule("date", "0-9", r"(\d\d?)(\.)(\d\d?)\.(\d\d)(?![\d]|[-/.]\d|[^\W\d_])", _short_numeric),
    rule("date", "12", rf"((?:19|20)\d\d)-(0[1-9]|1[0-2])(?![-/]|{ALNUM})", _iso_month),
    rule("date", "0-9", rf"(\d\d?/\d\d?)\s?[-–]\s?(\d\d?/\d\d?)(?![-/]|{ALNUM})", _slashed_span),
    rule("date", "0-9", r"(0?[1-9]|1[0-2])/(20\d\d)(?![\d/]|[-.,]\d|[^\W\d_])", _expiry),
    rule("date", "0-9", r"(\d\d?)/(\d\d?)(?![\d/]|[-.,]\d|[^\W\d_])", _slashed),
    rule(
        "date",
        "0-9",
        rf"(1[0-2]|0?[1-9])/(1[3-9]|2\d|3[01])(?![/\"]|[-.,]\d|{ALNUM}|\s(?:of|in\b|inch|cup|mile)|\s?(?i:{MONTH})\b)",
        _christmas,
    ),
    rule(
        "date",
        "A-Za-z",
        rf"(?P<month>{MONTH})\.?\s(?:the\s)?(?P<day>{NTH})(?:\s?[-–]\s?(?P<last>{NTH}))?(?![\d%-]|[:.,]\d|{ALNUM})"
        rf"(?:,?\s{_YEAR_BEHIND})?",
        _month_day,
        re.IGNORECASE,
    ),
    rule(
        "date",
        "0-9",
        rf"(?P<day>{NTH})(?:(?:\s?[-–]\s?|/)(?P<last>{NTH}))?[\s-](?P<of>of\s)?(?P<month>{MONTH})\b\.?(?:[,-]?\s?{_YEAR_BEHIND}|(?<!may)(?<!march)\s(?P<short>\d\d)(?=[.,;)]|$))?(?!\s?\d)",
        _day_month,
        re.IGNORECASE,
    ),
    rule(
        "date",
        "A-Z",
        rf"(?P<first>{MONTH})\.?\s?[-–]\s?(?P<last>{MONTH})\b\.?(?:,?\s{_YEAR_BEHIND})?(?!\s?\d)",
        _months,
        re.IGNORECASE,
    ),
    rule(
        "date",
        "A-Za-z",
        rf"({MONTH})\b\.?,?\s'?((?:1[0-9]|20)\d\d)(?![\d-]|[.,:]\d|{ALNUM})",
        _month_year,
        re.IGNORECASE,
    ),
    rule("date", "A-Z", rf"({SHORT_MONTH})-(\d\d)(?![\d-]|{ALNUM})", _short_month_year),
    rule("date", "A-Z", rf"({SHORT_MONTH})\b(?!')(\.)?", _abbreviated_month),
)
