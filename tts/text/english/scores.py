"""Results of games and votes: a 3-2 score, won 110-102."""

import re

from tts.text.english.rules import Place
from tts.text.english.years import NOT_PLURAL

SCORED = re.compile(
    r"\bht:|\bbt\s|\b[wld] \d|\bfg\b|"
    r"\b(?:scores?|scored|won|win|wins|lost|lose|beat|beats|beating|lead|leads|led|victory|draw|drew|tie|tied|final"
    r"|defeat\w*|loss|match|trail\w*|record|vote[sd]?|game|season|half-?time|full-?time|aggregate|penalties|ahead"
    r"|series|edged|thrash\w+|down|up|set|sets|equali[sz]\w+|champions?|ruling|decision|in ot|overtime|split|went"
    r"|start|agg)\b|\bd\.\s"
)


SHARED = re.compile(r"\s(?:chance|split|ratio|ball|odds|proposition|partner|custody|deal|basis)")
RESULT = re.compile(r"\d{1,3}-\d{1,3}")
# Odds, and hours of a day, which begin anew.
SPAN = re.compile(
    r"\b(?:odds|bet\w*|favorites?|chance|hours|daily|[Oo]pens?|[Cc]losed|[Cc]losing|[Ll]unch|weekdays?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*|M-F|M-Th)\b"
)


def _between_teams(match: re.Match[str], place: Place) -> bool:
    """Ajax 2-1 Chelsea."""
    return (
        re.fullmatch(r"\d{1,2}(?:[-–]|\s-\s)\d{1,2}", match[0]) is not None
        and place.word_before() not in ("", "table", "figure", "chapter", "section", "unit", "lesson")
        and re.fullmatch(r"[A-Z][a-z]+|[A-Z]{2,4}", place.written_before()) is not None
        and re.match(r"\s[A-Z][A-Za-z]+", place.text[match.end() : match.end() + 4]) is not None
    )


def _descends(match: re.Match[str], first: int, last: int) -> bool:
    """6-3, 1-1: nothing is counted so. But 100-100 may be anything."""
    if "-" not in match[0] or " " in match[0] or re.search(r"-0\d", match[0]):
        return False
    return last <= first < 200 and (first > last or first < 10)


def is_score(match: re.Match[str], place: Place) -> bool:
    """A result of a game or a vote is said without a "to": both are small, and the words around speak of winning."""
    first, last = re.split(r"\s?[-–—]\s?", match[0], maxsplit=1)
    if not (first + last).isdigit() or max(len(first), len(last)) > 3:
        return False
    if place.text[match.start() - 1 : match.start()] == "(" and place.text[match.end() : match.end() + 1] == ")":
        before = place.written_before()[:1]
        return before.isupper() or before.isdigit()  # the Lakers (45-37), 7-6 (7-4)
    if SHARED.match(place.text, match.end()) and int(first) + int(last) == 100:
        return True  # a 50-50 chance
    if place.word_before() in ("page", "pages"):
        return False  # pp. 112-30
    line = place.line_around(match.start(), match.end())
    if RESULT.fullmatch(place.written_before()):
        return True  # 6-4, 3-6
    if _between_teams(match, place) or (_descends(match, int(first), int(last)) and not SPAN.search(line)):
        return True
    following = re.match(r"\s+([a-z]+)", place.text[match.end() : match.end() + 20])
    if following and following[1].endswith("s") and following[1] not in NOT_PLURAL:
        return False  # 20-30 games
    return bool(SCORED.search(line.lower()))
