"""``tts cut`` on a recording whose truth is known."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from tts.audio.wav import write_audio
from tts.cli import main
from tts.runtime.voice import Voice

TEXTS = [
    "The morning was cold, and nobody wanted to leave the house.",
    "A small boat lay at the end of the pier, painted green and white.",
    "Her brother had promised to repair the window before the winter came.",
    "Nine people were waiting for the bus to the northern town.",
    "In the afternoon the clouds grew darker over the distant hills.",
    "They talked about the harvest, about horses, and about the price of bread.",
    "Suddenly the lamp went out, and somebody laughed in the next room.",
    "The letter that he found on the table was not meant for him.",
]
UNWRITTEN, UNSAID = 2, 5


def cut(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["cut", *map(str, arguments)])


@pytest.mark.slow
def test_a_recording_becomes_clips_and_what_is_missing_is_listed(tmp_path: Path) -> None:
    voice, parts, ends = Voice.load("linnet-natural"), list[np.ndarray](), list[float]()
    rate = voice.manifest.sample_rate
    for number, text in enumerate(TEXTS):
        if number != UNSAID:
            audio = voice.synthesize(text, speaker=voice.manifest.speakers[-1]).audio
            parts += [audio, np.random.default_rng(number).normal(0, 1e-4, rate // 2).astype(np.float32)]
        ends.append(sum(map(len, parts)) / rate)
    write_audio(tmp_path / "day.wav", np.concatenate(parts), rate)
    (tmp_path / "day.txt").write_text(" ".join(text for n, text in enumerate(TEXTS) if n != UNWRITTEN) + "\n")
    lessons = ("--set", "training.aligner.lessons={steps: 120, minutes: 1, batch_size: 8}")
    result = cut(tmp_path / "day.wav", tmp_path / "day.txt", tmp_path / "corpus", *lessons)
    assert result.exit_code == 0, result.output
    rows = [line.split("|") for line in (tmp_path / "corpus" / "metadata.csv").read_text().splitlines()]
    good = " ".join(text for n, text in enumerate(TEXTS) if n not in (UNWRITTEN, UNSAID))
    assert len(rows) >= 4 and all(text in good for _, text in rows)
    for id, _ in rows:
        assert 2.0 <= soundfile.info(tmp_path / "corpus" / "wavs" / f"{id}.flac").duration <= 12.1
    with (tmp_path / "corpus" / "left_out.csv").open() as file:
        left = list(csv.DictReader(file))
    (foreign,) = (row for row in left if row["kind"] == "not written")
    assert abs(float(foreign["start_s"]) - ends[UNWRITTEN - 1]) < 0.4
    assert any(row["kind"] == "not said" and "harvest, about horses" in row["text"] for row in left)
    again = cut(tmp_path / "day.wav", tmp_path / "day.txt", tmp_path / "corpus", *lessons)
    assert again.exit_code == 0 and again.output.splitlines()[-2:] == result.output.splitlines()[-2:]


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Hello there.\n")
    (tmp_path / "noise.wav").write_bytes(b"RIFF")
    missing = cut(tmp_path / "no.wav", tmp_path / "text.txt", tmp_path / "corpus")
    assert missing.exit_code == 2 and "no.wav: does not exist" in missing.output
    empty = cut(tmp_path / "noise.wav", tmp_path / "none.txt", tmp_path / "corpus")
    assert empty.exit_code == 2 and "none.txt: cannot be read (No such file or directory)" in empty.output
    (tmp_path / "noise.wav").rename(tmp_path / "a|b.wav")
    divided = cut(tmp_path / "a|b.wav", tmp_path / "text.txt", tmp_path / "other")
    assert divided.exit_code == 2 and "'a|b_1' holds '|'" in divided.output and not (tmp_path / "other").exists()
