"""Corpora that only look broken: as other people and other systems write them."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from broken import Breakages, as_manifest, check_that_both_find, edit, grid, metadata, wav

from tts.config.root import Config

pytestmark = pytest.mark.slow  # a whole run of 'preprocess' and of 'doctor' each

breaks = Breakages()


def change(corpus: Path, function: Callable[[np.ndarray], np.ndarray], rate: int = 22_050) -> None:
    audio, _ = soundfile.read(wav(corpus))
    soundfile.write(wav(corpus), function(audio), rate)


@breaks("")
def suffixes_in_capitals(corpus: Path) -> None:
    wav(corpus).rename(wav(corpus).with_suffix(".WAV"))


@breaks("")
def other_formats(corpus: Path) -> None:
    audio, rate = soundfile.read(wav(corpus))
    wav(corpus).unlink()
    soundfile.write(wav(corpus).with_suffix(".mp3"), audio, rate)


@breaks("")
def ids_that_are_file_names(corpus: Path) -> None:
    edit(metadata(corpus), "u01|", "u01.wav|")


@breaks("")
def accents_as_a_mac_writes_them(corpus: Path) -> None:
    edit(metadata(corpus), "u01|", "\u00e9|")
    wav(corpus).rename(wav(corpus).with_stem("e\u0301"))
    grid(corpus).rename(grid(corpus).with_stem("e\u0301"))


@breaks("")
def backslashes_in_a_manifest(corpus: Path) -> None:
    manifest = as_manifest(corpus)
    manifest.write_text(manifest.read_text().replace("wavs/", "wavs\\\\"))


@breaks("")
def many_channels(corpus: Path) -> None:
    change(corpus, lambda audio: np.repeat(audio[:, None], 32, axis=1))


@breaks("")
def byte_order_mark_and_crlf(corpus: Path) -> None:
    metadata(corpus).write_bytes(b"\xef\xbb\xbf" + metadata(corpus).read_bytes().replace(b"\n", b"\r\n"))


@breaks("")
def a_line_separator_within_a_transcript(corpus: Path) -> None:
    edit(metadata(corpus), "u01|two three", "u01|two\u2028three")


@breaks("")
def a_textgrid_in_utf_16(corpus: Path) -> None:
    grid(corpus).write_text(grid(corpus).read_text(encoding="utf-8"), encoding="utf-16")


@pytest.mark.parametrize("name", breaks)
def test_broken(name: str, tones: Path, tmp_path: Path, config: Config) -> None:
    folder = tmp_path / ("J\u00fcrgen's" if os.name == "nt" else "J\u00fcrgen's \\ folder")
    folder.mkdir()
    corpus = tones.rename(folder / tones.name)
    check_that_both_find(breaks[name], corpus, tmp_path / "features", config)
