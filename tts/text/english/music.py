"""Chords and keys: Am7, Gmaj7, C♯ min., B♭."""

import re

from tts.text.english.numerals import cardinal
from tts.text.english.rules import END, Place, Rule, Spoken, rule

QUALITIES = {
    "maj": "major", "min": "minor", "m": "minor", "dim": "diminished", "aug": "augmented", "sus": "sus", "add": "add",
    "major": "major", "minor": "minor",
}  # fmt: skip
RAISED = {"#": "sharp", "♯": "sharp", "b": "flat", "♭": "flat"}
_CHORD = r"[A-G][#♯b♭]?(?:maj|min|dim|aug|sus|add|m)?(?:6|7|9|11|13|2|4)?"
PROGRESSION = re.compile(rf"(?<![\w/]){_CHORD}(?:\s?[-–,|/]\s?{_CHORD}|\s{_CHORD}){{1,16}}(?!\w)|\b[Cc]hords?\b")


def _say(note: str, raised: str, quality: str, number: str) -> str:
    return f"{note} {RAISED.get(raised, '')} {QUALITIES.get(quality, '')} {cardinal(number) if number else ''}"


def _chord(match: re.Match[str], place: Place) -> Spoken:
    """Gmaj7 by itself; Am and Bb only among others."""
    certain = len(match[3]) == 3 and match[3] != "min" and match[4]
    among_others = match[2] + match[3] and PROGRESSION.search(place.line_around(match.start(), match.end()))
    return _say(match[1], match[2], match[3], match[4] or "") if certain or among_others else None


def _key(match: re.Match[str], _: Place) -> Spoken:
    """C♯ min., B♭ major, F♯, D min."""
    return _say(match[1], match[2], match[3] or "", "")


def _plain_key(match: re.Match[str], _: Place) -> Spoken:
    """D min., in g min."""
    return _say((match[1] or match[2]).upper(), "", match[3], "")


RULES: tuple[Rule, ...] = (
    rule("letters", "A-G", r"([A-G])([#♯♭])(?:[ -](major|minor|maj|min)\b\.?)?(?!\w)", _key),
    rule("letters", "A-Ga-g", r"(?:(?<=in )([a-g])|([A-G]))[ -](maj|min)\b\.?(?!\w)", _plain_key),
    rule("letters", "A-G", rf"([A-G])([#♯b♭]?)(maj|min|dim|aug|sus|add|m|)(6|7|9|11|13|2|4)?{END}(?!')", _chord),
)
