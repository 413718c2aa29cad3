"""Features written to a real server: of FTP, since that needs no more than a small package."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from preprocess.folder import open_folder
from preprocess.pipeline import run
from tts.cli import main
from tts.config.root import Config
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.files.lock import LOCK_FILE


class Server(NamedTuple):
    url: str  # of a folder on it
    disk: Path  # where that folder lies here


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    disk = tmp_path / "disk"
    (disk / "tmp").mkdir(parents=True)  # where fsspec keeps what is not complete yet
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-i", "127.0.0.1", "-p", str(port), "-d", str(disk), "-w", "-u", "user", "-P", "password"]
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "pyftpdlib", *options], stderr=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    yield Server(f"ftp://user:password@127.0.0.1:{port}/features", disk / "features")
    process.kill()
    process.wait()


def contents(features: Path) -> dict[str, bytes]:
    files = (path for path in features.rglob("*") if path.is_file() and path.name != LOCK_FILE)
    return {str(path.relative_to(features)): path.read_bytes() for path in files}


@pytest.mark.slow
def test_a_server_receives_the_same_features(tones: Path, tmp_path: Path, config: Config, server: Server) -> None:
    url, disk = server
    run(tones, tmp_path / "features", config, workers=1)
    report = run(tones, open_folder(url), config, workers=1)
    assert contents(disk) == contents(tmp_path / "features")
    written = {path: path.stat().st_mtime_ns for path in disk.rglob("*.arrow")}
    assert run(tones, open_folder(url), config, workers=1).manifest == report.manifest
    assert {path: path.stat().st_mtime_ns for path in disk.rglob("*.arrow")} == written
    assert len(FeatureStore(disk).rows) == 6


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nowhere://features", r"cannot be opened \(.*nowhere"),
        ("ftp://user@127.0.0.1:9/features", r"cannot be opened \(.*refused"),
    ],
)
def test_a_place_that_cannot_be_written(place: str, message: str) -> None:
    with pytest.raises(InputError, match=f"{place}: {message}"):
        open_folder(place)


def test_files_on_this_machine_stay_paths(tmp_path: Path) -> None:
    assert open_folder(f"file://{tmp_path}/features") == open_folder(f"{tmp_path}/features") == tmp_path / "features"


def test_training_says_that_it_reads_here() -> None:
    result = CliRunner().invoke(main, ["train", "acoustic", "s3://voices/features", "run"])
    assert result.exit_code == 2 and "s3://voices/features: is a URL" in result.output
