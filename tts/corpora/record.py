"""A corpus spoken by any speech server: "distil a large voice into a small one" begins here.

::

    CORPUS/
      metadata.csv     id|text, of the clips that are there
      wavs/ID.flac
      record.json      who spoke: server, model, voice, and when it began
      left_out.csv     id, text, and why
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tts.audio.wav import read_audio, write_audio
from tts.corpora.check_speech import Pace, problem_of
from tts.corpora.lists import LEFT_OUT_FILE, METADATA_FILE, write_left_out, write_metadata
from tts.corpora.speech_client import GaveUpError, RefusedError, SpeechServer
from tts.errors import InputError
from tts.files.digest import file_sha256, sha256
from tts.files.documents import object_in
from tts.files.lock import locked_folder
from tts.files.record import Record
from tts.files.whole import remove_leftovers, write_file
from tts.runtime.lines import Line

PROVENANCE_FILE = "record.json"
TAKES = 3  # of a sentence that does not sound right
TRIALS = 3  # sentences that decide whether the server speaks for us at all
IN_A_ROW = 8  # sentences that fail, after which the server is taken for gone
SAVE_EVERY = 25  # clips
SPOKEN_BY = ("voice", "model", "speed")  # of the server, in PROVENANCE_FILE: one corpus holds one voice


@dataclass
class Recording:
    """One run of 'tts record'; ``str`` is for a person."""

    corpus: Path
    n_sentences: int
    n_there: int = 0  # before
    seconds: float = 0.0  # of what was recorded now
    left_out: dict[str, str] = field(default_factory=dict)  # id: why
    there: set[str] = field(default_factory=set)  # ids of the clips that are right

    def __str__(self) -> str:
        n_now = self.n_sentences - self.n_there - len(self.left_out)
        lines = [
            f"{self.corpus}: {self.n_sentences - len(self.left_out)} of {self.n_sentences} sentences, "
            f"{n_now} of them recorded now, {self.seconds / 60:.1f} minutes"
        ]
        if self.left_out:
            lines.append(f"left out {len(self.left_out)}, listed in {self.corpus / LEFT_OUT_FILE}; the first ones:")
            lines += [f"  {id}: {why}" for id, why in islice(self.left_out.items(), 10)]
        return "\n".join(lines)


def record(
    lines: Sequence[Line], corpus: Path, server: SpeechServer, jobs: int, progress: Callable[[int], object]
) -> Recording:
    """Ask ``server`` for each of ``lines``, ``jobs`` at once. What is there is kept: the same call again goes on.

    progress: told how many sentences are done with. Raises ``InputError`` for a corpus of another voice, and for a
    server that refuses, or does not answer; what was recorded until then is in the corpus.
    """
    with locked_folder(corpus, "is being recorded by another run"):
        (corpus / "wavs").mkdir(exist_ok=True)
        for folder in (corpus, corpus / "wavs"):
            remove_leftovers(folder)
        _claim(corpus, server)
        made, done = Record(corpus), Recording(corpus, len(lines))
        done.there = {line.id for line in lines if made.is_current(_name(line), _source(line, server))}
        done.n_there = len(done.there)
        progress(done.n_there)
        try:
            _record_pending(lines, server, jobs, progress, made, done)
        finally:
            _save(lines, corpus, done)
    return done


def _record_pending(
    lines: Sequence[Line],
    server: SpeechServer,
    jobs: int,
    progress: Callable[[int], object],
    made: Record,
    done: Recording,
) -> None:
    pending, pace, failed = [line for line in lines if line.id not in done.there], Pace(), 0
    for number, take in enumerate(_spoken(pending, done.corpus, server, jobs, pace), start=1):
        line, seconds, problem, gone = take
        progress(1)
        done.seconds += seconds
        failed = failed + 1 if problem else 0
        if problem:
            done.left_out[line.id] = problem
        else:
            made.add(_name(line), _source(line, server), file_sha256(_clip(done.corpus, line)))
            done.there.add(line.id)
        at_first = failed == number == min(TRIALS, len(pending)) and (gone or not done.n_there)
        if at_first or (gone and failed >= IN_A_ROW):
            raise InputError(server.url, problem, "what is recorded is kept: the same command goes on")
        if number % SAVE_EVERY == 0:
            _save(lines, done.corpus, done)


def _spoken(
    lines: Sequence[Line], corpus: Path, server: SpeechServer, jobs: int, pace: Pace
) -> Iterator[tuple[Line, float, str, bool]]:
    """Each line, the seconds it takes, what is wrong with it, and whether the server did not answer. The first ones
    are asked for one by one: a wrong voice or key is not asked for so many times at once."""
    for line in lines[:TRIALS]:
        yield line, *_take(line, corpus, server, pace)
    pool = ThreadPoolExecutor(jobs)
    try:
        rest = lines[TRIALS:]
        takes = pool.map(lambda line: _take(line, corpus, server, pace), rest)
        for line, take in zip(rest, takes, strict=True):
            yield line, *take
    finally:
        pool.shutdown(cancel_futures=True)


def _take(line: Line, corpus: Path, server: SpeechServer, pace: Pace) -> tuple[float, str, bool]:
    """Seconds of audio; what is wrong; whether the server did not answer. A take that is wrong is tried again."""
    problem = ""
    for _ in range(TAKES):
        try:
            content = server.speak(line.text)
        except RefusedError as error:
            return 0.0, f"refused: {error}", False
        except GaveUpError as error:
            return 0.0, f"no answer: {error}", True
        with TemporaryDirectory() as folder:
            answer = Path(folder) / "answer"
            write_file(answer, content)
            try:
                audio, sample_rate = read_audio(answer)
            except InputError as error:
                problem = error.what
                continue
        if not (problem := problem_of(audio, sample_rate, line.text, pace)):
            write_audio(_clip(corpus, line), audio, sample_rate)
            return len(audio) / sample_rate, "", False
    return 0.0, problem, False


def _clip(corpus: Path, line: Line) -> Path:
    return corpus / _name(line)


def _name(line: Line) -> str:
    return f"wavs/{line.id}.flac"


def _source(line: Line, server: SpeechServer) -> str:
    """Of a clip: who said what."""
    return sha256(repr((line.text, [getattr(server, key) for key in SPOKEN_BY])).encode())


def _claim(corpus: Path, server: SpeechServer) -> None:
    """Raises ``InputError`` for a corpus that another voice spoke, or that this command did not make."""
    path, spoken_by = corpus / PROVENANCE_FILE, {key: getattr(server, key) for key in SPOKEN_BY}
    if path.is_file():
        found = object_in(path)
        changed = [
            f"{key} {found.get(key)!r}, not {spoken_by[key]!r}" for key in spoken_by if found.get(key) != spoken_by[key]
        ]
        if changed:
            raise InputError(corpus, f"was spoken with {'; '.join(changed)}", "give another folder")
        return
    if (corpus / METADATA_FILE).exists():
        raise InputError(corpus, "is a corpus that this command did not make", "give another folder")
    about = {"server": server.url, "began": datetime.now(UTC).isoformat(timespec="seconds")}
    tree = {**about, **spoken_by, "linnet": version("linnet-tts"), "synthetic": True}
    write_file(path, (json.dumps(tree, indent=1) + "\n").encode())


def _save(lines: Sequence[Line], corpus: Path, done: Recording) -> None:
    rows = [f"{line.id}|{line.text}" for line in lines if line.id in done.there]
    write_metadata(corpus, rows)
    why = ([line.id, line.text, done.left_out[line.id]] for line in lines if line.id in done.left_out)
    write_left_out(corpus, ["id", "text", "why"], why)
