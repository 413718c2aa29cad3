"""Counting the votes of listening tests."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts.errors import InputError
from tts.evaluation.votes import PAIR_COLUMNS, SCORE_COLUMNS, exact_interval, holm, read_votes, sign_test

# Against published tables: 8 of 10 heads has p = 0.109; the exact 95 % interval of 8 in 10 is 0.444 to 0.975.
TABLES = [(8, 10, 0.109375, 0.44390, 0.97479), (10, 10, 0.001953125, 0.69150, 1.0), (5, 10, 1.0, 0.18709, 0.81291)]


@pytest.mark.parametrize(("k", "n", "p", "low", "high"), TABLES)
def test_the_statistics_are_those_of_the_tables(k: int, n: int, p: float, low: float, high: float) -> None:
    assert sign_test(k, n - k) == pytest.approx(p)
    assert exact_interval(k, n) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(0, 300), st.integers(0, 300))
def test_intervals_hold_the_share_and_tests_have_no_side(n_for: int, n_against: int) -> None:
    assert sign_test(n_for, n_against) == sign_test(n_against, n_for) <= 1
    low, high = exact_interval(n_for, n_for + n_against)
    n = n_for + n_against
    assert 0 <= low <= (n_for / n if n else 0.5) <= high <= 1
    other_low, other_high = exact_interval(n_against, n)
    assert (1 - other_high, 1 - other_low) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.slow
def test_thousands_of_votes_are_counted() -> None:
    assert sign_test(2_600, 2_400) == pytest.approx(0.00487, abs=2e-4)
    assert exact_interval(2_600, 5_000) == pytest.approx((0.50604, 0.53394), abs=1e-4)


def test_more_questions_ask_for_more_evidence() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def write(path: Path, columns: tuple[str, ...], *rows: str) -> Path:
    path.write_text("\r\n".join([",".join(columns), *rows, ""]), encoding="utf-8")
    return path


def test_preferences_do_not_depend_on_who_came_first(tmp_path: Path) -> None:
    ann = write(tmp_path / "ann.csv", PAIR_COLUMNS, "ann,1,old,new,new", "ann,2,new,old,new", 'ann,3,new,old,""')
    ben = write(tmp_path / "ben.csv", PAIR_COLUMNS, '"b, en",1,new,old,old', '"b, en",2,new,old,new')
    verdict = read_votes([ann, ben])
    (preference,) = verdict.preferences
    assert (preference.a, preference.for_a, preference.for_b, preference.no_difference) == ("new", 3, 1, 1)
    assert verdict.n_listeners == 2 and verdict.n_utterances == 3
    assert "new has 75 % of the votes that prefer one (95 % interval 19 to 99 %)" in str(verdict)


def test_scores_are_ranked_with_their_intervals(tmp_path: Path) -> None:
    rows = [f"ann,{n},{system},{score}" for n in range(20) for system, score in (("good", 4 + n % 2), ("bad", 2))]
    verdict = read_votes([write(tmp_path / "mos.csv", SCORE_COLUMNS, *rows)])
    best, worst = verdict.opinions
    assert (best.system, best.mean, worst.mean, worst.low, worst.high) == ("good", 4.5, 2, 2, 2)
    assert 4.2 < best.low < 4.5 < best.high < 4.8
    (preference,) = verdict.preferences
    assert preference.for_a == 20 and preference.p < 1e-5
    assert verdict.tree()["preferences"][0]["p"] == preference.p


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2", "is not a file of votes; its first line should be"),
        ("listener,utterance,system,score\nann,1,x,6", "line 2: score is '6'; it should be one of 1, 2, 3, 4, 5"),
        ("listener,utterance,system,score\nann,1", "line 2: has 2 columns, not 4"),
        ("listener,utterance,system,score\nann,1,x,5\nann,1,x,4", "line 3: 'ann' voted on '1' before"),
        ("listener,utterance,first,second,preferred\nann,1,x,y,z", "preferred is 'z'"),
        ("listener,utterance,system,score", "holds no votes"),
        ("", "is not a file of votes"),
    ],
)
def test_other_files_are_refused_in_one_line(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_votes([tmp_path / "votes.csv"])
