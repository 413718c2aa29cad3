"""1/2 cup, 3/4 of people, 2 1/2, ½, 7/10 as a mark, 3:2."""

import re

from tts.text.english.numerals import cardinal, decimal, ordinal
from tts.text.english.rules import END, Place, Rule, Spoken, rule
from tts.text.english.word_lists import word_set

SIGNS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10", "⅐": "1/7",
}  # fmt: skip
SIGN = f"[{''.join(SIGNS)}]"
NAMED = {2: "half", 4: "quarter"}
DENOMINATORS = frozenset([*range(2, 13), 15, 16, 20, 25, 32, 50, 64, 100, 1000])
# Books of which a chapter and a verse are quoted.
VERSES = word_set(
    """
    genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra nehemiah
    esther job psalm psalms proverbs ecclesiastes isaiah jeremiah lamentations ezekiel daniel hosea joel amos
    obadiah jonah micah nahum habakkuk zephaniah haggai zechariah malachi matthew mark luke john acts romans
    corinthians galatians ephesians philippians colossians thessalonians timothy titus philemon hebrews james
    peter jude revelation surah
    """
)
PARTS = word_set(
    """
    retry try page step part question slide chapter day week episode lesson level stage lap round attempt module sheet
    item photo image picture thread exercise session lecture section volume issue
    """
)
JUDGING = word_set("rate rated rating score scored")
RATED = word_set("rated scored score got rating gave give rate about solid grade a")


def fraction(above: int, below: int) -> str:
    """3, 4 -> "three quarters"; 120, 80 -> "one hundred twenty over eighty"."""
    if below not in DENOMINATORS or above >= 100 or above == 0:
        return f"{cardinal(above)} over {cardinal(below)}"
    part = NAMED.get(below) or ordinal(below)
    if above == 1:
        return f"one {part}"
    return f"{cardinal(above)} {'halves' if part == 'half' else part + 's'}"


def mixed(whole: str, above: int, below: int) -> str:
    """2, 1, 2 -> "two and a half"."""
    part = fraction(above, below)
    return f"{cardinal(whole)} and {'a ' + part[4:] if part.startswith('one ') and below in (2, 4) else part}"


def _sign(match: re.Match[str], _: Place) -> Spoken:
    above, below = map(int, SIGNS[match[2]].split("/"))
    return mixed(match[1], above, below) if match[1] else fraction(above, below)


def _mixed(match: re.Match[str], _: Place) -> Spoken:
    whole, above, below = match[1], int(match[2]), int(match[3])
    if above >= below or below not in DENOMINATORS:
        return None
    return mixed(whole, above, below)


def _fraction(match: re.Match[str], place: Place) -> Spoken:
    above, below = int(match[1]), int(match[2])
    if (above, below) in ((24, 7), (9, 11), (20, 20), (50, 50), (60, 40), (80, 20), (70, 30)):
        return f"{cardinal(above)} {cardinal(below)}"
    following = place.text[match.end() : match.end() + 12].lstrip()
    judged = any(word in JUDGING for token in place.tokens[-3:] for word in token.words)
    rated = judged or place.word_before() in RATED or following.startswith(("stars", "would", "rating"))
    if below in (5, 10, 100) and rated:
        return f"{cardinal(above)} out of {cardinal(below)}"
    if not below:
        return None
    if below == 1 and above > 1:
        return f"{cardinal(above)} to one"  # odds
    if above == below and above < 13:
        return f"{cardinal(above)} {cardinal(below)}"
    return fraction(above, below)


def _of(match: re.Match[str], place: Place) -> Spoken:
    """Step 2/5, page 3/10."""
    if place.word_before() not in PARTS or int(match[1]) > int(match[2]):
        return None
    return f"{cardinal(match[1])} of {cardinal(match[2])}"


def _row(match: re.Match[str], _: Place) -> Spoken:
    """12/3/9, of whatever is counted."""
    return " ".join(map(cardinal, match[0].split("/")))


def _rated(match: re.Match[str], _: Place) -> Spoken:
    """3.42/4.0, 4.5/5."""
    return f"{decimal(match[1])} out of {decimal(match[2])}"


def _verses(match: re.Match[str], place: Place) -> Spoken:
    """Genesis 1:1-3."""
    if place.word_before() not in VERSES and len(match[2]) > 1 and int(match[2]) < 60:
        return None  # which may be a time
    chapter, first, last = map(cardinal, match.groups())
    return f"{chapter} {first} to {last}"


def _ratio(match: re.Match[str], place: Place) -> Spoken:
    """3:2, of parts; what may be a time is read as a time."""
    line = place.line_around(match.start(), match.end()).lower()
    if place.word_before() in VERSES:
        return f"{cardinal(match[1])} {cardinal(match[2])}"
    certain = re.search(r"\b(?:ratio|odds|scale|aspect|proportions?|mix(?:ed|ture)?|dilut\w+)\b", line)
    if not certain and len(match[2]) == 2 and int(match[1]) < 24 and int(match[2]) < 60 and match[0] != "16:10":
        return None
    spoken = f"{cardinal(match[1])} to {cardinal(match[2])}"
    return f"{spoken} to {cardinal(match[3])}" if match[3] else spoken


RULES: tuple[Rule, ...] = (
    rule("fraction", f"0-9{SIGN[1:-1]}", rf"(?:(\d{{1,6}})[ -]?)?({SIGN})", _sign),
    rule("fraction", "0-9", r"(\d{1,4})(?:\s|-|\sand\s)(\d{1,2})/(\d{1,3})(?![\d/])", _mixed),
    rule("fraction", "0-9", rf"(\d{{1,3}})/(\d{{1,4}})(?:st|nd|rd|th)s?{END}", _fraction),
    rule("fraction", "0-9", r"(\d{1,3})/(\d{1,3})(?![\d/]|\.\d)", _of),
    rule("fraction", "0-9", r"\d{1,3}(?:/\d{1,3}){2,3}(?![\d/])", _row),
    rule("fraction", "0-9", r"(\d{1,4})/(\d{1,4})(?![\d/])", _fraction),
    rule("fraction", "0-9", rf"(\d\.\d{{1,2}})\s?/\s?(4\.0|5\.0|10\.0|5|10){END}(?!\.\d|\s?[=+×])", _rated),
    rule("ratio", "0-9", r"(\d{1,3}):(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\d:])", _verses),
    rule("ratio", "0-9", r"(\d{1,4}):(\d{1,4})(?::(\d{1,4}))?(?![\d:])", _ratio),
)
