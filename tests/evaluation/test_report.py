from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.evaluation.report import Report, spread, summarise

CLIPS = {"a": {"mcd_db": 1.0, "pesq": nan, "free/mcd_db": nan}, "b": {"mcd_db": 4.0, "pesq": nan, "free/mcd_db": 2.0}}


def test_only_what_was_measured_is_summarised() -> None:
    summary = summarise(CLIPS.values())
    assert list(summary) == ["mcd_db", "free/mcd_db"]
    assert (summary["mcd_db"].mean, summary["mcd_db"].std, summary["mcd_db"].n_clips) == (2.5, 1.5, 2)
    assert (summary["free/mcd_db"].median, summary["free/mcd_db"].n_clips) == (2.0, 1)
    assert summarise([{"snr_db": inf}]) == {}


def test_table_and_tree() -> None:
    report = Report("run", "features", CLIPS, ("remark",))
    head, *_, remark = str(report).splitlines()
    assert head == "run on 2 validation clips of features" and remark == "remark"
    tree = report.tree()
    assert tree["clips"]["a"] == {"mcd_db": 1.0, "pesq": None, "free/mcd_db": None}
    assert tree["summary"]["mcd_db"]["mean"] == pytest.approx(2.5)


def test_a_figure_without_an_ideal_has_none() -> None:
    report = Report("voice", "the package", {"a": {"question/end_semitones": 3.5}}, unit="sentences")
    head, _, row = str(report).splitlines()
    assert head == "voice on 1 sentences of the package"
    assert row.split() == ["question/end_semitones", "3.5", "0", "3.5", "1"]


@given(st.lists(st.integers(), unique=True, max_size=40), st.none() | st.integers(0, 50))
def test_spread_takes_as_many_as_there_are_in_order(items: list[int], n: int | None) -> None:
    found = spread(items, n)
    assert len(found) == (len(items) if n is None else min(n, len(items)))
    assert found == [item for item in items if item in found]


def test_spread_reaches_every_speaker() -> None:
    assert spread(["a", "a", "a", "b", "b", "b"], 2) == ["a", "b"]
