"""What was written before is believed as far as it is right."""

from pathlib import Path

import pytest

from tts.files.sealed_lines import SealedLines

LINES = ["one", "", '{"word": 3}', "four"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = SealedLines(tmp_path / "lines", "a recording")
    assert lines.found == []
    for line in LINES:
        lines.add(line)
    return lines.path


def test_lines_are_found_again_and_more_are_added(file: Path) -> None:
    before = file.read_bytes()
    lines = SealedLines(file, "a recording")
    assert lines.found == LINES and file.read_bytes() == before
    lines.add("five")
    assert SealedLines(file, "a recording").found == [*LINES, "five"]


def test_lines_of_other_work_are_dropped(file: Path) -> None:
    assert SealedLines(file, "another recording").found == []
    assert file.read_bytes() == b""


@pytest.mark.parametrize("change", [b"", b"\xff", b"0", b"\n", b"null"])
def test_whatever_is_damaged_the_rest_is_made_again(file: Path, change: bytes) -> None:
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + change + whole[place + 1 :])
        lines = SealedLines(file, "a recording")
        assert lines.found == LINES[: len(lines.found)]
        for line in LINES[len(lines.found) :]:
            lines.add(line)
        assert file.read_bytes() == whole


def test_a_missing_line_is_noticed(file: Path) -> None:
    first, _, *rest = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + b"".join(rest))
    assert SealedLines(file, "a recording").found == LINES[:1]
