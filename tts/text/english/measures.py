"""5 km, a 5 ft. wall, 9.8 m/s², 6'2", 72°F, 100 Mbps, 4x4, 25%, 5-10 kg."""

import re

from tts.text.english.fractions import SIGN, SIGNS, fraction, mixed
from tts.text.english.mathematics import EXPONENT, SUPERSCRIPTS, power
from tts.text.english.money import NOT_NOUNS, attributive
from tts.text.english.numerals import cardinal, decimal
from tts.text.english.rules import ALNUM, END, NUMBER, Place, Rule, Spoken, rule
from tts.text.english.shortened import ANYWHERE
from tts.text.english.units import UNITS
from tts.text.english.word_lists import word_set

# Only with a space, or only without, do these mean units; "5 in" and "5 A" are words or letters.
AMBIGUOUS = word_set(
    "d. bd br BR BD ba BA C. sh reb ast stl blk in A us st G K F t c. bar ac ha cd pt l AU fl N J gr pc Ma MP h ct"
)
GLUED = word_set("bd br BR BD ba BA A t K F N J in h l pt ct MP")  # of those, units without a space
SPACED = word_set("sh reb ast stl blk l AU t ha N J ct A h bar pt MP Ma")  # of those, units behind a space
ROOMS = frozenset(["bd", "br", "BR", "BD", "ba", "BA"])  # of a flat that is let
AMONG_ROOMS = re.compile(r"\s?[,/|&]|\s(?:apt|house|home|condo|\d)|\s?$")
POWERED = re.compile(r"\^|[⁰¹²³⁴-⁹]")
THOUSANDS = re.compile(r"\d+[kKMB]")
POWERS = {"2": "square", "²": "square", "3": "cubic", "³": "cubic", "^2": "square", "^3": "cubic"}
_NAMES = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True) if name[0] not in "°%")
_DEGREES = r"°\s?[CFK](?![^\W_])|[℃℉]"
UNIT = rf"(?:{_NAMES})"
POWER = r"(?:\^?[23](?!\d)|[²³])?"
ADDED_TIME = re.compile(r"\b(?:45|90|105|120)\+\d{1,2}'|\d'\s?\((?:pen|og|o\.g|p)\b")
INVERSE = r"⁻[¹²³]"
MEASURE = (
    rf"(?:{_DEGREES}|{UNIT}{POWER}{END}(?:\s?[·\s]\s?{UNIT}{INVERSE}){{1,3}}|{UNIT}{POWER}{END}(?:·{UNIT}{POWER}{END})*"
    rf"(?:\s?/\s?{UNIT}{POWER}{END}|\s?per\s(?=[a-z])|/(?=100\s?(?:km|g|ml|mL)\b))?|°)"
)
# A number as it stands before a unit: 3, 1,000, 2.5, 1/2, 1 1/2, 1½.
QUANTITY = rf"(?:\d{{1,4}}[ -]\d{{1,2}}/\d{{1,2}}|\d{{1,3}}/\d{{1,3}}|\d*\s?{SIGN}|{NUMBER})"
FORCES = {
    "N": re.compile(r"\b(?:forces?|weigh\w*|newtons?|thrust|push\w*|pull\w*|friction|F)\b"),
    "J": re.compile(r"\b(?:energy|joules?|work|heat|kinetic|potential|E|Q)\b"),
}
BASIS_POINTS = re.compile(r"\b(?:[Rr]ates?|Fed|ECB|yields?|spreads?|hike|cut|basis|mortgage|bonds?|margins?)\b")
ELECTRIC = re.compile(r"\b(?:fuses?|current|circuit|breaker|socket|plug|charger|load|amps?|volts?|battery|\d+\s?V)\b")
CAPACITORS = re.compile(r"[Cc]apacit|farad")
OF_INCHES = re.compile(
    r"\s?(?:of\s(?:rain|snow)|screen|display|monitor|diameter|lens|pipe|bore|barrel|rain|snow|fit|heel)"
)
OPENING = re.compile(r'(?<!\d)"')  # and closing ones, of quotations
FRACTION = re.compile(r"\d+/\d+|[½¼¾⅓⅔⅛⅜⅝⅞]")
SAID_SIGNS = {"-": "minus ", "–": "minus ", "+": "plus ", "~": "about ", "±": "plus or minus ", "": ""}
PER_CENT = {"%": "percent", "‰": "per mille"}
TO = r"\s?(?:-|–|—|to|±|\+/-)\s?"


def quantity(written: str) -> str:
    """Also of fractions: 1 1/2, ½."""
    if parts := re.fullmatch(r"(\d+)[ -](\d+)/(\d+)", written):
        return mixed(parts[1], int(parts[2]), int(parts[3]))
    if parts := re.fullmatch(r"(\d+)/(\d+)", written):
        return fraction(int(parts[1]), int(parts[2])) if int(parts[2]) else written
    if parts := re.fullmatch(rf"(\d*)\s?({SIGN})", written):
        above, below = map(int, SIGNS[parts[2]].split("/"))
        return mixed(parts[1], above, below) if parts[1] else fraction(above, below)
    return decimal(written)


def name(unit: str, several: bool) -> str:
    """km -> "kilometers", m/s² -> "meters per second squared", cm3 -> "cubic centimeters"."""
    if "⁻" in unit:  # kg·m⁻³, km s⁻¹ Mpc⁻¹
        above, *others = re.split(r"[·\s]+", unit)
        inverse = [_powered(other.replace("⁻", "").replace("¹", ""), False, True) for other in others]
        return " per ".join([_powered(above, several, squared_last=False), *inverse])
    first, _, below = unit.replace(" per ", "/").partition("/")
    *factors, last = first.strip().split("·") if first.strip() not in UNITS else [first.strip()]
    factors = [_powered(factor, several=False, squared_last=False) for factor in factors]
    spoken = " ".join([*factors, _powered(last, several, squared_last=False)])
    return f"{spoken} per {_powered(below.strip(), several=False, squared_last=True)}" if below else spoken


def _powered(unit: str, several: bool, squared_last: bool) -> str:
    parts = re.fullmatch(r"(.*?)(\^?[23]|[²³])?", unit, re.DOTALL)  # it may stand on two lines
    assert parts
    short = parts[1] if parts[1] in UNITS else re.sub(r"\s", "", parts[1])
    spoken = UNITS[short][1 if several else 0]
    if not parts[2]:
        return spoken
    power = POWERS[parts[2]]
    if squared_last and spoken in ("second", "minute", "hour"):
        return f"{spoken} {'squared' if power == 'square' else 'cubed'}"
    return f"{power} {spoken}"


def _is_unit(written: str, match: re.Match[str], place: Place) -> bool:
    unit = match["unit"]
    if unit in ("s", "N", "W") and re.search(r"[A-Za-z]-$", place.text[max(0, match.start() - 2) : match.start()]):
        return False  # B-52s, I-80 W
    if unit == "pp" and "." in place.text[match.end() - 1 : match.end() + 1]:
        return False  # pages
    if unit == "F":
        return CAPACITORS.search(place.line_around(match.start(), match.end())) is not None
    if unit not in AMBIGUOUS:
        return True
    glued = not match["space"]
    if unit == "in":
        following = place.text[match.end() : match.end() + 12]
        return (
            glued
            or place.word_before() in ("foot", "feet")
            or bool(re.match(r"\s?(?:[x×]\s?\d|\)|$|,|(?:wide|tall|long|thick|deep|high)\b)", following))
            or ("." in written and OF_INCHES.match(following) is not None)
        )
    if unit == "MP" and "HP" in place.line_around(match.start(), match.end()):
        return False  # of a game
    if unit == "K":
        return not glued
    if unit in ROOMS and not glued:
        return written[0] != "." and AMONG_ROOMS.match(place.text, match.end()) is not None
    if unit == "A":
        return ELECTRIC.search(place.line_around(match.start(), match.end())) is not None
    if unit in FORCES:
        return FORCES[unit].search(place.line_around(match.start(), match.end())) is not None
    if unit in ("c.", "C.", "d."):
        return re.match(r"\s[a-z]|\)", place.text[match.end() : match.end() + 2]) is not None
    return unit in (GLUED if glued else SPACED)


def _measure(match: re.Match[str], place: Place) -> Spoken:
    if not _is_unit(match["last"] or match["number"], match, place):
        return None
    sign = SAID_SIGNS[(match["sign"] or "")[:1]]
    one = (match["last"] or match["number"]) == "1" or FRACTION.fullmatch(match["last"] or match["number"])
    hyphen = match["space"] == "-"
    singular = one or hyphen or attributive(match, place)
    if match["unit"] == "bps" and BASIS_POINTS.search(place.line_around(match.start(), match.end())):
        return f"{sign}{quantity(match['number'])} basis points"
    spoken = quantity(match["number"])
    if match["last"]:
        between = "plus or minus" if "±" in match["to"] or "+" in match["to"] else "to"
        spoken += f" {between} {quantity(match['last'])}"
    of = (
        "of a "
        if re.fullmatch(r"\d/\d+|[½¼¾⅓⅔⅛]", match["number"]) and match["unit"] in ("mi", "mile", "km", "in.", "in")
        else ""
    )
    unit = name(match["unit"].rstrip("/"), several=not singular)
    per = " per" if match["unit"].rstrip().endswith(("per", "/")) else ""
    return f"{sign}{spoken} {of}{unit}{per}"


def _percent(match: re.Match[str], _: Place) -> Spoken:
    first = f"{quantity(match['first'])} to " if match["first"] else ""
    return f"{SAID_SIGNS[(match['sign'] or '')[:1]]}{first}{quantity(match['number'])} {PER_CENT[match['mark']]}"


def _feet_inches(match: re.Match[str], _: Place) -> Spoken:
    """6'2", 5' 10½"."""
    feet = f"{cardinal(match[1])} foot"
    return f"{feet} {quantity(match[2])}"


def _feet(match: re.Match[str], place: Place) -> Spoken:
    if ADDED_TIME.search(place.line_around(match.start(), match.end())):
        return f"{cardinal(match[1])} minutes"  # of a match
    return f"{decimal(match[1])} {'foot' if match[1] == '1' or _describes(match, place) else 'feet'}"


def _inches(match: re.Match[str], place: Place) -> Spoken:
    """27", but not where a quotation ends."""
    before = place.text[max(0, match.start() - 200) : match.start()].rpartition("\n")[2]
    if len(OPENING.findall(before)) % 2:
        return None
    one = match[1] == "1" or FRACTION.fullmatch(match[1])
    return f"{quantity(match[1])} {'inch' if one or _describes(match, place) else 'inches'}"


def _describes(match: re.Match[str], place: Place) -> bool:
    """A 27" monitor, 11" paper; 3' wide does not describe."""
    if place.word_before() in ("a", "an", "my", "his", "her", "our", "their", "this") and re.match(
        r"\s[A-Z0-9]", place.text[match.end() : match.end() + 2]
    ):
        return True
    following = re.match(r"\s([a-z]{2,})", place.text[match.end() : match.end() + 20])
    return following is not None and following[1] not in NOT_NOUNS


def _power_of_unit(match: re.Match[str], _: Place) -> Spoken:
    """10⁻³ m, 3×10^8 m/s."""
    exponent = "".join(SUPERSCRIPTS.get(char, char) for char in match[2].strip("^*{}()"))
    return f"{decimal(match[1])} {power(exponent, match[1])} {name(match['unit'], several=True)}"


def _per(match: re.Match[str], place: Place) -> Spoken:
    """$78.01/bbl, 5%/year, 10^9/L."""
    if not place.tokens or place.tokens[-1].end != match.start():
        return None
    power = place.tokens[-1].kind == "mathematics" and POWERED.search(place.written_before())
    thousands = THOUSANDS.fullmatch(place.written_before())
    several = place.tokens[-1].kind == "word" and place.written_before()[-1:] == "s" and len(match["unit"]) > 1
    if place.tokens[-1].kind == "letters" and match["unit"] in ("min", "hr", "sec", "day", "wk", "mo", "yr"):
        return f"per {UNITS.get(match['unit'], (match['unit'],))[0]}"  # 8.1 CS/min
    if match["unit"] in ("F", "N", "J", "A", "G") and place.tokens[-1].kind == "cardinal":
        return None  # 3/F, of a building
    if (
        not power
        and not thousands
        and not (several and match["unit"] in UNITS)
        and place.tokens[-1].kind not in ("money", "percent", "cardinal", "measure", "range", "time")
    ):
        return None
    if match["unit"] == "sh":
        return "per share"
    return f"per {UNITS[match['unit']][0] if match['unit'] in UNITS else ANYWHERE.get(match['unit'], match['unit'])}"


def _thousands(match: re.Match[str], _: Place) -> Spoken:
    """98k mi."""
    return f"{decimal(match[1])} thousand {UNITS.get(match[2], ('', match[2]))[1]}"


def _bare(match: re.Match[str], place: Place) -> Spoken:
    """Per kWh, in GHz."""
    return UNITS[match[0]][0 if place.word_before() in ("per", "a", "one") else 1]


def _coordinates(match: re.Match[str], _: Place) -> Spoken:
    """40°42'46"N, 40.7128° N."""
    parts = [f"{decimal(match[1])} degrees"]
    parts += [f"{cardinal(int(match[2]))} minutes"] if match[2] else []
    parts += [f"{decimal(match[3])} seconds"] if match[3] else []
    direction = {"N": "north", "S": "south", "E": "east", "W": "west"}[match[4]]
    return " ".join([*parts, direction])


SIGNED = r"(?P<sign>(?<![\w)])[-–+~±]\s?)?"

RULES: tuple[Rule, ...] = (
    rule(
        "measure",
        "0-9",
        rf"({NUMBER})({EXPONENT})\s(?P<unit>{UNIT}{POWER}{END}(?:\s?/\s?{UNIT}{POWER}{END})?)",
        _power_of_unit,
    ),
    rule(
        "measure",
        "0-9",
        r"(\d+(?:\.\d+)?)\s?°\s?(?:(\d+)\s?'\s?)?(?:(\d+(?:\.\d+)?)\s?(?:\"|'')\s?)?([NSEW])(?![^\W_])",
        _coordinates,
    ),
    rule(
        "percent",
        "-–+~±0-9.",
        rf"(?P<sign>(?<![\w)])[-–+~±])?(?:(?P<first>{NUMBER})(?:\s?%)?(?:[-–]|\s[-–]\s))?(?P<number>{QUANTITY})\s?(?P<mark>[%‰])",
        _percent,
    ),
    rule("measure", "0-9", rf"(\d{{1,2}})'\s?(\d{{1,2}}(?:\.5|\s?{SIGN}|\s1/2)?)(?:\"|'')(?!{ALNUM})", _feet_inches),
    rule("measure", "0-9", rf"(\d{{1,2}})'(?:\s?(\d{{1,2}}))(?!{ALNUM}|')", _feet_inches),
    rule("measure", "0-9", rf"(\d{{1,3}},\d{{3}}|\d{{1,5}}(?:\.\d)?)'(?!{ALNUM}|\")", _feet),
    rule("measure", "0-9.", rf"({QUANTITY})\"(?!{ALNUM})", _inches),
    rule(
        "measure",
        "-–+~±0-9.½¼¾⅓⅔⅛",
        rf"{SIGNED}(?P<number>{QUANTITY})(?:(?P<to>{TO})(?P<last>{QUANTITY}))?(?P<space>\s?|-)(?P<unit>{MEASURE})(?:\.(?=\s[a-z(]|[,;)]))?",
        _measure,
    ),
    rule("measure", "0-9", rf"({NUMBER})[kK]\s?(mi|miles|km)\b\.?", _thousands),
    rule("measure", "kMGm", rf"(?:kWh|MWh|kHz|MHz|GHz|mAh|kPa|Mbps|Gbps|kbps|mph|kph){END}", _bare),
    rule("measure", "/", rf"/\s?(?P<unit>{UNIT}|sh|[a-z]{{3,12}}){END}", _per),
)
