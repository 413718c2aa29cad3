"""4x4, 3 x 5 cm, two 2x4s, 3x faster, BP 120/80, 10/100/1000 Mbps."""

import re

from tts.text.english.mathematics import is_mathematics
from tts.text.english.measures import UNIT, name, quantity
from tts.text.english.money import attributive
from tts.text.english.numerals import cardinal, decimal, in_pairs, plural
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, rule
from tts.text.english.units import UNITS
from tts.text.sentences import Pause

DESCRIBED = re.compile(r"\s[a-z]+(?<!and)(?<!or)\b")
SIDES = ("measure", "cardinal", "fraction")
PRESSURE = re.compile(r"\bBP\b|[Bb]lood pressure")
LASTING = re.compile(r"\s?\d+\s?-?(?:hrs?|hours?|days?|d|wks?|weeks?|mos?|months?|yrs?|years?|mins?|doses?)\b")


def _by(match: re.Match[str], place: Place) -> Spoken:
    """10 cm x 20 cm."""
    before = place.tokens[-1] if place.tokens else None
    if (
        before
        and before.kind in ("word", "letters")
        and before.end < match.start()
        and LASTING.match(place.text, match.end())
    ):
        return "times"  # pain x 2 hours
    is_size = before and (before.kind in SIDES or re.search(r"[A-Z]\d+$", place.written_before()))
    if not is_size or place.tokens[-1].pause is not Pause.NONE:
        return None
    return "times" if is_mathematics(match, place) else "by"


def _sized(match: re.Match[str], place: Place) -> Spoken:
    """4x4, 1920×1080, 2 x 4 x 8, two 2x4s."""
    is_display = re.fullmatch(r"\d{3,4}\s?[x×]\s?\d{3,4}", match[0])
    between = " times " if is_mathematics(match, place) and not is_display else " by "
    spoken = between.join(_side(side) for side in re.split(r"\s?[x×]\s?", match[0].removesuffix("s")))
    if match[0][-1] != "s":
        return spoken
    before, _, last = spoken.rpartition(" ")
    return f"{before} {plural(last)}"


def _side(written: str) -> str:
    return in_pairs(written) if len(written) == 4 and written.isdigit() else quantity(written)


def _sized_of_unit(match: re.Match[str], place: Place) -> Spoken:
    """The 4x100m relay, 3 x 5 cm."""
    if match["unit"] == "s" and match[0][-2].isdigit():
        return None  # two 2x4s
    side = _side if match["unit"] == "px" else quantity
    sides = " by ".join(side(written) for written in re.split(r"\s?[x×]\s?", match["sides"]))
    return f"{sides} {name(match['unit'], several=not attributive(match, place))}"


def _inches(match: re.Match[str], place: Place) -> Spoken:
    """A 13x9" pan."""
    sides = " by ".join(quantity(written) for written in re.split(r"\s?[x×]\s?", match[0].rstrip("\"'")))
    return f"{sides} {'inch' if attributive(match, place) or DESCRIBED.match(place.text, match.end()) else 'inches'}"


def _tire(match: re.Match[str], _: Place) -> Spoken:
    """225/45R17 94W."""
    width, height, kind, rim, load, speed = match.groups()
    spoken = f"{in_pairs(width)} {cardinal(height)} {' '.join(kind)} {cardinal(rim)}"
    return f"{spoken} {cardinal(load)} {speed}" if load else spoken


def _rates(match: re.Match[str], _: Place) -> Spoken:
    """10/100/1000 Mbps; a batter's .305/.380/.512."""
    return " ".join(map(decimal, match[0].split("/")))


def _pressure(match: re.Match[str], place: Place) -> Spoken:
    """BP 120/80, 135/85 mmHg."""
    if match["unit"] is None and not PRESSURE.search(place.line_around(match.start(), match.end())):
        return None
    unit = f" {UNITS['mmHg'][1]}" if match["unit"] else ""
    return f"{in_pairs(match[1])} over {cardinal(match[2])}{unit}"


def _times(match: re.Match[str], place: Place) -> Spoken:
    """3x faster; 10x; 1.5-2x."""
    following = re.match(
        r"\s(?:faster|more|as|better|the|larger|bigger|smaller|slower|higher|cheaper|a|per|daily|in|since)\b",
        place.text[match.end() : match.end() + 12],
    )
    if match["first"] and is_mathematics(match, place):
        return None
    first = f"{decimal(match['first'])} to " if match["first"] else ""
    return f"{first}{decimal(match['number'])} {'times' if following or first else 'X'}"


RULES: tuple[Rule, ...] = (
    rule("measure", "0-9", r"\d{1,3}(?:\.\d)?(?:\s?[x×]\s?\d{1,3}(?:\.\d)?){1,2}(?:\"|'')", _inches),
    rule("measure", "1-9", r"\d{1,4}(?:/\d{1,4}){2,3}(?=\s?(?:Mbps|Gbps|Mbit|BASE))", _rates),
    rule("measure", "1-3", rf"(\d{{3}})/(\d\d)\s?(Z?R)(\d\d){END}(?:\s(\d\d\d?)([A-Z]){END})?", _tire),
    rule("cardinal", ".", r"(?<!\d)\.\d{3}(?:/\.\d{3}){1,3}(?!\d)", _rates),
    rule("measure", "0-9", rf"(\d{{2,3}})/(\d{{2,3}})(?P<unit>\s?mm\s?Hg)?(?!\d|/|{ALNUM})", _pressure),
    rule(
        "measure",
        "0-9",
        rf"(?!0x)(?P<sides>{NUMBER}(?:\s?[x×]\s?{NUMBER}){{1,3}}+)[\s-]?(?P<unit>{UNIT}){END}",
        _sized_of_unit,
    ),
    rule(
        "measure",
        "0-9",
        rf"(?!0x)\d+(?:\.\d+)?(?:\s?[x×]\s?\d+(?:\.\d+)?){{1,8}}+(?:s(?!{ALNUM})|(?!{ALNUM}|\.\d|\s?\^|[⁰¹²³⁴-⁹⁻]))",
        _sized,
    ),
    rule("measure", "x×", rf"[x×](?=\s?{NUMBER})", _by),
    rule("measure", "0-9", rf"(?:(?P<first>{NUMBER})\s?[-–]\s?)?(?P<number>{NUMBER})[x×]{END}(?!\s?\^)", _times),
)
