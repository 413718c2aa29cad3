"""From sentences with times to clips of a comfortable length, cut at pauses."""

from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST_S, LONGEST_S = 2.0, 12.0  # of a clip
PAUSE_S = 0.12  # shorter ones may be part of a sound: a recording is not cut there
MARGIN_S = 0.3  # of silence kept on each side, at most

Place = tuple[int, int]  # of a word: its sentence, and which of its words


@dataclass(frozen=True)
class Piece:
    """Words with no usable pause among them."""

    start_s: float  # of the sound
    end_s: float
    first: Place
    last: Place
    ends_sentence: bool
    cut_before_s: float  # where a recording is cut before and behind it
    cut_behind_s: float
    sure: bool  # that these words, and no others, are said
    follows: bool  # on the piece before, with nothing left out between the two


@dataclass(frozen=True)
class Cut:
    """A clip."""

    start_s: float
    end_s: float
    first: Place
    last: Place


def cut(pieces: Sequence[Piece]) -> tuple[list[Cut], list[Piece]]:
    """Clips of ``SHORTEST_S`` to ``LONGEST_S``, and the pieces that are in none.

    A clip ends with a sentence wherever that is possible.
    """
    cuts, left, group = list[Cut](), list[Piece](), list[Piece]()

    def close() -> None:
        if group:
            clip = _clip(group)
            fits = SHORTEST_S <= clip.end_s - clip.start_s <= LONGEST_S
            cuts.append(clip) if fits else left.extend(group)
            group.clear()

    for piece in pieces:
        if not piece.sure:
            close()
            left.append(piece)
            continue
        if group and not (piece.follows and _seconds([*group, piece]) <= LONGEST_S):
            _close_at_a_sentence(group, cuts)
            close()
        group.append(piece)
        if piece.ends_sentence and _seconds(group) >= SHORTEST_S:
            close()
    close()
    return cuts, left


def _close_at_a_sentence(group: list[Piece], cuts: list[Cut]) -> None:
    """Of a group that is full, what ends with its last whole sentence becomes a clip, if it is long enough."""
    ends = [index + 1 for index, piece in enumerate(group) if piece.ends_sentence]
    if ends and ends[-1] < len(group) and _seconds(group[: ends[-1]]) >= SHORTEST_S:
        cuts.append(_clip(group[: ends[-1]]))
        del group[: ends[-1]]


def _seconds(group: Sequence[Piece]) -> float:
    clip = _clip(group)
    return clip.end_s - clip.start_s


def _clip(group: Sequence[Piece]) -> Cut:
    first, last = group[0], group[-1]
    return Cut(first.cut_before_s, last.cut_behind_s, first.first, last.last)
