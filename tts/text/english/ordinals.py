"""1st, 21ST, 19th-century, 1,000th, 5th-7th."""

import re

from tts.text.english.numerals import ordinal
from tts.text.english.rules import END, Place, Rule, Spoken, rule


def _ordinal(match: re.Match[str], _: Place) -> Spoken:
    spoken = ordinal(match[1].replace(",", ""))
    return f"{spoken}s" if match[2] else spoken


def _span(match: re.Match[str], _: Place) -> Spoken:
    """1st-3rd, the 15th–17th centuries."""
    return f"{ordinal(match[1])} to {ordinal(match[2])}"


RULES: tuple[Rule, ...] = (
    rule(
        "ordinal",
        "0-9",
        r"(\d{0,2}[23])d()(?=\s(?:Bn|Cir|Lt|Lieutenant|Inf|Cav|Reg|Battalion|Div|Brigade|Dist|ed|Armored|Marine|Airborne)\w*\b)",
        _ordinal,
    ),
    rule("range", "0-9", rf"(\d{{1,15}})(?:st|nd|rd|th)?\s?[-–]\s?(\d{{1,15}})(?:st|nd|rd|th){END}", _span),
    rule("ordinal", "0-9", rf"(\d{{1,3}}(?:,\d{{3}})+|\d{{1,15}})(?:st|nd|rd|th|ᵗʰ)(s?){END}", _ordinal, re.IGNORECASE),
)
