"""Text as people type it, into text that gruut reads without dropping anything."""

import re
import unicodedata

MAX_WORD = 64  # characters; longer ones are data, not words

SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ru": "CYRILLIC", "zh": "CJK"}  # every other language of gruut: LATIN
TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...", "−": "-"}
    | dict.fromkeys("`^|~©®™", " ")
)
MONEY = "€£¥"


def normalise(text: str) -> str:
    """``text`` in the characters that gruut knows."""
    return "".join(map(_plain, unicodedata.normalize("NFC", text))).translate(TYPOGRAPHY)


def readable_part(text: str, language: str) -> tuple[str, list[tuple[int, int]]]:
    """``text`` with spaces in place of the words that gruut cannot read, and where those are."""
    bad = [word.span() for word in re.finditer(r"\S+", text) if not _is_readable(normalise(word[0]), language)]
    for start, end in bad:
        text = text[:start] + " " * (end - start) + text[end:]
    return text, bad


def _plain(char: str) -> str:
    """Full-width and ligature letters as plain ones, control characters as space, invisible ones dropped."""
    if char.isalpha() or char.isdecimal():
        return unicodedata.normalize("NFKC", char)
    category = unicodedata.category(char)
    return " " if category in ("Cc", "Zl", "Zp", "Zs") and char != "\n" else "" if category == "Cf" else char


def _is_readable(word: str, language: str) -> bool:
    script = SCRIPTS.get(language[:2], "LATIN")
    return len(word) <= MAX_WORD and all(
        unicodedata.name(char, "").startswith(script)
        if unicodedata.category(char).startswith("L")
        else char.isascii() or char in MONEY or unicodedata.category(char)[0] in "MP"
        for char in word
    )
