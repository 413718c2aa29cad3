"""Clips of a comfortable length, cut at pauses."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tts.corpora.clips import LONGEST_S, SHORTEST_S, Piece, cut

PIECES = st.lists(
    st.tuples(st.floats(0.2, 14.0), st.floats(0.15, 2.0), st.booleans(), st.booleans(), st.booleans()), max_size=30
)


@given(PIECES)
def test_every_piece_is_in_one_clip_or_left(drawn: list[tuple[float, float, bool, bool, bool]]) -> None:
    pieces, at = list[Piece](), 0.0
    pauses = [pause for _, pause, *_ in drawn] + [1.0]
    for number, (length, pause, ends, sure, follows) in enumerate(drawn):
        start = at + pause
        place = (number, 0)
        cuts = start - min(pause / 2, 0.3), start + length + min(pauses[number + 1] / 2, 0.3)
        follows = follows and number > 0
        pieces.append(Piece(start, start + length, place, place, ends, *cuts, sure, follows))
        at = start + length
    clips, left = cut(pieces)
    covered = [number for clip in clips for number in range(clip.first[0], clip.last[0] + 1)]
    assert sorted([*covered, *(piece.first[0] for piece in left)]) == list(range(len(pieces)))
    for clip in clips:
        inside = pieces[clip.first[0] : clip.last[0] + 1]
        assert SHORTEST_S <= clip.end_s - clip.start_s <= LONGEST_S
        assert all(piece.sure for piece in inside) and all(piece.follows for piece in inside[1:])
        assert clip.start_s < inside[0].start_s and clip.end_s > inside[-1].end_s
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(clips))
