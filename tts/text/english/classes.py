"""The order of the semiotic classes: what is tried before what."""

import re
from functools import lru_cache

from tts.text.english import (
    abbreviations,
    addresses,
    capitals,
    cardinals,
    chat,
    citations,
    clinical,
    dates,
    decades,
    electronic,
    emoji,
    fixed,
    foreign,
    fractions,
    games,
    mathematics,
    measures,
    money,
    music,
    ordinals,
    radio,
    ranges,
    roman,
    sizes,
    symbols,
    telephone,
    temperatures,
    times,
    weekdays,
    words,
    years,
)
from tts.text.english.rules import Rule

CLASSES = (
    citations, clinical, radio, games, music, fixed, chat, dates, weekdays, telephone, electronic, times, money,
    addresses, ordinals, decades, temperatures, sizes,
    measures, years, mathematics, ranges, fractions, roman, abbreviations, capitals, cardinals, foreign, emoji,
    symbols,
    words,
)  # fmt: skip
OF_DATA = (cardinals, capitals, foreign, emoji, symbols, words)  # of what is not text, such as keys and dumps
RULES: tuple[Rule, ...] = tuple(rule for module in CLASSES for rule in module.RULES)


@lru_cache(maxsize=4096)
def rules_of_data_for(char: str) -> tuple[Rule, ...]:
    """As ``rules_for``, of ``OF_DATA`` alone."""
    return tuple(rule for module in OF_DATA for rule in module.RULES if re.match(f"[{rule.first}]", char))


@lru_cache(maxsize=4096)
def rules_for(char: str) -> tuple[Rule, ...]:
    """Those that may begin with the character, in their order."""
    return tuple(rule for rule in RULES if re.match(f"[{rule.first}]", char))
