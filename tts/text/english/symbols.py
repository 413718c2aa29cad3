"""Marks that are said: & % @ © § and the entities of HTML."""

import re

from tts.text.english.rules import Place, Rule, Spoken, either, rule

NAMES = {
    "&": "and", "%": "percent", "@": "at", "©": "copyright", "®": "registered", "™": "trademark",
    "℠": "service mark", "№": "number", "§": "section", "§§": "sections", "¶": "paragraph", "°": "degrees",
    "℃": "degrees Celsius",
    "℉": "degrees Fahrenheit", "‰": "per mille", "✓": "check mark", "℅": "care of", "℮": "estimated",
    "♯": "sharp",
    "♭": "flat", "Ω": "ohms",
}  # fmt: skip
DAGGERS = {"†": "dagger", "‡": "double dagger"}  # where they stand alone
ENTITIES = {
    "amp": "and", "lt": "less than", "gt": "greater than", "copy": "copyright", "reg": "registered",
    "trade": "trademark", "euro": "euros", "pound": "pounds", "deg": "degrees", "times": "times",
    "plusmn": "plus or minus",
}  # fmt: skip


def _named(match: re.Match[str], _: Place) -> Spoken:
    return NAMES[match[0]]


def _entity(match: re.Match[str], _: Place) -> Spoken:
    return ENTITIES[match[1]]


RULES: tuple[Rule, ...] = (
    rule("symbol", "*", r"(?<=(?:SELECT|select|Select) )\*|(?<=\()\*(?=\))", lambda *_: "star"),
    rule("symbol", "†‡", r"(?<!\S)[†‡](?!\S)", lambda match, _: DAGGERS[match[0]]),
    rule("symbol", "&", rf"&({'|'.join(ENTITIES)});", _entity),
    rule("symbol", "".join(NAMES), either(NAMES), _named),
)
