import errno
from pathlib import Path

import pytest

from tts.errors import InputError
from tts.files.whole import remove_folder, remove_leftovers, whole_file, whole_folder, write_file


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_takes_the_place_of_another(tmp_path: Path) -> None:
    write_file(tmp_path / "file", b"old")
    write_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new" and names(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_that_fails_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    write_file(tmp_path / "file", b"old")
    with pytest.raises(error), whole_file(tmp_path / "file") as partial:
        partial.write_bytes(b"half")
        raise error
    assert (tmp_path / "file").read_bytes() == b"old" and names(tmp_path) == ["file"]


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file: its folder does not exist"):
        write_file(tmp_path / "missing" / "file", b"")
    full = pytest.raises(InputError, match=r"file: cannot be written \(No space left on device\)")
    with full, whole_file(tmp_path / "file"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "folder") as partial:
        (partial / "inner").mkdir()
        (partial / "inner" / "file").write_bytes(b"new")
        assert not (tmp_path / "folder").exists()
    assert names(tmp_path) == ["folder", "folder/inner", "folder/inner/file"]
    with pytest.raises(ValueError), whole_folder(tmp_path / "other") as partial:
        (partial / "file").write_bytes(b"half")
        raise ValueError
    assert names(tmp_path) == ["folder", "folder/inner", "folder/inner/file"]


def test_a_folder_with_something_in_it_is_replaced_only_if_so_asked(tmp_path: Path) -> None:
    write_file(tmp_path / "years of work", b"")
    with pytest.raises(InputError, match="exists already"), whole_folder(tmp_path):
        pass
    with whole_folder(tmp_path, replace=True) as partial:
        write_file(partial / "new", b"")
    assert names(tmp_path) == ["new"]


def test_what_a_killed_process_left_is_put_right(tmp_path: Path) -> None:
    (tmp_path / ".folder.old").mkdir()  # stepped aside for a folder that never came
    write_file(tmp_path / ".folder.old" / "file", b"old")
    (tmp_path / ".folder.partial").mkdir()
    write_file(tmp_path / ".folder.partial" / "half", b"")
    with pytest.raises(ValueError), whole_folder(tmp_path / "folder", replace=True) as partial:
        assert names(partial) == []
        raise ValueError
    assert names(tmp_path) == ["folder", "folder/file"]


def test_partial_folders_go(tmp_path: Path) -> None:
    for name in (".1.partial", "2", "3"):
        (tmp_path / name).mkdir()
        write_file(tmp_path / name / "file", b"")
    remove_leftovers(tmp_path)
    remove_folder(tmp_path / "2")
    assert names(tmp_path) == ["3", "3/file"]
