"""Telephone numbers, digit by digit with a breath between groups: +1 415-555-2671, (212) 555-0123, 020 7946 0958."""

import re
from itertools import pairwise

from tts.text.english.initialisms import SHORT_WORDS
from tts.text.english.numerals import cardinal, spell_digits
from tts.text.english.rules import ALNUM, END, Place, Rule, Spoken, rule
from tts.text.english.token import Token
from tts.text.english.word_lists import word_set
from tts.text.sentences import Pause

CALL = word_set(
    """
    call dial phone tel telephone fax ring text number at mobile cell contact hotline is line or whatsapp on
    us me
    """
)
CODED = frozenset(["zip", "code", "zipcode", "postcode", "password", "passcode", "serial", "otp", "combination"])
SHORT_NUMBERS = ("911", "999", "112", "411", "311", "211", "511", "611", "811", "101", "111", "988", "000")


def groups(match: re.Match[str], _: Place) -> list[Token]:
    """A token of each group, and a pause behind each but the last."""
    ends = [part.span() for part in re.finditer(r"\+?\d+|[A-Z]+", match[0])]
    tokens = []
    for start, end in ends:
        written = match[0][start:end]
        spoken = _group(written)
        tokens.append(
            Token(match.start() + start, match.start() + end, "telephone", tuple(spoken.split()), Pause.COMMA)
        )
    last = tokens[-1]
    tokens[-1] = Token(last.start, last.end, last.kind, last.words)
    return _closed_up(tokens)


def _closed_up(tokens: list[Token]) -> list[Token]:
    """No pause behind "plus one" and "one", which are short."""
    return [
        Token(token.start, token.end, token.kind, token.words) if len(token.words) <= 2 else token
        for token, _ in pairwise([*tokens, tokens[-1]])
    ]


def _group(written: str) -> str:
    if written[0] == "+":
        return f"plus {spell_digits(written[1:])}"
    if written.isalpha():
        return written.lower() if len(written) > 3 or written.lower() in SHORT_WORDS else " ".join(written)
    if written in ("800", "888", "900"):
        return f"{cardinal(int(written[0]))} hundred" if written.endswith("00") else spell_digits(written)
    return spell_digits(written)


def _seven(match: re.Match[str], place: Place) -> Spoken:
    """555-1234: not a range, which would ascend to another of three digits, or ISO 100-6400."""
    return None if place.written_before() == "ISO" else groups(match, place)


def _vanity(match: re.Match[str], place: Place) -> Spoken:
    """1-888-GO-FEDEX, 555-CALL."""
    return groups(match, place) if re.search("[A-Z]", match[0]) else None


def _emergency(match: re.Match[str], place: Place) -> Spoken:
    """911, but not that many of something, nor the car."""
    counted = re.match(r"\s(?:[a-z]+s|people|men|women|children)\b", place.text[match.end() : match.end() + 20])
    return None if counted or place.word_before() in ("porsche", "a", "page", "room") else spell_digits(match[0])


def _coded(match: re.Match[str], place: Place) -> Spoken:
    """Zip code 90210."""
    return spell_digits(match[0]) if place.word_before() in CODED else None


def _ten_digits(match: re.Match[str], _: Place) -> Spoken:
    """5551234567: a round one counts something."""
    return None if match[0].endswith("000") else spell_digits(match[0])


def _called(match: re.Match[str], place: Place) -> Spoken:
    """Call 4155552671, dial 911."""
    said_before = {word for token in place.tokens[-8:] for word in token.words}
    if match[0] in SHORT_NUMBERS and (
        any(token.kind == "telephone" for token in place.tokens[-2:])
        or place.written_before().lower() in ("emergency", "emergencies", "hotline", "helpline", "police", "ambulance")
        or (place.word_before() == "or" and said_before & {"dial", "call", "ring", "phone"})
    ):
        return spell_digits(match[0])
    if place.word_before() == "to" and said_before & {"text", "texting", "sms"}:
        return spell_digits(match[0])
    if place.word_before() not in CALL:
        return None
    if len(match[0]) in (5, 6):
        return spell_digits(match[0]) if place.word_before() in ("text", "dial", "texting") else None
    if len(match[0]) < 7 and (
        match[0] not in SHORT_NUMBERS
        or place.word_before() not in ("call", "dial", "ring", "phone", "called", "calling", "text")
    ):
        return None
    return spell_digits(match[0])


def _extension(match: re.Match[str], place: Place) -> Spoken:
    digits, behind_number = match[1], bool(place.tokens) and place.tokens[-1].kind == "telephone"
    if len(digits) < 3 and match[0][0] in "xX" and not behind_number:
        return None
    return f"extension {cardinal(digits) if len(digits) < 3 and digits[0] != '0' else spell_digits(digits)}"


def _star_code(match: re.Match[str], _: Place) -> Spoken:
    """*67, *123#"""
    names = {"*": "star", "#": "pound"}
    return " ".join(names.get(char) or spell_digits(char) for char in match[0])


def _social_security(match: re.Match[str], place: Place) -> Spoken:
    return groups(match, place)


SEPARATOR = r"[-. –]"
_AREA = rf"(?:\(\d{{2,5}}\)\s?|\d{{2,5}}{SEPARATOR})"

RULES: tuple[Rule, ...] = (
    rule("telephone", "*#", rf"(?<!\S)(?:\*\d{{2,3}}#?|#\d\d#)(?!{ALNUM})", _star_code),
    # With a country's code.
    rule(
        "telephone",
        "+",
        rf"\+(?=(?:[-. ()]{{0,2}}\d){{7,15}}(?!\d))\d{{1,3}}(?:[-. ]?\(?\d{{1,5}}\)?){{1,6}}(?!{ALNUM})(?<=\d)",
        groups,
    ),
    # 1-800-FLOWERS and 1-800-555-0100.
    rule(
        "telephone",
        "1",
        rf"1[-. ]?\(?[2-9]\d\d\)?[-. ]?(?:\d{{3}}[-. ]?\d{{4}}|[A-Z]{{4,9}}"
        rf"|[A-Z]{{3}}[-. ]?[A-Z]{{4}}|\d{{3}}[-. ][A-Z]{{4}})(?!{ALNUM})",
        groups,
    ),
    rule("telephone", "8", rf"8(?:00|88|77|66|55|44|33)-(?:[A-Z]{{4,9}}|\d{{3}}-[A-Z]{{4}})(?!{ALNUM})", groups),
    # (212) 555-0123, 212-555-0123, 212.555.0123, 212 555 0123.
    rule("telephone", "(2-9", rf"(?:\([2-9]\d\d\)\s?|[2-9]\d\d[-. ])\d{{3}}[-. ]\d{{4}}(?![-.]?{ALNUM})", groups),
    # 555-1234.
    rule("telephone", "5", rf"555\s\d{{4}}(?![-.]?{ALNUM})", groups),
    rule("telephone", "1-9", rf"[1-9]\d\d[-–.]\d{{4}}(?![-.]?{ALNUM})", _seven),
    # Of other countries: a zero leads, and groups follow.
    rule("telephone", "(", rf"\(0\)\s?\d{{2,5}}(?:[-. ]\d{{2,8}}){{1,5}}(?![-.]?{ALNUM})", groups),
    rule(
        "telephone",
        "(0",
        r"(?!0\d\.[0-5]\d(?![-.\d])|0\d[0-5]\d-\d{4}(?![-.\d]))"
        rf"\(?0\d{{1,5}}\)?(?:[-. ]\d{{2,8}}){{1,5}}(?![-.]?{ALNUM})",
        groups,
    ),
    rule("telephone", "0", rf"0\d{{8,11}}(?!{ALNUM})", groups),
    rule("telephone", "0-9", rf"\d{{3}}[- ]\d{{4}}[- ]\d{{4}}(?![-.]?{ALNUM})", groups),
    rule("telephone", "0-9", rf"\d{{3}}-\d{{2}}-\d{{4}}(?![-.]?{ALNUM})", _social_security),
    rule("telephone", "0-9", rf"\d{{4}}[- ]\d{{4}}[- ]\d{{4}}[- ]\d{{4}}(?![-.]?{ALNUM})", groups),  # a card
    rule(
        "telephone",
        "158",
        rf"(?:1[-. ])?(?:8(?:00|88|77|66|55|44|33)|555|900)(?:-[A-Z0-9]{{1,9}}){{1,3}}{END}",
        _vanity,
    ),
    rule("telephone", "0-9", rf"\d{{1,6}}(?:-\d{{1,8}}){{3,6}}(?:-[xX])?(?![-.]?{ALNUM})", groups),
    rule("telephone", "9", rf"911(?!{ALNUM}|[-,./]\d)", _emergency),
    rule("telephone", "0-9", rf"\d{{4,12}}(?!{ALNUM}|[-,./]\d)", _coded),
    rule("telephone", "2-9", rf"[2-9]\d{{9}}(?!{ALNUM}|[-,./]\d)", _ten_digits),
    rule("telephone", "1-9", rf"(?:\d{{10}}|\d{{7}}|\d{{5,6}}|\d{{3}})(?!{ALNUM}|[-,.]\d)", _called),
    rule("telephone", "eExX", rf"(?:[Ee]xt\.?\s?|[xX])(\d{{1,6}})(?!{ALNUM})", _extension),
)
