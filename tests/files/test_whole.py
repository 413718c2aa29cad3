import errno
import os
import resource
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
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


def test_a_folder_that_cannot_be_renamed_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = tmp_path / "folder", os.rename

    def rename(source: Path, target: Path) -> None:
        if Path(source) == folder:  # in a layer of overlayfs that cannot be changed
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, target)

    with whole_folder(folder) as partial:
        write_file(partial / "file", b"old")
    monkeypatch.setattr(os, "rename", rename)
    with whole_folder(folder, replace=True) as partial:
        write_file(partial / "file", b"new")
    assert names(tmp_path) == ["folder", "folder/file"] and (folder / "file").read_bytes() == b"new"

    monkeypatch.setattr(shutil, "copytree", lambda *args, **how: Path("/dev/null/x").mkdir())
    with pytest.raises(InputError), whole_folder(folder, replace=True):
        pass
    assert names(tmp_path) == ["folder", "folder/file"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the open files as Linux lists them")
def test_half_a_folder_goes_where_no_file_can_be_opened_any_more(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    too_many = pytest.raises(InputError, match="Too many open files")
    with ExitStack() as all_files, too_many, whole_folder(tmp_path / "folder") as partial:
        (partial / "inner").mkdir()
        write_file(partial / "inner" / "file", b"half")
        n_open = len(list(Path("/proc/self/fd").iterdir()))
        resource.setrlimit(resource.RLIMIT_NOFILE, (n_open + 20, before[1]))
        all_files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        while True:
            all_files.enter_context((partial / "inner" / "file").open("rb"))
    assert names(tmp_path) == []


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


def test_a_link_stays_and_what_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "file")
    for content in (b"new", b"newer"):
        write_file(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink() and (tmp_path / "there" / "file").read_bytes() == content
    assert names(tmp_path) == ["link", "there", "there/file"]


def test_links_in_a_ring_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(InputError, match="link to itself"):
        write_file(tmp_path / "one", b"")
    with pytest.raises(InputError, match="link to itself"), whole_folder(tmp_path / "one"):
        pass
    assert names(tmp_path) == ["one", "two"]


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; give the name of a file"):
        write_file(tmp_path, b"")


@pytest.mark.skipif(os.name == "nt", reason="has neither pipes in folders nor /dev/full")
def test_devices_and_pipes_are_written_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor() as pool:
        heard = pool.submit((tmp_path / "pipe").read_bytes)
        write_file(tmp_path / "pipe", b"sound")
        assert heard.result() == b"sound"
    write_file(Path("/dev/null"), b"gone")
    assert Path("/dev/null").is_char_device() and (tmp_path / "pipe").is_fifo()
    with pytest.raises(InputError, match=r"/dev/full: cannot be written .*No space left on device.*; make room"):
        write_file(Path("/dev/full"), b"much")


def test_leftovers_of_files_go_but_not_what_a_living_process_writes(tmp_path: Path) -> None:
    for name in (".file.0123.partial", ".other.0123.partial"):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (0, 0))  # where there are no locks, age tells
    with whole_file(tmp_path / "file") as partial:
        partial.write_bytes(b"half")
        remove_leftovers(tmp_path, "file")
        assert (tmp_path / ".other.0123.partial").exists() and not (tmp_path / ".file.0123.partial").exists()
        remove_leftovers(tmp_path)
        assert set(tmp_path.iterdir()) == {partial}


def test_leftovers_of_folders_go_but_not_what_a_living_process_writes(tmp_path: Path) -> None:
    ours = [".folder.partial", ".folder.partial.lock"]
    (tmp_path / ".run.partial" / "model").mkdir(parents=True)
    (tmp_path / ".stranger.lock").touch()  # of another program
    killed = "import os, sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); os._exit(1)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", killed, tmp_path / ".other.partial.lock"], check=False)
    with whole_folder(tmp_path / "folder") as folder:
        with pytest.raises(InputError, match="is being written by another process"), whole_folder(tmp_path / "folder"):
            pass
        remove_leftovers(tmp_path, "run")
        assert names(tmp_path) == [*ours, ".other.partial.lock", ".stranger.lock"] and folder.is_dir()
        remove_leftovers(tmp_path)
        assert names(tmp_path) == [*ours, ".stranger.lock"]
    assert names(tmp_path) == [".stranger.lock", "folder"]


CALLS = ("open", "fsync", "replace", "rename", "mkdir")


def nth_call_fails(call: str, n: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ``n``-th call of a function of ``os`` fails as on a full disk. Returns how many calls there were, growing."""
    real, calls = getattr(os, call), [0]

    def fail(*args: object, **how: object) -> object:
        calls[0] += 1
        if calls[0] == n:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **how)

    monkeypatch.setattr(os, call, fail)
    return calls


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("n", range(1, 8))
def test_whichever_call_fails_nothing_is_half_written(
    call: str, n: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "file", b"old")
    with whole_folder(tmp_path / "folder") as partial:
        (partial / "inner").write_bytes(b"old")
    with monkeypatch.context() as patch:
        calls = nth_call_fails(call, n, patch)
        try:
            write_file(tmp_path / "file", b"new")
            with whole_folder(tmp_path / "folder", replace=True) as partial:
                (partial / "inner").write_bytes(b"new")
        except InputError as error:
            assert "No space left on device" in str(error) and "make room" in str(error)
        else:
            # What stood there before is deleted last, and may stay: without locks to open, that is the sixth opening.
            # The folder that it is in is there already.
            assert calls[0] < n or call in ("fsync", "rename", "open", "mkdir")
    whole_folder_again = names(tmp_path / "folder") == ["inner"] or (tmp_path / ".folder.old" / "inner").exists()
    assert whole_folder_again and (tmp_path / "file").read_bytes() in (b"old", b"new")
    remove_leftovers(tmp_path)
    assert not list(tmp_path.glob("*.partial"))
