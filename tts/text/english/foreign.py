"""Letters of other alphabets: single Greek ones by name, Greek and Cyrillic words as they sound."""

import re
import unicodedata

from tts.text.english.rules import Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_list

GREEK_NAMES = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        word_list(
            """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
    phi chi psi omega
    """
        ),
        strict=True,
    )
) | {"ς": "sigma", "ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta"}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        word_list("a v g d e z i th i k l m n x o p r s t y f ch ps o s"),
        strict=True,
    )
)
CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўђјљњћџ",
        word_list(
            """
    a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i yi ye g w dj y ly ny ch j
    """
        ),
        strict=True,
    )
)
SOUNDS = GREEK | CYRILLIC


def _greek_letter(match: re.Match[str], _: Place) -> Spoken:
    return GREEK_NAMES.get(match[0].lower())


def _transliterated(match: re.Match[str], _: Place) -> Spoken:
    letters = [SOUNDS.get(_bare(char), "") for char in match[0].lower()]
    return "".join(letters).replace("-", "") if all(letters) else None


def _bare(char: str) -> str:
    """Without its accent, unless that makes another letter."""
    return char if char in SOUNDS else unicodedata.normalize("NFD", char)[0]


_OTHER = r"[\u0370-\u03ff\u0400-\u04ff\u1f00-\u1fff]"

RULES: tuple[Rule, ...] = (
    rule("letters", "\u0370-\u03ff", r"[\u0370-\u03ff](?![\u0370-\u03ff])", _greek_letter),
    rule("word", "\u0370-\u04ff\u1f00-\u1fff", rf"{_OTHER}{{2,64}}(?![^\W\d_])|{_OTHER}(?![^\W\d_])", _transliterated),
)
