import subprocess
import sys
from pathlib import Path

import pytest

from tts.errors import InputError
from tts.files.lock import lock_folder

HOLDER = """
import sys
from pathlib import Path
from tts.files.lock import lock_folder
lock = lock_folder(Path(sys.argv[1]), "busy")
print("locked", flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    lock = lock_folder(tmp_path / "folder", "is busy")
    with pytest.raises(InputError, match="folder: is busy; wait"):
        lock_folder(tmp_path / "folder", "is busy")
    lock.release()
    lock_folder(tmp_path / "folder", "is busy").release()


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "locked\n"
        with pytest.raises(InputError, match="is busy"):
            lock_folder(tmp_path, "is busy")
        holder.kill()
        holder.wait()
        lock_folder(tmp_path, "is busy").release()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        lock_folder(tmp_path / "file" / "folder", "is busy")
