"""What the page in the browser knows of English: tables of our own reader, so that both read alike."""

from collections.abc import Mapping
from typing import Any

from tts.text.english import folding, fractions, mathematics, measures, money, numerals, shortened, symbols
from tts.text.english.units import UNITS
from tts.text.normalise import TYPOGRAPHY

NOT_ON_THE_PAGE = frozenset("%°~*/<>·")  # their meaning depends on what stands around them


def page_english() -> dict[str, Any]:
    """Of numbers, money, units, signs and titles; ``english.js`` says what each is for."""
    return {
        "ones": numerals.ONES,
        "tens": numerals.TENS,
        "scales": numerals.SCALES,
        "ordinals": numerals.IRREGULAR_ORDINALS,
        "longest_named": numerals.LONGEST_NAMED,
        "currencies": {sign: names for sign, names in money.CURRENCIES.items() if len(sign) == 1},
        "units": {unit: names for unit, names in UNITS.items() if _is_plain(unit, names)},
        "symbols": _symbols(),
        "titles": {short: title for short, title in shortened.TITLES.items() if short not in shortened.DOTTED_TITLES},
    }


def page_characters(english: bool) -> Mapping[str, str]:
    """What stands for single characters that are written in several ways."""
    plain = {chr(char): text or "" for char, text in TYPOGRAPHY.items()}
    return plain | folding.LETTERS if english else plain


def _is_plain(unit: str, names: tuple[str, str]) -> bool:
    """Whether it can be nothing but a unit, named in words."""
    return (
        unit not in measures.AMBIGUOUS and unit[-1] != "." and " " not in unit and names[0].replace(" ", "").islower()
    )


def _symbols() -> dict[str, str]:
    named = symbols.NAMES | mathematics.SIGNS
    signs = {sign: fractions.fraction(*map(int, parts.split("/"))) for sign, parts in fractions.SIGNS.items()}
    return {sign: words for sign, words in named.items() if sign not in NOT_ON_THE_PAGE} | signs
