from pathlib import Path

import numpy as np
import pytest
from untrained_voice import TEXT

from tts.audio.delivery import Delivery
from tts.audio.wav import read_audio
from tts.errors import InputError
from tts.runtime.lines import read_lines, speak_lines, unfinished
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
    ],
)
def test_unusable_lines_are_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_lines(lines_of(tmp_path, content))


def test_each_line_becomes_a_file_and_finished_ones_are_kept(speaking: Voice, tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, f"a|It rained.\nb|{TEXT}\nc|Did you see her?"))
    out = tmp_path / "out"
    todo = unfinished(lines, out, ".flac")
    stopped = speak_lines(speaking, todo, out, ".flac", Delivery(), speed=1.5)
    assert next(stopped)[0].id == "a"
    stopped.close()
    (out / "a.flac").touch()  # what is there is not looked into
    todo = unfinished(lines, out, ".flac")
    spoken = speak_lines(speaking, todo, out, ".flac", Delivery(), speed=1.5)
    assert [(line.id, problem) for line, problem in spoken] == [("b", ""), ("c", "")]
    assert {path.name for path in out.iterdir()} == {"a.flac", "b.flac", "c.flac"}
    audio, _ = read_audio(out / "b.flac")
    np.testing.assert_allclose(audio, speaking.synthesize(TEXT, speed=1.5).audio, atol=1e-4)


def test_what_has_no_reading_is_told_of_its_line_or_refused(speaking: Voice, tmp_path: Path) -> None:
    lines = read_lines(lines_of(tmp_path, "It rained.\nWe stayed in 北京.\n北京.\nDid you?"))
    problems = [problem for _, problem in speak_lines(speaking, lines, tmp_path / "out", ".wav", Delivery())]
    assert "lines.txt, line 2: left out what has no reading: '北京" in problems[1]
    assert "lines.txt, line 3: text '北京.': holds no word to speak" in problems[2] and not problems[0] + problems[3]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"00001.wav", "00002.wav", "00004.wav"}
    with pytest.raises(InputError, match=r"lines.txt, line 2: word '北京"):
        list(speak_lines(speaking, lines, tmp_path / "strict", ".wav", Delivery(), strict=True))
    assert {file.name for file in (tmp_path / "strict").iterdir()} == {"00001.wav"}
