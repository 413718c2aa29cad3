from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.errors import InputError
from tts.files.names import LONGEST_NAME, check_name, inside

FOLDER = Path("folder").resolve()


@given(st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_a_name_stays_in_its_folder_or_is_refused(names: list[str]) -> None:
    try:
        path = inside(FOLDER, *names)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert path.resolve().relative_to(FOLDER).parts == tuple(names)


@pytest.mark.parametrize(
    "name", ["LJ001-0001", "clip é", "你好", "a.b", "..a", "-", "console", "com", "com10", "a.con"]
)
def test_ordinary_names(name: str) -> None:
    check_name(name, "id", "metadata.csv:1")
    assert inside(FOLDER, name) == FOLDER / name


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "names no file"),
        (".", "names no file"),
        ("..", "names no file"),
        ("a ", "names no file"),
        ("../a", "leads to another folder"),
        ("/etc/passwd", "leads to another folder"),
        ("a\\b", "leads to another folder"),
        ("a\0b", "cannot be seen"),
        ("a\ud800", "cannot be seen"),
        ("a" * (LONGEST_NAME + 1), "is longer than"),
        ("a:b", "holds ':'"),
        ("what?", "holds '?'"),
        ("CON", "device on Windows"),
        ("aux.txt", "device on Windows"),
        ("nul .b", "device on Windows"),
        ("Com¹", "device on Windows"),
        ("King Jr.", "ends with a dot"),
    ],
)
def test_names_that_lead_elsewhere(name: str, what: str) -> None:
    with pytest.raises(InputError, match=rf"metadata\.csv:1: id .*{what}"):
        check_name(name, "id", "metadata.csv:1")
