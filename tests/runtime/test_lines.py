from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from untrained_voice import TEXT

from tts.audio.delivery import Delivery
from tts.audio.wav import read_audio
from tts.errors import InputError
from tts.files.record import RECORD_FILE
from tts.runtime.lines import Line, Speaking, read_lines
from tts.runtime.voice import Voice


def lines_of(folder: Path, content: str) -> Path:
    (folder / "lines.txt").write_text(content, encoding="utf-8")
    return folder / "lines.txt"


def test_lines_are_numbered_or_named_with_a_byte_order_mark_or_without(tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, "\ufeffOne.\n\nintro|Two | three.\nFour."))
    assert [(line.id, line.text) for line in lines] == [
        ("00001", "One."),
        ("intro", "Two | three."),
        ("00004", "Four."),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no text"),
        ("../a|up", "line 1: id '../a' is not a file name"),
        (".a|hidden", "is not a file name"),
        ("|x", "is not a file name"),
        ("x\na|b\na|c", "line 3: id 'a' is that of .*line 2"),
        ("a|b\nA|c", "line 2: id 'A' is that of .*line 1"),  # one file on Windows and macOS
    ],
)
def test_unusable_lines_are_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_lines(lines_of(tmp_path, content))


def finish(voice: Voice, lines: list[Line], out: Path, suffix: str = ".wav", **how: Any) -> list[str]:
    """Speaks what is not finished; returns its ids."""
    speaking = Speaking(out, suffix, how.pop("delivery", Delivery()), **how)
    todo = speaking.unfinished(lines, voice.manifest, None)
    return [line.id for line, _ in speaking.speak(voice, todo)]


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("*.*") if path.name != RECORD_FILE}


@pytest.mark.slow
def test_each_line_becomes_a_file(speaking: Voice, tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, f"a|It rained.\nb|{TEXT}"))
    assert finish(speaking, lines, tmp_path / "out", ".flac", speed=1.5) == ["a", "b"]
    assert contents(tmp_path / "out").keys() == {"a.flac", "b.flac"}
    audio, _ = read_audio(tmp_path / "out" / "b.flac")
    np.testing.assert_allclose(audio, speaking.synthesize(TEXT, speed=1.5).audio, atol=1e-4)


def test_what_was_made_from_something_else_is_spoken_again(speaking: Voice, tmp_path: Path) -> None:
    out, lexicon = tmp_path / "out", tmp_path / "words.txt"
    lines = read_lines(lines_of(tmp_path, "It rained.\nDid you see her?"))
    lexicon.write_text("rained = stayed")
    both = [line.id for line in lines]
    assert finish(speaking, lines, out) == both
    assert finish(speaking, lines, out) == finish(speaking, lines, out, strict=True) == []
    for how in ({"speed": 1.5}, {"speaker": "ben"}, {"delivery": Delivery(8000)}, {"lexicon": lexicon}):
        assert finish(speaking, lines, out, **how) == both
    lexicon.write_text("rained = boats")
    assert finish(speaking, lines, out, lexicon=lexicon) == both
    moved = read_lines(lines_of(tmp_path, "We stayed in.\nIt rained.\nDid you see her?"))
    assert finish(speaking, moved, out, lexicon=lexicon) == ["00001", "00002", "00003"]
    (out / "00002.wav").write_bytes(b"damaged")
    assert finish(speaking, moved, out, lexicon=lexicon) == ["00002"]


def test_a_run_that_was_killed_ends_as_one_that_was_not(speaking: Voice, tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, f"It rained.\n{TEXT}\nDid you see her?\nWe stayed in.\nIt rained all day."))
    finish(speaking, lines, tmp_path / "whole")
    for n_done in range(len(lines)):
        out = tmp_path / f"killed after {n_done}"
        stopped = Speaking(out, ".wav", Delivery())
        work = stopped.speak(speaking, stopped.unfinished(lines, speaking.manifest, None))
        for _ in range(n_done):
            next(work)
        with (out / RECORD_FILE).open("a") if n_done else nullcontext() as record:
            if record:
                record.write('["00005.wav", "half a li')
        if out.exists():
            (out / ".00005.wav.0000.partial").write_bytes(b"half")
        assert finish(speaking, lines, out) == [line.id for line in lines[n_done:]]
        assert contents(out) == contents(tmp_path / "whole")


def test_what_has_no_reading_is_told_of_its_line_or_refused(speaking: Voice, tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, "It rained.\nWe stayed in 北京.\n北京.\nDid you?"))
    spoken = Speaking(tmp_path / "out", ".wav", Delivery())
    todo = spoken.unfinished(lines, speaking.manifest, None)
    problems = [problem for _, problem in spoken.speak(speaking, todo)]
    assert "lines.txt, line 2: left out what has no reading: '北京" in problems[1]
    assert "lines.txt, line 3: text '北京.': holds no word to speak" in problems[2] and not problems[0] + problems[3]
    assert contents(tmp_path / "out").keys() == {"00001.wav", "00002.wav", "00004.wav"}
    with pytest.raises(InputError, match=r"lines.txt, line 2: word '北京"):
        finish(speaking, lines, tmp_path / "strict", strict=True)
    assert contents(tmp_path / "strict").keys() == {"00001.wav"}
