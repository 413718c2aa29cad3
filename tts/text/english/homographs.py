"""Words of one spelling and several pronunciations: which one is meant, by what stands around it.

``homographs.txt`` lists the roles in which a word has each pronunciation. ``syntax.evidence`` scores how well each role
fits the place; words nearby that speak for a meaning ("bass" beside "fish") add to that. The best sum wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tts.text.english.function_words import ARTICLES, BE, POSSESSIVES
from tts.text.english.inflections import with_s
from tts.text.english.syntax import Place, evidence
from tts.text.english.word_classes import classes_of
from tts.text.sentences import Phones

HOMOGRAPHS_FILE = Path(__file__).with_name("homographs.txt")
NEARBY = 6  # words on either side that may speak for a meaning
USUAL = 0.4  # what the usual pronunciation is ahead by
CUE = 4.0
CAPITAL = 6.0
NEVER = -10.0
IN_S = {"n": "s", "j": "", "v": "z", "d": ""}  # roles of the form in -s

USED: Phones = ("Y", "UW1", "Z", "D")
USED_TO: Phones = ("Y", "UW1", "S", "T")


@dataclass(frozen=True)
class Variant:
    roles: str
    phones: Phones
    cues: frozenset[str] = frozenset()


def is_homograph(word: str) -> bool:
    """``word`` in lower case."""
    return word == "used" or bool(_variants(word))


def choose(place: Place) -> Phones:
    """The pronunciation of the word at ``place``, which is a homograph."""
    if place.word == "used":
        return USED_TO if place.at(1) == "to" and _is_habit(place) else USED
    fitting = evidence(place)
    nearby = place.nearby(NEARBY)
    variants = _variants(place.word)
    scores = [_score(variant, place, fitting, nearby) for variant in variants]
    scores[0] += USUAL
    return variants[scores.index(max(scores))].phones


def _score(variant: Variant, place: Place, fitting: dict[str, float], nearby: frozenset[str]) -> float:
    cues = CUE * min(len(variant.cues & nearby), 2)
    if variant.roles == "*":
        return 0.0
    if variant.roles == "-":
        return cues or NEVER
    if variant.roles == "C":
        return cues + CAPITAL if place.is_name and (cues or not variant.cues) else NEVER
    return cues + max(fitting.get(role, 0.0) for role in variant.roles)


def _is_habit(place: Place) -> bool:
    """Whether "used to" tells of a habit ("used to play", "is used to noise"), not a purpose ("is used to cut")."""
    behind = place.at(2)
    named = behind in ARTICLES or behind in POSSESSIVES or not classes_of(behind).startswith("v")
    return place.before not in BE or named


@cache
def _variants(word: str) -> tuple[Variant, ...]:
    listed = _listed()
    if word in listed:
        return listed[word]
    for stem in _stems_of_s(word):
        in_s = [
            Variant(roles, with_s(variant.phones), variant.cues)
            for variant in listed.get(stem, ())
            if (roles := "".join(IN_S.get(role, role) for role in variant.roles))
        ]
        if len(in_s) > 1:
            return tuple(in_s)
    return ()


def _stems_of_s(word: str) -> Sequence[str]:
    if not word.endswith("s"):
        return ()
    return (word[:-1], word[:-2], f"{word[:-3]}y") if word.endswith("es") else (word[:-1],)


@cache
def _listed() -> dict[str, tuple[Variant, ...]]:
    table = {}
    for line in HOMOGRAPHS_FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, _, variants = line.partition(" ")
            table[word] = tuple(_parse(variant) for variant in variants.split("|"))
    return table


def _parse(variant: str) -> Variant:
    said, _, cues = variant.partition("<")
    roles, *phones = said.split()
    return Variant(roles, tuple(phones), frozenset(cues.split()))
