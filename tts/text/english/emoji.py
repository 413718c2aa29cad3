"""Pictures by their names: 😀 -> "grinning face"; runs of the same one are said once."""

import re
import unicodedata

from tts.text.english.numerals import cardinal
from tts.text.english.rules import Place, Rule, Spoken, rule

# Where the usual name differs from the one in Unicode.
NAMES = {
    "❤": "red heart", "♥": "heart", "👍": "thumbs up", "👎": "thumbs down", "🙏": "folded hands",
    "💯": "hundred points",
    "✅": "check mark", "✔": "check mark", "✓": "check mark", "☑": "check mark", "❌": "cross mark",
    "✗": "cross mark",
    "✘": "cross mark", "⭐": "star", "★": "star", "☆": "star",
    "😊": "smiling face", "🙂": "slightly smiling face", "☺": "smiling face", "😍": "smiling face with heart eyes",
    "🥰": "smiling face with hearts", "😘": "face blowing a kiss", "😭": "loudly crying face", "😢": "crying face",
    "😅": "grinning face with sweat", "😆": "grinning squinting face",
    "😁": "beaming face", "😃": "grinning face", "😄": "grinning face", "🤣": "rolling on the floor laughing",
    "😂": "face with tears of joy", "🤔": "thinking face", "🙄": "face with rolling eyes",
    "😎": "smiling face with sunglasses", "🤷": "shrug", "🤦": "face palm", "💪": "flexed biceps",
    "👏": "clapping hands",
    "🙌": "raising hands", "👋": "waving hand", "👌": "O K hand", "✌": "victory hand", "🤞": "crossed fingers",
    "🔥": "fire", "✨": "sparkles", "🎉": "party popper", "💀": "skull", "😡": "enraged face",
    "😱": "face screaming in fear", "😴": "sleeping face", "⚠": "warning", "☕": "hot beverage",
    "🎂": "birthday cake", "🐶": "dog face", "🐱": "cat face", "🌍": "globe", "🌎": "globe", "🌏": "globe",
    "☀": "sun",
    "☁": "cloud", "☎": "telephone", "📞": "telephone receiver", "✉": "envelope", "📧": "E mail", "🚗": "car",
    "✈": "airplane", "🏠": "house", "😉": "winking face", "🤗": "hugging face", "🥳": "partying face",
    "😋": "face savoring food", "😜": "winking face with tongue", "🙈": "see no evil monkey", "🎵": "musical note",
    "🎶": "musical notes", "♪": "", "♫": "", "💔": "broken heart", "💕": "two hearts",
    "👀": "eyes", "💩": "pile of poo", "🤯": "exploding head", "😳": "flushed face", "🚀": "rocket",
    "☮": "peace", "☯": "yin yang", "♻": "recycling", "♀": "female", "♂": "male", "☹": "frowning face",
    "🙁": "slightly frowning face", "👉": "pointing right", "👈": "pointing left", "👇": "pointing down",
    "👆": "pointing up", "🆗": "okay", "🆘": "S O S", "🆕": "new", "🆓": "free", "🔴": "red circle",
    "⚡": "high voltage",
    "♠": "spades", "♣": "clubs", "♦": "diamonds", "☐": "empty box", "🇪": "E", "☠": "skull and crossbones",
    "❗": "",
    "❓": "", "‼": "", "➕": "plus", "➖": "minus", "➗": "divided by", "⏰": "alarm clock", "💻": "laptop",
    "📱": "mobile phone", "💡": "light bulb", "💰": "money bag", "📅": "calendar", "🔗": "link", "📍": "pin",
    "🍕": "pizza",
}  # fmt: skip
PEOPLE = {"👨": "man", "👩": "woman", "🧑": "person", "👧": "girl", "👦": "boy", "👶": "baby"}
TRADES = {
    "💻": "technologist", "⚕": "health worker", "🎓": "student", "🏫": "teacher", "🍳": "cook", "🚀": "astronaut",
    "🚒": "firefighter", "🌾": "farmer", "🎤": "singer", "🎨": "artist", "✈": "pilot", "🔧": "mechanic",
    "🔬": "scientist", "⚖": "judge", "🏭": "factory worker", "💼": "office worker",
}  # fmt: skip
JOINED = {
    "🏳🌈": "rainbow flag", "🏴☠": "pirate flag", "❤🔥": "heart on fire", "🐻❄": "polar bear", "😮💨": "face exhaling",
    "👁🗨": "eye in speech bubble", "🐕🦺": "service dog",
}  # fmt: skip
PICTURES = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
TONES = "\U0001f3fb-\U0001f3ff"
_ONE = rf"[{PICTURES}]"
_NOISE = re.compile(r"\b(?:sign|symbol|heavy|black|white|medium|emoji|with variation)\b")


def _joined(written: str) -> str:
    """What several pictures make together; empty where it is the first one: 👨‍👩‍👧 -> "family"."""
    parts = re.sub(rf"[{TONES}\ufe0f]", "", written).split("\u200d")
    if len(parts) == 1 or written.count(parts[0]) > 1:
        return ""
    if len([part for part in parts if part in PEOPLE]) > 1:
        return "couple" if "❤" in parts else "family"
    if parts[0] in PEOPLE and parts[1] in TRADES:
        return f"{PEOPLE[parts[0]]} {TRADES[parts[1]]}"
    return JOINED.get("".join(parts), "")


def _picture(match: re.Match[str], _: Place) -> Spoken:
    char = match[1]
    if joined := _joined(match[0]):
        return joined
    if char in NAMES:
        return NAMES[char] or None
    name = unicodedata.name(char, "").lower()
    words = _NOISE.sub("", name).replace("-", " ")
    return " ".join(re.findall("[a-z]+", words)) or " ".join(re.findall("[a-z]+", name)) or None


def _flag(match: re.Match[str], _: Place) -> Spoken:
    """🇺🇸 -> "U S flag"."""
    return f"{' '.join(chr(ord(char) - 0x1F1E6 + ord('A')) for char in match[0][:2])} flag"


def _rating(match: re.Match[str], _: Place) -> Spoken:
    """★★★★☆ -> "four out of five stars"."""
    n_full, n_empty = len(match[1]), len(match[2])
    return f"{cardinal(n_full)} out of {cardinal(n_full + n_empty)} stars" if n_empty else f"{cardinal(n_full)} stars"


RULES: tuple[Rule, ...] = (
    rule("emoji", "★⭐", r"(★{2,10}|⭐{2,10})([☆✩]{0,9})", _rating),
    rule("emoji", "\U0001f1e6-\U0001f1ff", r"(?:[\U0001f1e6-\U0001f1ff]{2})", _flag),
    rule("emoji", PICTURES, rf"({_ONE})[{TONES}]?(?:\u200d{_ONE}[{TONES}]?){{0,8}}(?:\s?\1[{TONES}]?)*", _picture),
)
