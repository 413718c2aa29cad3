"""Words cut short, of which the dot does not end the sentence: Dr. Smith, Inc., approx., e.g., vs, p. 12."""

import re

from tts.text.english.numerals import cardinal
from tts.text.english.roman import NUMERALS
from tts.text.english.rules import END, Place, Rule, Spoken, either, letters, rule
from tts.text.english.shortened import (
    ANYWHERE,
    CAPITAL_INITIALISMS,
    DOTTED,
    DOTTED_NUMBERED,
    DOTTED_TITLES,
    NUMBERED,
    SCRIPTURE,
    STARTERS,
    TITLES,
    UNDOTTED,
    WORDS_TOO,
)

OFFICE = re.compile(
    r"\s(?:[A-Z]{2,}|Vice|Manager|Director|Engineer|Analyst|Software|Developer|Executive|Associate|Product|Data|Project)\b"
)


def expects_name(written: str) -> bool:
    """Whether a sentence cannot end behind it: Mr., St., Gen."""
    return written.rstrip(".") in TITLES


def ends_sentence(text: str, position: int) -> bool:
    """Whether a sentence ends behind an abbreviation's dot, from what follows."""
    following = FOLLOWING.match(text, position)
    if following is None:
        return NOTHING.match(text, position) is not None
    word = following[1]
    if word == "No" and text.startswith(".", following.end()):
        return False  # Dkt. No. 14
    return word[0].isupper() and word.lower() in STARTERS


FOLLOWING = re.compile(r"[\"')\]]*\s+[\"'(\[]*([A-Za-z']+)")
PATIENT = re.compile(
    r"\s(?:is|was|has|had|will|to|with|w/|c/o|reports|reported|denies|denied|presents|presented|states|stated|complains"
    r"|complained|admitted|tolerated|appears)(?![^\W_])"
)
FILED = re.compile(r"\b(?:Dkt|Compl|Decl|Dep|Tr|Br)\.|¶|[Ee]xhibit|[Pp]laintiff|[Dd]efendant")
FOUNDED = re.compile(r"\.?\s(?:1[0-9]|20)\d\d(?![\d,.]|\s?[%a-zA-Z]{1,3}\b)")
LIVES = frozenset("bcdrln")  # in capitals, initials or parts
MEDIUM = re.compile(r"-(?:high|low|large|size)|\s(?:heat|bowl|pan|size|onions?|potato)")
SIZES = frozenset(["lg", "sm"])  # 3 lg eggs
FIGURES = ("money", "cardinal", "percent", "letters")
EXPECTED = {"est": "estimated", "exp": "expected"}  # behind a figure
EXPERIENCE = re.compile(r"\s(?:req|pref|nec|a\splus|and\b|&|in\s|with\s)")
ENDS = re.compile(r"[,;)!]|\s*(?:$|\n|\.)")
PER = frozenset(["per", "a", "each", "million", "thousand", "billion"])
REVENUE = re.compile(r"\s(?:was|were|of|grew|rose|fell|growth|up|down|is|\(?[$€£])")
NOTHING = re.compile(r"[\"')\]*_]*\s*$")
NAME = re.compile(r"\.?[\s-]+(?:[A-Z](?:[a-z'A-Z]|\.)|and\s[A-Z]|&)")
NUMBER = re.compile(r"\.?\s?(?:[(\[]?\d|#\d|[A-Z]{1,3}[- ]?\d|[IVXL]+\b|[A-Z]\d?\b|[ivx]+\b)")


PARTIES = {"Pl": "plaintiff", "Def": "defendant", "Resp": "respondent", "Pet": "petitioner", "Gov": "governor"}
SETTINGS = {"INT": "interior", "EXT": "exterior"}  # of the scenes of a film
NUMBERED_INITIALS = frozenset(["P", "HT", "WT", "EP", "APP", "DIA", "EST"])  # in capitals, initials
ROUGH, PRICE = frozenset(["ca", "c", "max", "min", "avg"]), re.compile(r"\.\s?[$£€]\d")  # ca. $5M
SEVERAL_NUMERALS = re.compile(r"[IVXL]{2,}")


def _title(match: re.Match[str], place: Place) -> Spoken:
    written = match[1]
    if not NAME.match(place.text, match.end(1)) or (written == "Sec" and not match[2]):
        return None
    if written in DOTTED_TITLES and not match[2]:
        return None
    if written == "Pt" and NUMBER.match(place.text, match.end(1)):
        return "part"
    if written == "Sr" and OFFICE.match(place.text, match.end()):
        return "senior"
    if written == "Sr" and place.word_before() and place.written_before()[:1].isupper():
        return "senior"
    return TITLES[written]


def _numbered(match: re.Match[str], place: Place) -> Spoken:
    short = match[1].lower()
    if match[0] == "c." and place.tokens and place.tokens[-1].kind == "ordinal":
        return "century"
    if short not in NUMBERED or (short in DOTTED_NUMBERED and not match[2]):
        return None
    number = NUMBER.match(place.text, match.end(1))
    if short in ROUGH and PRICE.match(place.text, match.end(1)):
        return NUMBERED[short]
    if match[1] in NUMBERED_INITIALS:
        return None
    if not number or (
        not (any(map(str.isdigit, number[0])) or (short == "art" and SEVERAL_NUMERALS.search(number[0])))
        and short
        in (
            "no",
            "ed",
            "c",
            "ca",
            "b",
            "d",
            "v",
            "p",
            "max",
            "min",
            "ex",
            "est",
            "temp",
            "art",
            "l",
            "n",
            "r",
            "avg",
            "col",
            "tel",
            "ph",
        )
    ):
        return None
    if short == "est" and not FOUNDED.match(place.text, match.end(1)):
        return "estimated"
    if short in LIVES and match[1].isupper():
        return None  # App. B.1
    if short in ("min", "max", "avg", "sec", "wk", "d", "c", "b") and _is_unit(place):
        return None
    if short == "no" and match[1].islower() and not match[2]:
        return None
    if short == "ex" and FILED.search(place.line_around(match.start(), match.end())):
        return "exhibit"
    return NUMBERED[short]


def _is_unit(place: Place) -> bool:
    """Whether a number stands directly before it."""
    return bool(place.word_before()) and place.written_before()[-1:].isdigit()


def _anywhere(match: re.Match[str], place: Place) -> Spoken:
    short, dot = match[1].lower(), match[2]
    if short == "ed" and dot and place.tokens and place.tokens[-1].kind == "ordinal":
        return "edition"
    if short == "amend" and dot and place.tokens and place.tokens[-1].kind == "ordinal":
        return "amendment"
    if short in ("fl", "flr") and place.tokens and place.tokens[-1].kind == "ordinal":
        return "floor"
    if short in EXPECTED and dot and place.tokens and _is_figure(place):
        return EXPECTED[short]
    if short == "vs" and match[1].isupper() and place.text.startswith(":", match.end()):
        return None  # vital signs
    if short == "apt" and place.word_before() in ("bedroom", "bath", "bathroom", "studio"):
        return "apartment"
    if short not in ANYWHERE or (not dot and short not in UNDOTTED and short not in SIZES):
        return None
    if (
        short == "inc"
        and match[1].islower()
        and dot
        and re.match(r"\s[a-z]", place.text[match.end() : match.end() + 2])
    ):
        return "including"
    if (
        short in SIZES
        and not dot
        and _is_unit(place)
        and re.match(r"\s[a-z]", place.text[match.end() : match.end() + 2])
    ):
        return ANYWHERE[short]
    if short == "proc" and re.match(r"\.\s(?:[A-Z]|of\b)", place.text[match.end(1) : match.end(1) + 4]):
        return "proceedings"
    if short == "med" and (_is_unit(place) or MEDIUM.match(place.text, match.end())):
        return "medium"  # 2 med. onions
    if short in SIZES and not dot:
        return None
    if short == "exp" and not place.word_before():
        return "experience" if EXPERIENCE.match(place.text, match.end()) else "experienced"
    if short in ("incl", "excl") and ENDS.match(place.text, match.end()):
        return f"{ANYWHERE[short][:-3]}ed"  # utilities incl.
    if short in ("bbl", "bbls") and not (dot or place.word_before() in PER or _is_unit(place)):
        return None
    if short == "rev" and REVENUE.match(place.text, match.end()):
        return "revenue"
    if short == "pt" and not PATIENT.match(place.text, match.end()):
        return None
    if short in WORDS_TOO and dot and not _goes_on(match, place):
        return None
    if not dot and match[1].isupper() and short in CAPITAL_INITIALISMS:
        return None
    if match[3]:  # the mtg's over
        return f"{ANYWHERE[short]}'s"
    return ANYWHERE[short] if match[1].isupper() or match[1][1:].islower() or "'" in short else None


def _is_figure(place: Place) -> bool:
    return place.tokens[-1].kind in FIGURES and any(map(str.isdigit, place.written_before()))


def _goes_on(match: re.Match[str], place: Place) -> bool:
    following = place.text[match.end() : match.end() + 3]
    short = match[1].lower()
    if short in ("al", "seq"):
        return place.word_before() == "et"
    if short in ("co", "ave", "mt", "ft", "dep", "arr") and match[1][0].isupper():
        return True
    if short in ("no",):
        return False
    if place.tokens and place.tokens[-1].kind == "abbreviation" and place.word_before():
        return True  # Natl. Acad. Sci. USA
    return bool(re.match(r"[,-]|\s[a-z0-9(]|\)|;|:", following)) or place.text.startswith(" ASAP", match.end())


def _dotted(match: re.Match[str], place: Place) -> Spoken:
    written = re.sub(r"\s", "", match[1]).lower().rstrip(".")
    if written in DOTTED:
        return DOTTED[written]
    return letters(re.sub(r"[^A-Za-z]", "", match[1]))


def _setting(match: re.Match[str], _: Place) -> Spoken:
    """INT. DINER; INT./EXT. CAR."""
    return " ".join(SETTINGS[written] for written in match.groups() if written)


def _party(match: re.Match[str], _: Place) -> Spoken:
    """Def.'s motion, Pls.' brief."""
    return f"{PARTIES[match[1]]}{'s' if match[2] else ''}'{match[3]}"


def _latin(match: re.Match[str], _: Place) -> Spoken:
    return DOTTED[match[1].lower()]


def _article(match: re.Match[str], _: Place) -> Spoken:
    """Art. I, § 8: not I myself."""
    return f"article {cardinal(NUMERALS[match[1]])}" if match[1] in NUMERALS else None


def _scripture(match: re.Match[str], _: Place) -> Spoken:
    """Gen. 1:1, Ps. 23."""
    return SCRIPTURE[match[1] or match[2]]


def _against(match: re.Match[str], place: Place) -> Spoken:
    """Roe v. Wade."""
    named = place.written_before()[:1].isupper() or place.written_before() == "al."
    return "versus" if place.word_before() and named else None


def _possessive(match: re.Match[str], _: Place) -> Spoken:
    """U.S.'s, Ph.D.s."""
    spoken = DOTTED.get(match[1].lower().rstrip(".")) or letters(match[1].replace(".", ""))
    return f"{spoken}{match[2]}"


BEATEN = r"(?=\s(?:No\.\s\d+\s)?[A-Z][a-z]+(?:[/ ][A-Z][a-z]+)?\s\d{1,3}-\d)"
_DEGREES = "|".join(
    re.escape(short) for short in sorted(DOTTED, key=len, reverse=True) if re.search(r"[a-z]{2}\.|\.[a-z]{2}|\s", short)
)

RULES: tuple[Rule, ...] = (
    rule("abbreviation", "A", r"Art\.\s([IVX]{1,4})(?=,\s?(?:§|[Ss]ec|cl)|\sof\sthe\b)", _article),
    rule("abbreviation", "d", rf"d(?:ef)?\.{BEATEN}", lambda *_: "defeated"),
    rule("abbreviation", "b", rf"bt\.?{BEATEN}", lambda *_: "beat"),
    rule("abbreviation", "PDRG", rf"({'|'.join(PARTIES)})(s?)\.'(s?){END}", _party),
    rule("abbreviation", "E", r"Ex\.\s([A-Z])\b", lambda match, _: f"exhibit {match[1]}"),
    rule("abbreviation", "D", r"Doc\.\sNo\.", lambda *_: "document number"),
    rule("abbreviation", "IE", r"(INT|EXT)\.(?:/(INT|EXT)\.)?(?=\s(?:[A-Z]{2}|[A-Z]\.))", _setting),
    rule("abbreviation", "A-Z", rf"({either(SCRIPTURE)})\.?(?=\s\d{{1,3}}:\d)|(Ps)\.(?=\s\d)", _scripture),
    rule("abbreviation", "v", r"v\.?(?=\s[A-Z])", _against),
    rule("abbreviation", "nN", r"[Nn]o\.(?=\s(?:of|is)\b)", lambda *_: "number"),
    rule(
        "abbreviation", "A-Za-z", rf"({_DEGREES})(?:\.|{END})", lambda match, _: DOTTED[match[1].lower()], re.IGNORECASE
    ),
    rule("abbreviation", "ie", rf"(ie|eg)(?=[,:]|\.\s?,|\.?\s[a-z]){END}\.?", _latin),
    rule("letters", "A-Za-z", rf"((?:[A-Za-z]\.){{2,8}}|(?:[A-Za-z]\.\s){{1,3}}[A-Za-z]\.)('?s){END}", _possessive),
    rule("letters", "A-Za-z", rf"((?:[A-Za-z]\.){{2,8}}|(?:[A-Za-z]\.){{1,8}}[A-Za-z]{END})(?![^\W_])", _dotted),
    rule("abbreviation", "A-Z", rf"({either(TITLES)}){END}(?!')(\.)?", _title),
    rule("abbreviation", "A-Za-z", rf"([A-Za-z]{{1,6}}){END}(?!')(\.)?", _numbered),
    rule(
        "abbreviation",
        "A-Za-z",
        rf"([a-z]{{2,5}}'[dglnrty]{END}|[A-Za-z]{{2,6}}){END}(?:(?!')(\.)?|('s){END})",
        _anywhere,
        re.IGNORECASE,
    ),
    rule("letters", "A-Z", r"([A-Z])\.(?=\s?[A-Z]|\s[a-z]|,)", lambda match, _: match[1]),
)
