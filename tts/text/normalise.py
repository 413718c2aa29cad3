"""Text as people type it, into text that the phonemiser reads without dropping anything.

gruut expands plain numbers, dates, times and currency. What it would glue, misread or silently skip is rewritten here
first: typography, symbols, web addresses, decades, digits among letters. What still has no reading is refused.
"""

import re
import unicodedata
from collections.abc import Callable

from tts.errors import InputError

MAX_WORD = 64  # characters; longer ones are data, not words
MAX_DIGITS = 15  # longer numbers are read digit by digit

SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ru": "CYRILLIC", "zh": "CJK"}  # every other language of gruut: LATIN
TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...", "−": "-"}
    | dict.fromkeys("`^|~©®™", " ")
)
ENGLISH_LETTERS = str.maketrans(
    {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
)
SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "=": "equals", "@": "at", "°": "degrees", "×": "times", "<": "less than",
    "÷": "divided by", ">": "greater than", "№": "number", "½": "one half", "¼": "one quarter", "¾": "three quarters",
    "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen",
}  # fmt: skip
ADDRESS_MARKS = {".": "dot", "/": "slash", "@": "at", ":": "colon", "-": "dash", "_": "underscore"}
ABBREVIATIONS = {
    "Capt": "Captain", "Col": "Colonel", "Gen": "General", "Gov": "Governor", "Hon": "Honorable", "Lt": "Lieutenant",
    "Prof": "Professor", "Rev": "Reverend", "Sen": "Senator", "Sgt": "Sergeant", "St": "Saint",
}  # fmt: skip
DECADES = (
    "hundreds", "tens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties",
)  # fmt: skip
ROMAN = {"II": "two", "III": "three", "IV": "four", "VI": "six", "VII": "seven", "VIII": "eight", "IX": "nine"}

Replacement = str | Callable[[re.Match[str]], str]


def normalise(text: str, language: str) -> str:
    """Rewrite ``text`` for gruut. Raises ``InputError`` naming the first word with a character that has no reading."""
    text = "".join(map(_plain, unicodedata.normalize("NFC", text))).translate(TYPOGRAPHY)
    if language.startswith("en"):
        text = _english(text)
    for word in text.split():
        _check(word, language)
    return text


def readable_part(text: str, language: str) -> tuple[str, list[tuple[int, int]]]:
    """``text`` with spaces in place of the words that ``normalise`` refuses, and where those are."""
    try:
        normalise(text, language)
    except InputError:
        bad = [word.span() for word in re.finditer(r"\S+", text) if not _is_readable(word[0], language)]
        for start, end in bad:
            text = text[:start] + " " * (end - start) + text[end:]
        return text, bad
    return text, []


def _is_readable(word: str, language: str) -> bool:
    try:
        normalise(word, language)
    except InputError:
        return False
    return True


def _plain(char: str) -> str:
    """Full-width and ligature letters as plain ones, control characters as space, invisible ones dropped."""
    if char.isalpha() or char.isdecimal():
        return unicodedata.normalize("NFKC", char)
    category = unicodedata.category(char)
    return " " if category in ("Cc", "Zl", "Zp", "Zs") and char != "\n" else "" if category == "Cf" else char


def _english(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(ENGLISH_LETTERS))
    text = "".join(char for char in decomposed if not unicodedata.category(char).startswith("M"))
    if text.isupper() and len(text.split()) > 2:  # a headline, not an initialism
        text = text.lower()
    for pattern, replacement in ENGLISH_RULES:
        text = pattern.sub(replacement, text)
    return text


def _spell_address(match: re.Match[str]) -> str:
    address = re.sub(r"^(https?://)?(www\.)?", "", match[0])
    return re.sub(r"[./@:_-]", lambda mark: f" {ADDRESS_MARKS[mark[0]]} ", address)


def _decade(match: re.Match[str]) -> str:
    century, tens = match[1] or "", int(match[2])
    if century.endswith("0") and not tens:  # 2000s
        return f"{century[0]} thousands"
    return f"{century} {DECADES[tens]}".lstrip()


def _number(match: re.Match[str]) -> str:
    """Digits one by one where they do not make one number: 007, 1.2.3, or more of them than have a name."""
    number = match[0]
    if not re.fullmatch(r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", number):
        return number.replace(",", ", ").replace(".", " point ")
    if re.match(r"0\d", number) or sum(map(str.isdigit, number)) > MAX_DIGITS:
        return " ".join("point" if char == "." else char for char in number if char != ",")
    return number


ENGLISH_RULES: tuple[tuple[re.Pattern[str], Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?:https?://|www\.)[^\s,;!?\"<>()]*\w|[\w.+-]+@[\w-]+(?:\.\w+)+", _spell_address),
        (rf"\b({'|'.join(ABBREVIATIONS)})\.(?=\s+[A-Z])", lambda match: ABBREVIATIONS[match[1]]),
        (rf"(?<=[a-z] )({'|'.join(ROMAN)})\b", lambda match: ROMAN[match[1]]),
        (r"\b[Nn]o\.(?=\s*\d)|#(?=\d)", "number "),
        (r"[$](\d[\d.,]*) (thousand|million|billion|trillion)\b", r"\1 \2 dollars"),
        (r"(?<=\d)\s*[–—]\s*(?=\d)", "-"),  # from one number to another
        (r"\s*(?:--+|[–—―])\s*", ", "),
        (r"(?<=[^\W\d_])([,;:!?]+)(?=[^\W\d_])", r"\1 "),
        (r"(?<=[a-z])([.])(?=[A-Z])", r"\1 "),
        (r"(?<=[^\W\d_])/(?=[^\W\d_])", " "),
        (r"(?<![\d/])(\d+)/(\d+)(?![\d/])", r"\1 over \2"),
        (r"\b(\d\d)?(\d)0'?s\b", _decade),
        (r"(?<![\d/:.,-])\d[\d,.]*\d(?![\d/:-]|st|nd|rd|th)", _number),
        (r"[$€£¥](?!\d)|[%&+=@°×÷<>№½¼¾]", lambda match: f" {SYMBOLS[match[0]]} "),
        (r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?!(?:st|nd|rd|th|[ap]\.?m)\b)(?=[^\W\d_])", " "),
    )
)


def _check(word: str, language: str) -> None:
    script = SCRIPTS.get(language[:2], "LATIN")
    if len(word) > MAX_WORD:
        raise InputError(f"word {word[:MAX_WORD]!r}...", f"is longer than {MAX_WORD} characters", "split it")
    for char in word:
        kind = unicodedata.category(char)[0]
        known = unicodedata.name(char, "").startswith(script) if kind == "L" else char.isascii() or kind in "MP"
        if not known and char not in "€£¥":
            raise InputError(f"word {word!r}", f"{char!r} has no reading in {language!r}", "write it as it is spoken")
