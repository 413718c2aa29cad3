"""102F, 35C, 60-65F: degrees without their sign, where weather, ovens or fevers are spoken of."""

import re

from tts.text.english.cardinals import NUMBERED
from tts.text.english.numerals import decimal
from tts.text.english.rules import END, Place, Rule, Spoken, rule

WEATHER = re.compile(
    r"\b(?:hit|temps?|temperatures?|highs?|lows?|hot|heat|cold|warm|cool|chilly|freezing|oven|bake|preheat|fever|weather|reach\w*"
    r"|outside|degrees|thermometer|boils?|melts?|freezes?|roast|sunny|cloudy|rain)\b",
    re.IGNORECASE,
)
NOT_DEGREES = NUMBERED | {"seat", "exit", "flat", "row", "vitamin"}  # seat 12C


def _temperature(match: re.Match[str], place: Place) -> Spoken:
    """102F, 35C: where weather, ovens or fevers are spoken of."""
    if place.word_before() in NOT_DEGREES or not WEATHER.search(place.line_around(match.start(), match.end())):
        return None
    scale = {"F": "Fahrenheit", "C": "Celsius"}[match["scale"]]
    first = f"{decimal(match['first'])} to " if match["first"] else ""
    return f"{'minus ' if match['sign'] else ''}{first}{decimal(match['number'])} degrees {scale}"


RULES: tuple[Rule, ...] = (
    rule(
        "measure",
        "-–0-9",
        rf"(?P<sign>(?<![\w)])[-–])?(?:(?P<first>\d{{1,3}})\s?[-–]\s?)?(?P<number>\d{{1,3}}(?:\.\d)?)\s?(?P<scale>[FC]){END}",
        _temperature,
    ),
)
