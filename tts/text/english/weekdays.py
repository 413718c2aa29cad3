"""Days of the week: Wed, Tue., Mon-Fri, Mon/Wed/Fri, M/W/F, Tu/Th."""

import re

from tts.text.english.calendar import DAY_LETTERS, MONTH, WEEKDAY, WEEKDAY_NAMES, WORDS_TOO
from tts.text.english.rules import Place, Rule, Spoken, rule

DAYS_LISTED = (
    "M/W/F|M/T/W/Th/F|T/Th|Tu/Th|M/W|(?:Mo|Tu|We|Th)(?:/(?:Tu|We|Th|Fr|Sa|Su)){1,5}|(?:M|Mo)[-–](?:Th|F|Fr|Sa|Su)"
)


def _days(match: re.Match[str], _: Place) -> Spoken:
    """Mon-Fri, Mon.–Thurs."""
    first, last = (WEEKDAY_NAMES[match[group].lower()] for group in ("first", "last"))
    return f"{first} to {last}"


def _weekday(match: re.Match[str], place: Place) -> Spoken:
    """Wed, Oct 12; Tue.; on Sat."""
    day = match[1].lower()
    if match[1].islower() and day not in ("tues", "thurs"):
        return None
    if match[1].isupper() and re.match(r"\s\d{3,4}\b", place.text[match.end() : match.end() + 6]):
        return None  # the SAT
    if day in WORDS_TOO and not match[2] and not _in_date(match, place):
        return None
    if day == "sun" and match[2] and place.word_before() == "the":
        return None
    return WEEKDAY_NAMES[day]


def _in_date(match: re.Match[str], place: Place) -> bool:
    following = re.compile(rf"[,.]*\s*(?:and\s|or\s|&\s)?(?:(?:the\s)?\d|{MONTH}\b|{WEEKDAY}\b|/|&)", re.IGNORECASE)
    return bool(following.match(place.text, match.end())) or any(token.kind == "date" for token in place.tokens[-2:])


def _listed_days(match: re.Match[str], _: Place) -> Spoken:
    """Mon/Wed/Fri."""
    return " ".join(WEEKDAY_NAMES[day.lower()] for day in match[0].split("/"))


def _letters_of_days(match: re.Match[str], _: Place) -> Spoken:
    """M/W/F, Tu/Th; M-F before a time."""
    between = " " if "/" in match[0] else " to "
    return between.join(DAY_LETTERS[day] for day in re.split("[-–/]", match[0]))


def _week(*_: object) -> Spoken:
    """Open M–F 8–6."""
    return "monday to friday"


RULES: tuple[Rule, ...] = (
    rule("date", "M", r"M\s?[-–]\s?F(?=[,;.]?(?:\s|$))", _week),
    rule("date", "A-Z", rf"{WEEKDAY}\b(?:/{WEEKDAY}\b){{1,6}}", _listed_days, re.IGNORECASE),
    rule("date", "MTWF", rf"(?:{DAYS_LISTED})(?=,?\s(?:at\s|from\s)?(?:\d|noon)|$)", _letters_of_days),
    rule("date", "A-Z", rf"(?P<first>{WEEKDAY})\.?\s?[-–]\s?(?P<last>{WEEKDAY})\b\.?", _days, re.IGNORECASE),
    rule("date", "A-Za-z", rf"({WEEKDAY})\b(?!')(\.(?=[\s,;)]|$))?", _weekday, re.IGNORECASE),
)
