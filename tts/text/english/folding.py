"""Text as people and programs write it, into the plain letters and marks that the rules of reading know.

What has a plain form gets it: curly quotes, full-width letters, ligatures, letters with accents. What is not seen, such
as soft hyphens and variation selectors, goes. Letters of other scripts stay.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LETTERS = {
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ŋ": "ng", "Ŋ": "Ng", "ħ": "h",
    "Ħ": "H",
    "ŧ": "t", "Ŧ": "T", "ə": "a", "Ə": "A", "ĸ": "k", "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƙ": "k",
    "Ƙ": "K",
    "ŀ": "l", "Ŀ": "L", "ſ": "s", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ɨ": "i", "ʉ": "u", "ɖ": "d",
    "Ɖ": "D",
}  # fmt: skip
MARKS = {
    "‘": "'", "’": "'", "ʼ": "'", "´": "'", "`": "`", "ʻ": "'", "′": "'", "‛": "'", "ʹ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‹": '"', "›": '"', "「": '"',
    "」": '"',
    "…": "...", "‥": "..", "−": "-", "‐": "-", "‑": "-", "‒": "–", "―": "—", "⸺": "—", "﹣": "-", "⁃": "•",
    "。": ".", "、": ",", "，": ",", "；": ";", "：": ":", "？": "?", "！": "!", "（": "(", "）": ")", "．": ".",
    "⁄": "/", "∕": "/", "∗": "*", "∙": "·", "⋅": "·", "\u00b5": "μ", "º": "°", "˚": "°", "∶": ":",
    "؟": "?", "،": ",", "؛": ";", "‼": "!!", "⁇": "??", "⁈": "?!", "⁉": "!?", "ˈ": "'", "‚": ",", "｡": ".",
    "✕": "×", "✖": "×", "➔": "→", "➜": "→", "➡": "→", "⟶": "→", "➝": "→", "⇾": "→", "￥": "¥", "㎏": "kg",
    "㎡": "m²", "㎜": "mm", "㎝": "cm", "㎞": "km", "℡": "tel.", "㎖": "ml", "㎎": "mg",
}  # fmt: skip
KEPT = frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅑⅒↉²³¹⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉°℃℉©®™№℠\u212b")
MODIFIERS = "ʼʻʹˈ"  # letters that are apostrophes within and around words, and nothing alone
LONE_MODIFIERS = re.compile(rf"(?<![^\W_])[{MODIFIERS}]+(?![^\W_])")
NO_READING = "ʾ"
ANGSTROM_SIGN = "\u212b"  # kept where it is a unit
ANGSTROM = re.compile(r"(?<=\d)Å(?!\w)|(?<=\d\s)Å(?!\w)")
UNSEEN = ("Cf", "Mn", "Me")  # and accents, written apart from their letters


@dataclass(frozen=True)
class Folded:
    text: str
    offsets: tuple[int, ...] | None = None  # of each character in the text that was given; None: the same

    def source(self, position: int) -> int:
        """Where a character of ``text`` stands in the text that was given."""
        return position if self.offsets is None else self.offsets[position]


def fold(text: str) -> Folded:
    """The plain form of ``text``; the end of each character's source is the start of the next one's."""
    if text.isascii():
        return Folded(text)
    text = ANGSTROM.sub(ANGSTROM_SIGN, text.replace(ANGSTROM_SIGN, "Å"))
    text = LONE_MODIFIERS.sub(lambda lone: NO_READING * len(lone[0]), text)
    pieces = list(map(_plain, text))
    folded = "".join(pieces)
    if all(len(piece) == 1 for piece in pieces):
        return Folded(folded)
    offsets = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded(folded, (*offsets, len(text)))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char.isascii() or char in KEPT:
        return char if char.isprintable() or char in "\n\t" else " "
    if char in MARKS:
        return MARKS[char]
    if char in LETTERS:
        return LETTERS[char]
    category = unicodedata.category(char)
    if category in UNSEEN and char != "\u200d":  # that one joins pictures into one
        return ""
    if category[0] == "Z" or category == "Cc":
        return "\n" if char in "\u2028\u2029\x85" else " "
    return _without_accents(char)


def _without_accents(char: str) -> str:
    """Letters and digits by compatibility: ﬁ -> fi, Ａ -> A, é -> e, ⅷ -> viii, 𝐀 -> A."""
    if not char.isalnum():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    decomposed = unicodedata.normalize("NFKD", char)
    plain = "".join(LETTERS.get(part, part) for part in decomposed if not unicodedata.combining(part))
    return plain if plain.isascii() and plain.isalnum() else unicodedata.normalize("NFC", char)
