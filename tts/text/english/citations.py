"""Where something is published: 512 F.3d 1021, Pub. L. No. 111-148, ¶¶ 14-17, doi:10.1038/x, arXiv:2101.00001."""

import re

from tts.text.english.electronic import say_address
from tts.text.english.numerals import cardinal, spell_digits
from tts.text.english.rules import END, Place, Rule, Spoken, either, letters, rule

# Between the number of a volume and of a page.
REPORTERS = {
    "F.": "F", "F. Supp.": "F supplement", "S. Ct.": "supreme court", "L. Ed.": "L edition", "P.": "P", "A.": "A",
    "So.": "southern", "N.E.": "N E", "N.W.": "N W", "S.E.": "S E", "S.W.": "S W", "Cal. App.": "cal app",
    "Cal. Rptr.": "cal reporter", "N.Y.S.": "N Y S", "Fed. Cl.": "federal claims", "F. App'x": "F appendix",
    "U.S.L.W.": "U S L W", "Fed. Reg.": "federal register", "Stat.": "statutes", "B.R.": "B R", "T.C.": "T C",
    "F.R.D.": "F R D",
}  # fmt: skip
SERIES = {"2d": "second", "3d": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth"}
RULES_OF = {
    "Civ. P.": "civil procedure", "Crim. P.": "criminal procedure", "Evid.": "evidence",
    "App. P.": "appellate procedure", "Bankr. P.": "bankruptcy procedure",
}  # fmt: skip


def _reporter(match: re.Match[str], _: Place) -> Spoken:
    return f"{cardinal(match[1])} {REPORTERS[match[2]]} {SERIES.get(match[3], '')}"


def _public_law(match: re.Match[str], _: Place) -> Spoken:
    """Pub. L. No. 111-148."""
    return f"public law {'number ' if match[1] else ''}{cardinal(match[2])} {cardinal(match[3])}"


def _federal_rule(match: re.Match[str], _: Place) -> Spoken:
    """Fed. R. Civ. P. 12."""
    return f"federal rule of {RULES_OF[match[1]]}"


def _identifier(match: re.Match[str], place: Place) -> Spoken:
    """doi:10.1038/s41586, arXiv:2101.00001: long numbers digit by digit."""
    spoken = ["archive" if match[1] == "arXiv" else "D O I"]
    for piece in re.findall(r"\d+|\D+", match[2]):
        if not piece.isdigit():
            spoken.append(say_address(piece, place))
        else:
            spoken.append(cardinal(piece) if len(piece) < 3 and piece[0] != "0" else spell_digits(piece))
    return " ".join(spoken)


def _number(match: re.Match[str], _: Place) -> Spoken:
    """PMID: 31978945."""
    return f"{letters(match[1])} {spell_digits(match[2])}"


RULES: tuple[Rule, ...] = (
    rule(
        "abbreviation",
        "1-9",
        rf"(\d{{1,4}})\s({either(REPORTERS)})\s?({either(SERIES)})?(?=\s(?:at\s)?\d)",
        _reporter,
    ),
    rule("abbreviation", "C", r"Cal\.(?=\s[A-Z][a-z]+\.?\s(?:&\s\w+\.?\s)?(?:Code|§))", lambda *_: "california"),
    rule("abbreviation", "P", r"Pub\.\s?L\.\s?(No\.\s)?(\d{1,3})[-–](\d{1,3})", _public_law),
    rule("abbreviation", "F", rf"Fed\.\sR\.\s({either(RULES_OF)})", _federal_rule),
    rule(
        "electronic",
        "dDa",
        r"([dD][oO][iI]|arXiv):\s?((?:10\.)?\d{4,9}[/.][^\s<>\"']{1,256}(?<=[\w/]))",
        _identifier,
    ),
    rule("letters", "P", rf"(PMID|PMCID):?\s?(?:PMC)?(\d{{4,9}}){END}", _number),
    rule("symbol", "¶", "¶¶", lambda *_: "paragraphs"),
)
