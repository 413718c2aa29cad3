"""Notation of games: 1. e4 e5 2. Nf3, O-O, exd5; India 287/6; 3v3."""

import re

from tts.text.english.numerals import cardinal
from tts.text.english.rules import END, Place, Rule, Spoken, rule

SIGNS = {
    "K": "king", "Q": "queen", "R": "rook", "B": "bishop", "N": "knight", "x": "takes", "=": "promotes to",
    "+": "check", "#": "mate",
}  # fmt: skip
_SQUARE = "[a-h][1-8]"
_CASTLING = "O-O(?:-O)?|0-0(?:-0)?"
_MOVE = rf"(?:[KQRBN][a-h]?[1-8]?x?{_SQUARE}|[a-h]x{_SQUARE}|{_SQUARE}|{_CASTLING})(?:=[QRBN])?[+#]?"
GAME = re.compile(rf"(?<![\w.])\d{{1,3}}\.(?:\.\.)?\s?{_MOVE}(?!\w)")
TEAM = re.compile(r"[A-Z][a-z]{2,}|[A-Z]{2,3}|at|on|for|reached|made")
FEWEST_RUNS, MOST_WICKETS = 30, 10


def _castling(match: re.Match[str], _: Place) -> Spoken:
    return "castles queenside" if match[0].count("-") == 2 else "castles"


def _move(match: re.Match[str], place: Place) -> Spoken:
    """Nf3 -> "knight F three": where moves are numbered, or a piece is taken, which is written like nothing else."""
    if "x" not in match[0][:-2] and not GAME.search(place.line_around(match.start(), match.end())):
        return None
    return " ".join(cardinal(char) if char.isdigit() else SIGNS.get(char, char.upper()) for char in match[0])


def _result(match: re.Match[str], place: Place) -> Spoken:
    """1-0, behind the moves."""
    if not GAME.search(place.line_around(match.start(), match.end())):
        return None
    return {"1-0": "one zero", "0-1": "zero one"}.get(match[0].replace("–", "-"), "draw")


def _wickets(match: re.Match[str], place: Place) -> Spoken:
    """India 287/6, at cricket."""
    runs, wickets = int(match[1]), int(match[2])
    if not place.word_before() or not TEAM.fullmatch(place.written_before()):
        return None
    return f"{cardinal(runs)} for {cardinal(wickets)}" if runs >= FEWEST_RUNS and wickets <= MOST_WICKETS else None


def _against(match: re.Match[str], _: Place) -> Spoken:
    """3v3."""
    return f"{cardinal(match[1])} V {cardinal(match[2])}"


RULES: tuple[Rule, ...] = (
    rule("chess", "O0", rf"(?<![\w/.-])(?:{_CASTLING})(?![\w-])", _castling),
    rule("chess", "KQRBNa-h", rf"(?:(?<![\w/.])|(?<=\d\.\.\.)|(?<=\d\.)){_MOVE}(?![\w/]|\.\w)", _move),
    rule("score", "01½", r"(?:1[-–]0|0[-–]1|1/2-1/2|½[-–]½)(?![\w-])", _result),
    rule("score", "1-9", r"(\d{2,3})/(\d{1,2})(?![\d/.]|\s?(?:inch|cup|of\b|[=+×]))", _wickets),
    rule("score", "1-9", rf"(\d{{1,2}})v(\d{{1,2}}){END}", _against),
)
