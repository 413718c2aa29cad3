"""Corpora of tones: made in milliseconds, with known phone times and F0."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from praatio import textgrid
from praatio.utilities.constants import Interval

WORDS = {"one": "W AH N", "two": "T UW", "three": "TH R IY", "silence": "S AY L"}
PHONE_S = 0.12
EDGE_S = 0.3
SAMPLE_RATE = 22_050


def write_grid(path: Path, tiers: dict[str, list[tuple[float, float, str]]], end_s: float) -> None:
    grid = textgrid.Textgrid()
    for name, entries in tiers.items():
        grid.addTier(textgrid.IntervalTier(name, [Interval(*entry) for entry in entries], 0, end_s))
    path.parent.mkdir(parents=True, exist_ok=True)
    grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)


def write_utterance(folder: Path, id: str, text: str, f0: float = 150.0, rate: int = SAMPLE_RATE) -> None:
    """A tone with vibrato for each vowel, hiss for each consonant, silence around."""
    words, phones, now = [], [], EDGE_S
    for word in re.findall(r"\w+", text):
        start_s = now
        for phone in WORDS[word].split():
            phones.append((now, now + PHONE_S, phone))
            now += PHONE_S
        words.append((start_s, now, word))
    end_s = now + EDGE_S
    time = np.arange(round(end_s * rate)) / rate
    phase = 2 * np.pi * f0 * (time - 0.004 * np.cos(9 * time))
    tone = sum(np.sin(k * phase) / k for k in range(1, 9))
    audio = 1e-3 * np.random.default_rng(len(text)).standard_normal(len(time))
    for start_s, stop_s, phone in phones:
        inside = (time >= start_s) & (time < stop_s)
        audio[inside] += 0.2 * tone[inside] if phone[0] in "AEIOU" else 10 * audio[inside]
    (folder / "wavs").mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / "wavs" / f"{id}.wav", audio, rate)
    write_grid(folder / "TextGrid" / f"{id}.TextGrid", {"words": words, "phones": phones}, end_s)
    with (folder / "metadata.csv").open("a", encoding="utf-8") as file:
        file.write(f"{id}|{text}|{text}\n")


def make_corpus(folder: Path, n: int = 6, **options: Any) -> Path:
    names = list(WORDS)
    for index in range(n):
        text = " ".join(names[(index + step) % len(names)] for step in range(3))
        write_utterance(folder, f"u{index:02d}", text, **options)
    return folder
