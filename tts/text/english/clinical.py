"""Notes of clinics: q4-6h, BID, x 10 d, c/o chest pain, Na 138, CABG x3."""

import re

from tts.text.english.numerals import cardinal
from tts.text.english.rules import END, Place, Rule, Spoken, letters, rule

WORDS = {
    "hx": "history", "sx": "symptoms", "dx": "diagnosis", "ddx": "differential diagnosis",
    "pmhx": "past medical history", "fhx": "family history", "shx": "social history", "tx": "treatment",
    "bx": "biopsy", "abx": "antibiotics", "prn": "as needed", "qd": "every day", "qhs": "at bedtime",
    "s/s": "signs and symptoms",
}  # fmt: skip
# What shows that a text is such a note: elsewhere TX and dx are something else.
NOTE = re.compile(
    r"\b(?:[Pp]ts?\.?|[Pp]atients?|mg|mcg|denies|[Dd]x|[Hh]x|[Ss]x|[Rr]x|HTN|DM|COPD|CAD|BP|HR|yo|y/o|worsen\w*|clinic"
    r"|dose[sd]?|tabs?|puffs|IV|ICU|q\d{1,2}h|[Pp]ain|[Nn]ausea|[Ss]urgery|stable|acute|chronic|PRN|presents|admitted)\b"
)
PERIODS = {"h": "hour", "hr": "hour", "d": "day", "wk": "week", "w": "week", "min": "minute", "mo": "month"}
_COUNT = r"(?P<first>\d{1,3})(?:\s?[-–]\s?(?P<last>\d{1,3}))?\s?(?P<period>min|hr|wk|mo|[hdw])s?"


def _periods(match: re.Match[str]) -> str:
    """8h, 4-6h, 10 d."""
    to = f"{cardinal(match['first'])} to {cardinal(match['last'])}" if match["last"] else cardinal(match["first"])
    return f"{to} {PERIODS[match['period']]}{'' if to == 'one' else 's'}"


def _every(match: re.Match[str], _: Place) -> Spoken:
    """q8h, q4-6h, Q 12 hrs."""
    return f"every {_periods(match).removeprefix('one ')}"


def _lasting(match: re.Match[str], _: Place) -> Spoken:
    """x 10 d, x3wks."""
    return f"times {_periods(match)}"


def _repeated(match: re.Match[str], _: Place) -> Spoken:
    """CABG x3."""
    return f"times {cardinal(match[1])}"


def _word(match: re.Match[str], place: Place) -> Spoken:
    others = place.line_around(match.start(), match.end()).replace(match[0], "", 1)
    return WORDS[match[0].lower()] if NOTE.search(others) else None


def _letters(match: re.Match[str], _: Place) -> Spoken:
    """Na 138, INR 2.3, which are neither a word nor rupees."""
    return letters(match[0])


RULES: tuple[Rule, ...] = (
    rule("measure", "qQ", rf"[qQ]\s?{_COUNT}{END}", _every),
    rule("measure", "x×", rf"[x×]\s?{_COUNT}{END}\.?", _lasting),
    rule("measure", "x×", rf"(?<=[A-Za-z]\s)[x×](1?\d){END}(?!\s?[x×.%/-])", _repeated),
    # Behind "c/o" a name is who gets a letter.
    rule("abbreviation", "c", r"c/o(?=\s(?:[a-z]|[A-Z]{2,}\b|[A-Z]/[A-Z]))", lambda *_: "complains of"),
    rule("letters", "I", r"INR(?=\s(?:of\s|was\s|is\s)?\d\.\d(?![\d,]|\s?(?:[mb]n|[mb]illion|crore|lakh)))", _letters),
    rule("letters", "NMC", r"(?:Na|Mg|Ca|Cl|Cr)(?=\s\d)", _letters),
    rule("abbreviation", "hsdtHSDT", r"(?i:hx|sx|dx|tx)(?=:)", lambda match, _: WORDS[match[0].lower()]),
    rule("abbreviation", "ahsdpftbqAHSDPFTBQ", rf"(?i:{'|'.join(WORDS)}){END}(?!')", _word),
)
