"""Nothing needs what one system alone has: here, a Python without ``fcntl``, as on Windows."""

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_FCNTL = """
import sys
from pathlib import Path
sys.modules["fcntl"] = None  # importing it fails
from preprocess.lock import exclusive
from tts.config.root import Config
from tts.errors import InputError
from tts.training.run_dir import RunDir
folder = Path(sys.argv[1])
def refused(attempt):
    try:
        attempt()
    except InputError as error:
        return str(error)
with exclusive(folder / "features"):
    with RunDir.open(folder / "run", Config(), "acoustic") as run:
        assert "another process" in refused(lambda: RunDir.open(folder / "run", Config(), "acoustic"))
RunDir.open(folder / "run", Config(), "acoustic").close()
"""


@pytest.mark.slow
def test_locks_without_fcntl(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error::UserWarning", "-c", WITHOUT_FCNTL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
