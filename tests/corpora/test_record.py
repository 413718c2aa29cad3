"""A corpus from a speech server: one that fails now and then, and our own."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result
from faulty_server import FaultyServer, faulty_server
from running import running_server

from preprocess.corpus import read_corpus
from tts.cli import main
from tts.corpora.record import record
from tts.corpora.speech_client import SpeechServer
from tts.errors import InputError
from tts.files.lock import locked_folder
from tts.runtime.catalogue import find_voice
from tts.runtime.lines import Line

GOOD = [f"This is good sentence number {number} of many, and all of it is said." for number in "abcdefgh"]
HARD = [
    "Once busy, and then the whole sentence is spoken as it should be.",
    "Once busy for too long, and then the whole sentence is spoken as it should be.",
    "Once broken, and then the whole sentence is spoken as it should be.",
    "Once garbage, and then the whole sentence is spoken as it should be.",
    "Once short, and then the whole sentence is spoken as it should be.",
]
BAD = ["This one is never spoken at all.", "This one is refused each time.", "A silent one.", "A loud one, it clips."]


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


def client(server: FaultyServer, voice: str = "ann") -> SpeechServer:
    return SpeechServer(server.url, voice, attempts=2, first_wait_s=0.0)


def lines_of(*texts: str) -> list[Line]:
    return [Line("lines", f"{number:03}", text) for number, text in enumerate(texts)]


def clips(corpus: Path) -> set[str]:
    return {path.stem for path in (corpus / "wavs").iterdir()}


def test_what_fails_is_tried_again_and_what_stays_wrong_is_listed(server: FaultyServer, tmp_path: Path) -> None:
    corpus, seen = tmp_path / "corpus", list[int]()
    done = record(lines_of(*GOOD, *HARD, *BAD), corpus, client(server), jobs=4, progress=seen.append)
    assert sum(seen) == 17 and len(clips(corpus)) == 13
    assert {utterance.text for utterance in read_corpus(corpus)} == {*GOOD, *HARD}
    with (corpus / "left_out.csv").open(encoding="utf-8") as file:
        why = {row["text"]: row["why"] for row in csv.DictReader(file)}
    assert list(why) == BAD
    assert "500 out of order" in why[BAD[0]] and "not that" in why[BAD[1]]
    assert why[BAD[2]] == "is silent" and "clipped" in why[BAD[3]]
    assert all(server.asked[text] == 2 for text in HARD)
    about = json.loads((corpus / "record.json").read_text())
    assert about["voice"] == "ann" and about["server"] == server.url and about["synthetic"]
    assert "left out 4" in str(done)


def test_the_same_call_goes_on(server: FaultyServer, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    record(lines_of(*GOOD[:4]), corpus, client(server), jobs=2, progress=len_of)
    asked = server.asked.total()
    done = record(lines_of(*GOOD), corpus, client(server), jobs=2, progress=len_of)
    assert (done.n_there, len(clips(corpus)), server.asked.total() - asked) == (4, 8, 4)
    with pytest.raises(InputError, match="was spoken with voice 'ann', not 'ben'"):
        record(lines_of(*GOOD), corpus, client(server, "ben"), jobs=2, progress=len_of)


def test_a_sentence_that_was_corrected_or_a_clip_that_was_changed_is_asked_for_again(
    server: FaultyServer, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    record(lines_of(*GOOD[:4]), corpus, client(server), jobs=2, progress=len_of)
    (corpus / "wavs" / "002.flac").write_bytes(b"damaged")
    corrected = [GOOD[0], GOOD[7], *GOOD[2:4]]
    record(lines_of(*corrected), corpus, client(server), jobs=2, progress=len_of)
    assert [server.asked[text] for text in (*GOOD[:4], GOOD[7])] == [1, 1, 2, 1, 1]
    assert [utterance.text for utterance in read_corpus(corpus)] == corrected
    record(lines_of(GOOD[0], BAD[2], *GOOD[2:4]), corpus, client(server), jobs=2, progress=len_of)
    assert [utterance.text for utterance in read_corpus(corpus)] == [GOOD[0], *GOOD[2:4]]


def test_two_runs_at_once_are_one(server: FaultyServer, tmp_path: Path) -> None:
    with locked_folder(tmp_path, "busy"), pytest.raises(InputError, match="is being recorded by another run"):
        record(lines_of(*GOOD), tmp_path, client(server), jobs=1, progress=len_of)


def len_of(_: int) -> None:
    """Progress that nobody watches."""


def test_a_server_that_refuses_ends_it_in_one_line(server: FaultyServer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"refused: 400 no voice 'nobody'; .* the same command goes on"):
        record(lines_of(*GOOD), tmp_path / "corpus", client(server, "nobody"), jobs=4, progress=len_of)
    assert server.asked.total() == 3


def run_command(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["record", *map(str, arguments)])


def test_no_server_and_no_address_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("Hello there.\n")
    with faulty_server() as server:
        gone = server.url
    where = (tmp_path / "lines.txt", tmp_path / "corpus", "--voice", "x", "--attempts", 1)
    refused = run_command(*where, "--url", gone)
    assert refused.exit_code == 2 and refused.output.strip().splitlines()[-1].startswith(
        f"tts record: {gone}: no answer"
    )
    for url in ("localhost", "http://", "http://[::1", "http://127.0.0.1:99999", "file:///etc/passwd"):
        assert run_command(*where, "--url", url).exit_code == 2


@pytest.mark.slow
def test_our_own_server_makes_a_corpus(tmp_path: Path) -> None:
    texts = ["Good morning, everybody.", "How far is it to the station?", "It rained all night."]
    (tmp_path / "lines.txt").write_text("".join(f"s{number}|{text}\n" for number, text in enumerate(texts)))
    with running_server(find_voice("linnet")) as running:
        result = run_command(tmp_path / "lines.txt", tmp_path / "c", "--url", running.api, "--voice", "linnet")
    assert result.exit_code == 0, result.output
    corpus = read_corpus(tmp_path / "c")
    assert [utterance.text for utterance in corpus] == texts
    assert all(soundfile.info(utterance.audio).duration > 0.8 for utterance in corpus)
