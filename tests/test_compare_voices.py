"""The comparison with other small voices: what the report keeps, what is left out, ours measured."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from level_voice import write_level_voice

from tools.compare_voices import BEGIN, END, Speed, main, put_between, read_text, speed_table
from tools.small_voices import SYSTEMS, System


def test_what_is_written_around_the_tables_stays(tmp_path: Path) -> None:
    report = tmp_path / "comparison.md"
    report.write_text(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter.\n", encoding="utf-8")
    put_between(report, ["new"])
    put_between(report, ["newer"])
    assert report.read_text(encoding="utf-8") == f"# Before\n\n{BEGIN}\nnewer\n{END}\n\nAfter.\n"


def test_the_table_says_whose_figures_they_are() -> None:
    speed = Speed("0.1.0", 10.0, 0.5, 0.03, 0.02, 0.1, 120.0)
    lines = speed_table({"Linnet": (speed, speed)})
    assert lines[2].startswith("| Linnet | 0.1.0 | Apache-2.0 | 0.0300 | 0.0200 | 100 ms | 120 MB | 10.0 MB |")


def test_metadata_and_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "text.csv").write_text("a|written|spoken\nb|only\n", encoding="utf-8")
    assert read_text(tmp_path / "text.csv", None) == {"a": "spoken", "b": "only"}


@pytest.mark.slow
def test_ours_is_measured_and_what_is_absent_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SYSTEMS, "flite", System("BSD-like", ("no-such-program",), SYSTEMS["flite"].load))
    monkeypatch.delenv("LINNET_DATA", raising=False)
    voice = write_level_voice(tmp_path / "levels", speakers=("ann",))
    (tmp_path / "text.txt").write_text("a|Hello, hello.\n", encoding="utf-8")
    places = [
        "--text",
        str(tmp_path / "text.txt"),
        "-o",
        str(tmp_path / "report.md"),
        "--keep",
        str(tmp_path / "spoken"),
    ]
    which = ["--only", "Linnet", "--only", "flite", "--voice", str(voice)]
    done = CliRunner().invoke(main, [*places, *which], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| Linnet |" in report and "Not measured here: flite (needs no-such-program)." in report
    assert (tmp_path / "spoken" / "Linnet" / "a.wav").stat().st_size > 1000
