import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result
from untrained_voice import TEXT

from tts.audio.wav import read_audio, to_pcm16
from tts.cli import main
from tts.runtime.voice import Voice


def tts(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=text)


def test_a_stream_into_a_file_is_the_whole(untrained_voice: Path, speaking: Voice, tmp_path: Path) -> None:
    wav, times = tmp_path / "a.wav", tmp_path / "times.json"
    done = tts("synthesize", "--voice", untrained_voice, "-", "--stream", "-o", wav, "--timestamps", times, text=TEXT)
    assert done.exit_code == 0, done.output
    whole = speaking.synthesize(TEXT)
    np.testing.assert_allclose(read_audio(wav)[0], whole.audio, atol=1e-4)
    assert len(json.loads(times.read_text())["words"]) == len(whole.words)


def test_a_text_that_is_not_utf_8_is_one_line(tmp_path: Path) -> None:
    for command in (["synthesize", "-o", str(tmp_path / "a.wav")], ["read"]):
        done = CliRunner().invoke(main, [*command, "-"], input=b"one\ncaf\xe9")
        assert done.exit_code == 2
        assert "standard input:2: is not UTF-8 text; convert it to UTF-8" in done.output
    assert not list(tmp_path.iterdir())


def test_standard_output_holds_nothing_but_sound(untrained_voice: Path, speaking: Voice) -> None:
    done = tts("synthesize", "--voice", untrained_voice, TEXT, "-o", "-", "--format", "raw", "--threads", 1)
    assert done.exit_code == 0
    pcm = np.frombuffer(done.stdout_bytes, "<i2")
    np.testing.assert_allclose(pcm, to_pcm16(speaking.synthesize(TEXT).audio), atol=1)
    assert "-: " in done.stderr


@pytest.mark.parametrize(("suffix", "kind"), [("wav", "WAV"), ("flac", "FLAC"), ("ogg", "OGG")])
def test_formats_rates_and_levels(untrained_voice: Path, tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / f"a.{suffix}"
    options = ("--sample-rate", 16_000, "--loudness", -23, "--dither")
    assert tts("synthesize", "--voice", untrained_voice, TEXT, "-o", path, *options).exit_code == 0
    assert (soundfile.info(path).format, soundfile.info(path).samplerate) == (kind, 16_000)


def test_a_file_of_lines(untrained_voice: Path, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("a|It rained.\nDid you?\n", encoding="utf-8")
    command = (
        "synthesize",
        "--voice",
        untrained_voice,
        "--input",
        tmp_path / "lines.txt",
        "--output-dir",
        tmp_path / "out",
    )
    assert "2 lines, 0 of them" in tts(*command).output
    assert {path.name for path in (tmp_path / "out").glob("*.wav")} == {"a.wav", "00002.wav"}
    assert "2 lines, 2 of them" in tts(*command).output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give either TEXT"),
        (("hi", "--input", "x", "--output-dir", "y"), "Give either TEXT"),
        (("--input", "x"), "Give either TEXT"),
        (("--input", "x", "--output-dir", "y", "--stream"), "are for one TEXT"),
        (("hi", "--stream", "--loudness", "-23"), "before its first sound"),
        (("hi", "--device", "dml"), "runs on cpu"),
        (("hi", "--format", "flac", "-o", "-"), "into a pipe"),
        (("hi", "-o", "a.mp3"), "names no audio format"),
    ],
)
def test_what_does_not_go_together_is_one_line(untrained_voice: Path, arguments: tuple[str, ...], message: str) -> None:
    done = tts("synthesize", "--voice", untrained_voice, *arguments)
    assert done.exit_code == 2 and message in done.output


def test_bench_prints_a_table_and_json(untrained_voice: Path, tmp_path: Path) -> None:
    lengths = ("--length", 0.5, "--length", 2)
    done = tts("bench", "--voice", untrained_voice, *lengths, "--threads", 1, "--json", tmp_path / "bench.json")
    assert done.exit_code == 0, done.output
    report = json.loads((tmp_path / "bench.json").read_text())
    assert report["load_s"] > 0 and report["threads"] == 1
    assert [row["audio_s"] for row in report["rows"]] == sorted(row["audio_s"] for row in report["rows"])
    assert all(row["rtf"] > 0 and row["first_audio_ms"] > 0 and row["peak_mb"] > 1 for row in report["rows"])
    assert "first audio ms" in done.output
