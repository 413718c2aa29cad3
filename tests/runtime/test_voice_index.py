"""Voices that others offer, in a folder and on a web server of this machine."""

import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from level_voice import write_level_voice

from tts.cli import main
from tts.errors import InputError
from tts.runtime.voice import Voice
from tts.runtime.voice_index import INDEX_FILE, fetch_voice, read_index, write_index


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """A folder of two voices and its index."""
    folder = tmp_path / "offered"
    write_level_voice(folder / "levels", speakers=("ann", "ben"))
    write_level_voice(folder / "other one", speakers=("cat",))
    write_index(folder)
    return folder


@pytest.fixture
def url(offered: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(offered))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def tts(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["voices", *arguments])


def test_voices_are_listed_and_fetched_over_http(url: str, tmp_path: Path) -> None:
    listed = tts("--from", url)
    assert listed.exit_code == 0 and "levels: en-us, speakers ann, ben" in listed.output
    done = tts("--from", url, "levels", "other one", "--to", str(tmp_path / "mine"))
    assert done.exit_code == 0, done.output
    speech = Voice.load(tmp_path / "mine" / "levels").synthesize("Hello.", speaker="ben")
    assert len(speech.audio)
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {"levels", "other one"}


def test_a_folder_is_as_good_as_a_server(offered: Path, tmp_path: Path) -> None:
    index = read_index(str(offered))
    came: list[int] = []
    fetch_voice(str(offered), "levels", tmp_path / "levels", came.append)
    assert sum(came) == index.voices["levels"].size
    assert len(Voice.load(tmp_path / "levels").synthesize("Hello.").audio)
    fetch_voice(f"{offered}/", "other one", tmp_path / "other")  # a name that an address would quote
    assert (tmp_path / "other" / "voice.json").is_file()


def test_the_index_is_written_by_the_command(offered: Path) -> None:
    before = (offered / INDEX_FILE).read_bytes()
    (offered / INDEX_FILE).unlink()
    assert tts("--index", str(offered)).exit_code == 0
    assert (offered / INDEX_FILE).read_bytes() == before


def refused(source: str, name: str, folder: Path) -> str:
    with pytest.raises(InputError) as error:
        fetch_voice(source, name, folder)
    assert not folder.exists() and not list(folder.parent.glob(".*partial"))
    return str(error.value)


def test_a_damaged_file_leaves_nothing(offered: Path, url: str, tmp_path: Path) -> None:
    graph = offered / "levels" / "acoustic.onnx"
    content = graph.read_bytes()
    graph.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "levels/acoustic.onnx: differs from the index" in refused(url, "levels", tmp_path / "levels")
    graph.write_bytes(content[:-1])
    assert "differs from the index" in refused(url, "levels", tmp_path / "levels")
    graph.write_bytes(content + b"more")
    assert "which it should not be" in refused(url, "levels", tmp_path / "levels")
    graph.unlink()
    assert "the server answers 404" in refused(url, "levels", tmp_path / "levels")
    assert "cannot be read (No such file" in refused(str(offered), "levels", tmp_path / "levels")
    assert "has no voice 'nobody'; it has levels, other one" in refused(url, "nobody", tmp_path / "nobody")


def test_a_pipe_is_not_waited_for(offered: Path, tmp_path: Path) -> None:
    file = next(offered.glob("*/acoustic.onnx"))
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(InputError, match=r"acoustic\.onnx: is not a file"):
        fetch_voice(str(offered), file.parent.name, tmp_path / "fetched")


def test_what_is_in_the_way_stays(offered: Path, tmp_path: Path) -> None:
    (tmp_path / "levels").mkdir()
    (tmp_path / "levels" / "mine.txt").write_text("kept")
    with pytest.raises(InputError, match="exists already"):
        fetch_voice(str(offered), "levels", tmp_path / "levels")
    assert (tmp_path / "levels" / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("name", ["../outside", "a/b", "..", "/tmp/x"])
def test_names_of_an_index_never_lead_out(offered: Path, tmp_path: Path, name: str) -> None:
    tree = json.loads((offered / INDEX_FILE).read_text(encoding="utf-8"))
    voice = tree["voices"]["levels"]
    for evil in ({name: voice}, {"levels": voice | {"files": {name: voice["files"]["voice.json"]}}}):
        (offered / INDEX_FILE).write_text(json.dumps(tree | {"voices": evil}), encoding="utf-8")
        with pytest.raises(InputError, match=r"leads to another folder|names no file"):
            fetch_voice(str(offered), next(iter(evil)), tmp_path / "into")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "has schema version None, not 1"),
        ('{"schema_version": 2, "voices": {}}', "has schema version 2, not 1; use the version of Linnet"),
        ('{"schema_version": 1}', "is not an index of voices"),
        ("<html>", "is not valid JSON"),
    ],
)
def test_other_files_are_no_index(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / INDEX_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_index(str(tmp_path))


def test_a_server_that_is_not_there_is_one_line() -> None:
    done = tts("--from", "http://127.0.0.1:9/voices")
    assert done.exit_code == 2 and done.output.count("\n") == 1 and "cannot be read" in done.output
