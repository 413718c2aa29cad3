"""What is written with marks in one way only: C++, w/o, N/A, 9/11, T-shirt."""

import re

from tts.text.english.numerals import cardinal, in_pairs, plural
from tts.text.english.rules import END, Place, Rule, Spoken, either, letters, rule

FIXED = {
    "C#": "C sharp", "F#": "F sharp", "C++": "C plus plus", "c++": "C plus plus", "c#": "C sharp",
    ".NET": "dot net", "VS Code": "V S code", "id. at": "id at", "Id. at": "id at",
    "g++": "G plus plus", "Notepad++": "notepad plus plus",
    "n/a": "N A", "N/A": "N A", "w/o": "without", "W/O": "without", "b/c": "because", "c/o": "care of",
    "a/c": "A C",
    "A/C": "A C", "I/O": "I O", "TCP/IP": "T C P I P",
    "and/or": "and or", "AND/OR": "and or", "he/she": "he or she", "his/her": "his or her",
    "him/her": "him or her",
    "s/he": "she or he", "km/h": "kilometers per hour",
    "w/c": "week commencing", "b/w": "between",
    "w/": "with", "w/in": "within", "&c.": "et cetera", "&c": "et cetera", "A/B": "A B",
    "24/7/365": "twenty four seven three sixty five", "9/11": "nine eleven",
    "'n'": "and", "rock'n'roll": "rock and roll", "o'clock": "o'clock", "CD-ROM": "C D rom",
    "CD-ROMs": "C D roms",
    "A-OK": "A okay", "T-shirt": "T shirt", "DIY": "D I Y", "W/": "with", "f/k/a": "formerly known as",
    "m/s": "meters per second", "Ke$ha": "kesha", "P!nk": "pink", "A$AP": "asap", "ed. by": "edited by",
    "Ed. by": "edited by", "y/o": "year old",
    "y/y": "year over year",
    "m/m": "month over month", "q/q": "quarter over quarter", 
    "Q/Q": "quarter over quarter", "Y/Y": "year over year", "M/M": "month over month",
    "s/p": "S P", "h/o": "history of", "f/u": "follow up", "F/u": "follow up", "F/U": "follow up",
    "r/o": "rule out", "n/v": "N V", "s/h": "S H", "S/H": "S H",
    "f'cast": "forecast", "f'casts": "forecasts", "y-o-y": "year over year", "q-o-q": "quarter over quarter",
    "m-o-m": "month over month", "b/l": "bilateral",
    "w/w": "week over week", "o/n": "overnight", "p/w": "presents with", "d/b/a": "D B A", "a/k/a": "A K A",
}  # fmt: skip


CALCULATED = re.compile(r"[=×÷√^²³]")


def _fixed(match: re.Match[str], _: Place) -> Spoken:
    return FIXED[match[0]]


def _initials(match: re.Match[str], _: Place) -> Spoken:
    """N/V/D, m/r/g."""
    return letters(match[0].replace("/", ""))


def _two_initials(match: re.Match[str], place: Place) -> Spoken:
    """A W/D hookup, unless something is calculated."""
    return (
        None if CALCULATED.search(place.line_around(match.start(), match.end())) else letters(match[0].replace("/", ""))
    )


def _aged(match: re.Match[str], _: Place) -> Spoken:
    """A 54-y.o. man, 65yo."""
    return f"{cardinal(match[1])} year old"


def _wireless(match: re.Match[str], _: Place) -> Spoken:
    """802.11ac."""
    return f"eight oh two dot eleven {letters(match[1] or '')}"


def _airliner(match: re.Match[str], _: Place) -> Spoken:
    """747-400, a 787-9, two 737-800s."""
    *before, last = f"{in_pairs(match[1])} {in_pairs(match[2])}".split()
    return " ".join([*before, plural(last) if match[3] else last])


def _mains(match: re.Match[str], _: Place) -> Spoken:
    """50/60 Hz."""
    return f"{cardinal(match[1])} {cardinal(match[2])} hertz"


def _oil(match: re.Match[str], _: Place) -> Spoken:
    """5W-30."""
    return f"{cardinal(match[1])} W {cardinal(match[2])}"


RULES: tuple[Rule, ...] = (
    rule("measure", "1-9", rf"(\d{{1,3}})[- ]?(?:y\.o\.|y/o|yo){END}(?=[\s,);]|$)", _aged),
    rule("word", "A-Za-z", r"([A-Za-z][a-z]{1,31})\((e?s)\)", lambda match, _: match[1].lower() + match[2]),
    rule("symbol", "*", r"(?<!\S)\*(?=\.[a-z]{1,5}\b)", lambda *_: "star"),
    rule(
        "letters",
        "A-Za-z",
        r"(?<![/\w])(?!M/(?:W/F|T/W)\b)(?:[A-Z](?:/[A-Z]){2,4}|[a-z](?:/[a-z]){2,4})(?![/\w])",
        _initials,
    ),
    rule("symbol", "#", r"#!(?=\s?/)", lambda *_: "hash bang"),
    rule("letters", "fƒ", r"[fƒ]/(?=\d)", lambda *_: "F"),
    rule("symbol", "#", r"#(?=[A-Z]{1,3}-\d|[A-Z]\d{3})", lambda *_: "number"),
    rule("abbreviation", "A-Za-z.&'249", rf"(?:{either(FIXED)}){END}", _fixed),
    rule("letters", "A-Z", r"(?<![/\w])[A-Z]/[A-Z](?![/\w])", _two_initials),
    rule("measure", "1-9", rf"(\d{{2,3}})/(\d{{2,3}})\s?Hz{END}", _mains),
    rule("letters", "0-9", rf"(\d{{1,2}})W-?([1-6]0){END}", _oil),
    rule(
        "time",
        "-–—",
        r"(?<=[mM]\.|[apAP][mM])\s?[-–—]\s?(?=noon|midnight|close|late)|(?<=noon)\s?[-–—]\s?(?=\d)|(?<=midnight)\s?[-–—]\s?(?=\d)",
        lambda *_: "to",
    ),
    rule("cardinal", "7", rf"(7[0-8]7)-(\d{{1,3}})(s?){END}", _airliner),
    rule("letters", "8", rf"802\.11([a-z]{{1,2}})?{END}", _wireless),
)
