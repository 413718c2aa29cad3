"""9am, 7:05 a.m., 23:59, 8:00–17:30, 5 o'clock, 1h 30m, 9-5."""

import re

from tts.text.english.numerals import cardinal, significant, whole_number
from tts.text.english.rules import ALNUM, END, Place, Rule, Spoken, letters, rule
from tts.text.english.word_lists import word_set

HALF = r"(?:[ap]\.\s?m\.|[ap]m)"
HOUR = r"(?:[01]?\d|2[0-4])"
CLOCK = rf"{HOUR}[:.][0-5]\d"
ZONE = r"(?:\s\(?(?P<zone>[ECMP][SD]?T|GMT|UTC|BST|CES?T|IST|JST)\b\)?)?"
HALVES = re.compile(r"\b(?:1[0-2]|[1-9])(?::[0-5]\d)?[ap]\b")
AT = word_set("at by until from before after since around")
MOVED = re.compile(r"\b(?:moved|pushed|shifted|bumped|rescheduled|changed)\b")
LASTING = frozenset(["prep", "cook", "cooking", "bake", "rest", "chill", "wait", "simmer", "marinate"])
CLOCKED = AT - {"by"} | {"in", "out", "opens", "closes", "daily"}  # taxes rise by 2p


def say_clock(hour: int, minute: int, half: str = "", exact: bool = False) -> str:
    """7, 5 -> "seven oh five"; a full hour of a clock of 24 hours is "seventeen hundred" when it stands alone."""
    if minute:
        spoken = f"{'zero' if not hour else cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif half or not exact or not 0 < hour <= 23:
        spoken = cardinal(hour)
    else:
        spoken = f"{cardinal(hour)} o'clock" if hour <= 12 else f"{cardinal(hour)} hundred"
    return f"{spoken} {_half(half)}" if half else spoken


def _half(written: str) -> str:
    return letters(f"{written[0]}m")


def _clock(written: str, half: str = "", exact: bool = False) -> str:
    hour, _, minute = re.sub(r"\.", ":", written).partition(":")
    return say_clock(int(hour), int(minute or 0), half, exact)


def _time(match: re.Match[str], place: Place) -> Spoken:
    if "." in match["time"] and not match["half"]:
        return None
    following = place.text[match.end() : match.end() + 10]
    alone = not re.match(r"\s(?:hours|hrs|noon|midnight|[ap]\.?m)", following)
    if match["time"] in ("00:00", "0:00", "24:00") and not match["half"]:
        spoken = "midnight"
    else:
        spoken = _clock(match["time"], match["half"] or "", exact=alone)
    return f"{spoken} {letters(match['zone'])}" if match["zone"] else spoken


def _seconds(match: re.Match[str], place: Place) -> Spoken:
    """10:15:30 of a clock; 1:23:45 and 4:32.10 of a watch are said alike."""
    hour, minute, second = match[1], match[2], match[3]
    spoken = f"{_clock(f'{hour}:{minute}')} {'' if int(minute) else 'zero zero '}"
    spoken += (
        f"{'oh ' if second[0] == '0' and second != '00' else ''}{cardinal(second) if int(second) else 'zero zero'}"
    )
    return f"{spoken} {_half(match[4])}" if match[4] else spoken


def _half_hour(match: re.Match[str], _: Place) -> Spoken:
    """9am, 9 p.m., 12 noon."""
    zone = f" {letters(match['zone'])}" if match["zone"] else ""
    return f"{cardinal(int(match[1]))} {_half(match[2])}{zone}" if int(match[1]) <= 12 else None


def _letter_half(match: re.Match[str], place: Place) -> Spoken:
    """Check-in 3p, out by 11a: elsewhere pence, or a part of something."""
    others = HALVES.findall(place.line_around(match.start(), match.end()))
    moved = place.word_before() == "to" and MOVED.search(place.line_around(match.start(), match.end()))
    meant = place.word_before() in CLOCKED or len(others) > 1 or moved
    return f"{cardinal(match[1])} {_half(match[2])}" if meant else None


def _span(match: re.Match[str], _: Place) -> Spoken:
    """9am-5pm, 8:00–17:30, 9-11 a.m.; plain numbers are not times."""
    first, last = match["first"], match["last"]
    if not re.search(r"[:ap]", match[0].lower()) or max(int(re.split("[:.]", end)[0]) for end in (first, last)) > 24:
        return None
    if "." in first + last and not (match["half1"] or match["half2"]):
        return None
    zone = f" {letters(match['zone'])}" if match["zone"] else ""
    return f"{_clock(first, match['half1'] or '')} to {_clock(last, match['half2'] or '')}{zone}"


def _o_clock(match: re.Match[str], _: Place) -> Spoken:
    return f"{cardinal(int(match[1]))} o'clock"


def _military(hour: str, minute: str) -> str:
    """ "06", "00" -> "oh six hundred"."""
    spoken = f"oh {cardinal(int(hour))}" if hour[0] == "0" and hour != "00" else whole_number(hour)
    return f"{spoken} {'hundred' if minute == '00' else ('oh ' if minute[0] == '0' else '') + cardinal(int(minute))}"


def _military_hours(match: re.Match[str], _: Place) -> Spoken:
    """0900 hours, 1530 hrs, 0600h."""
    return f"{_military(match[1], match[2])} hours"


def _zulu(match: re.Match[str], _: Place) -> Spoken:
    """0600Z."""
    return f"{_military(match[1], match[2])} zulu"


def _military_span(match: re.Match[str], _: Place) -> Spoken:
    """0900-0930."""
    return f"{_military(match[1], match[2])} to {_military(match[3], match[4])}"


def _early(match: re.Match[str], place: Place) -> Spoken:
    """At 0630: a zero leads no other number there."""
    return _military(match[1], match[2]) if place.word_before() in AT else None


def _duration(match: re.Match[str], _: Place) -> Spoken:
    """1h 30m, 2h15m30s, 5m 20s."""
    counts = (count and significant(count) for count in match.groups())
    named = zip(counts, ("day", "hour", "minute", "second"), strict=True)
    parts = [f"{cardinal(count)} {unit if count == '1' else unit + 's'}" for count, unit in named if count]
    return " ".join(parts) if len(parts) > 1 else None


def _minutes(match: re.Match[str], place: Place) -> Spoken:
    """Prep 15m: elsewhere meters."""
    return f"{cardinal(match[1])} minutes" if place.word_before() in LASTING else None


def _offset(match: re.Match[str], _: Place) -> Spoken:
    """UTC+2, GMT-5:30."""
    sign = "plus" if match[2] == "+" else "minus"
    return f"{letters(match[1])} {sign} {_clock(match[3])}"


def _stamp(match: re.Match[str], _: Place) -> Spoken:
    """The time behind an ISO date: T14:30:00Z."""
    spoken = _clock(match[1])
    if match[2] and int(match[2]):
        spoken += f" {cardinal(int(match[2]))}"
    return f"{spoken} U T C" if match[3] == "Z" else spoken


def _countdown(match: re.Match[str], _: Place) -> Spoken:
    """T-10 minutes, T+30 seconds."""
    return f"T {'minus' if match[1] != '+' else 'plus'}"


def _hours(match: re.Match[str], _: Place) -> Spoken:
    """2h15"""
    return f"{cardinal(int(match[1]))} hour{'' if match[1] == '1' else 's'} {cardinal(int(match[2]))}"


RULES: tuple[Rule, ...] = (
    rule("time", "T", r"T\s?([-–+])\s?(?=\d{1,3}\s(?:sec|min|hour|hr|day|week|month)|\d\d?:\d\d)", _countdown),
    rule("time", "0-9", rf"(\d{{1,2}})h([1-5]\d){END}", _hours),
    rule("time", "T", r"T(\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?" + END, _stamp),
    rule("time", "UG", rf"(UTC|GMT)\s?([-+])(\d{{1,2}}(?::\d\d)?){END}", _offset),
    rule("time", "0-9", rf"({HOUR}):([0-5]\d):([0-5]\d)(?![\d:]|\.\d)(?:\s?({HALF}){END})?", _seconds, re.IGNORECASE),
    rule(
        "time",
        "0-9",
        rf"(?P<first>{CLOCK}|{HOUR})(?:\s?(?P<half1>{HALF}|[ap](?!\.?[a-z])))?\s?(?:-|–|—|to)\s?"
        rf"(?P<last>{CLOCK}|{HOUR})(?:\s?(?P<half2>{HALF}|[ap](?!\.?[a-z])))?(?![\d:%/-]|[.,]\d|{ALNUM}){ZONE}",
        _span,
        re.IGNORECASE,
    ),
    rule(
        "time",
        "0-9",
        rf"(?P<time>{CLOCK})(?![\d:])(?:\s?(?P<half>{HALF}|[ap](?!\.?[a-z])){END})?{END}{ZONE}",
        _time,
        re.IGNORECASE,
    ),
    rule("time", "0-9", rf"(\d{{1,2}})\s?({HALF}){END}{ZONE}", _half_hour, re.IGNORECASE),
    rule("time", "0-9", r"(1[0-2]|[1-9])([ap])(?![\w%])", _letter_half),
    rule("time", "0-9", rf"(\d{{1,2}})\s?o'?\s?clock{END}", _o_clock, re.IGNORECASE),
    rule("time", "0-2", rf"([01]\d|2[0-4]):?([0-5]\d)\s?(?:hours|hrs?\.?|h){END}", _military_hours, re.IGNORECASE),
    rule("time", "0", rf"(0\d\.[0-5]\d)(?![\d.%]|{ALNUM})", lambda match, _: _clock(match[1])),
    rule("time", "0-2", rf"([01]\d|2[0-3])([0-5]\d)Z{END}", _zulu),
    rule("time", "0", rf"(0\d)([0-5]\d)\s?[-–]\s?([01]\d|2[0-3])([0-5]\d){END}", _military_span),
    rule("time", "0", rf"(0\d)([0-5]\d)(?![\d:,-]|\.\d|{ALNUM})", _early),
    rule(
        "time",
        "0-9",
        r"(?:(\d+)\s?d(?:ays?)?,?\s?)?(?:(\d+)\s?h(?:rs?|ours?)?,?\s?)?(?:(\d+)\s?m(?:in(?:ute)?s?)?,?\s?)?(?:(\d+)\s?s(?:ec(?:ond)?s?)?)?"
        rf"(?<=[a-z]){END}",
        _duration,
    ),
    rule("time", "1-9", rf"(\d{{1,3}})m{END}", _minutes),
)
