"""The demo corpus: every phone of the front end, at times that the sound confirms."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from praatio import textgrid

from tts.audio.wav import read_audio
from tts.demo.corpus import Recording, make_corpus, record
from tts.demo.espeak import MNEMONICS, SAMPLE_RATE, STRESS_MARKS
from tts.demo.sentences import PHONETICALLY_RICH, sentences
from tts.errors import InputError
from tts.text.inventory import PAUSE, without_stress


@pytest.fixture(scope="module")
def rich() -> list[Recording]:
    rng = np.random.default_rng(0)
    return [record(text, "en-us", rng) for text in PHONETICALLY_RICH]


def spoken(recordings: list[Recording], phones: str) -> list[np.ndarray]:
    """The sound of every occurrence of any of ``phones``, whatever its stress."""
    return [
        recording.audio[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
        for recording in recordings
        for start, end, label in recording.phones
        if without_stress(label) in phones.split()
    ]


def share_above(audio: np.ndarray, hz: float) -> float:
    power = np.abs(np.fft.rfft(audio)) ** 2
    return float(power[np.fft.rfftfreq(len(audio), 1 / SAMPLE_RATE) > hz].sum() / power.sum())


def test_the_rich_sentences_hold_every_phone_with_every_stress(rich: list[Recording]) -> None:
    sounds = {phone + mark for phone in MNEMONICS for mark in (STRESS_MARKS if phone[0] in "AEIOU" else [""])}
    assert {label for recording in rich for *_, label in recording.phones} == {PAUSE} | sounds


def test_phones_tile_the_recording(rich: list[Recording]) -> None:
    for recording in rich:
        assert recording.phones[0][0] == 0.0
        assert recording.phones[-1][1] == len(recording.audio) / SAMPLE_RATE
        assert recording.phones[0][2] == recording.phones[-1][2] == PAUSE
        assert all(end > start for start, end, _ in recording.phones)
        assert all(before[1] == after[0] for before, after in pairwise(recording.phones))


def test_boundaries_are_where_the_sound_changes(rich: list[Recording]) -> None:
    assert min(share_above(audio, 3000.0) for audio in spoken(rich, "S")) > 0.8
    assert max(share_above(audio, 3000.0) for audio in spoken(rich, "IY UW AA AO")) < 0.2
    plosives = [audio for audio in spoken(rich, "K T P") if len(audio) > 0.05 * SAMPLE_RATE]
    closed = [np.abs(audio[: len(audio) // 4]).max() < 1e-3 for audio in plosives]
    assert len(plosives) > 20 and np.mean(closed) > 0.9


def test_sentences_are_distinct_and_depend_on_the_seed_alone() -> None:
    assert sentences(300, seed=1) == sentences(300, seed=1) != sentences(300, seed=2)
    assert len(set(sentences(300, seed=1))) == 300


def test_corpus_of_two_speakers_at_another_rate(tmp_path: Path) -> None:
    make_corpus(tmp_path, 2, sample_rate=16_000, voices=("en-us", "en-us+f1"))
    for speaker in ("en-us", "en-us+f1"):
        lines = (tmp_path / speaker / "metadata.csv").read_text(encoding="utf-8").splitlines()
        assert [line.split("|")[1] for line in lines] == sentences(2, seed=0)
        for line in lines:
            utterance_id = line.split("|")[0]
            audio, rate = read_audio(tmp_path / speaker / "wavs" / f"{utterance_id}.wav")
            grid = textgrid.openTextgrid(tmp_path / speaker / "TextGrid" / f"{utterance_id}.TextGrid", True)
            assert rate == 16_000
            assert grid.tierNames == ("words", "phones")
            assert abs(grid.maxTimestamp - len(audio) / rate) < 1e-3


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_in_a_fresh_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tts.demo.corpus import *; make_corpus(Path(sys.argv[1]), 2, seed=5)"
    )
    for name in ("a", "b"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, capture_output=True)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 5
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(InputError, match="nobody"):
        record("Hello.", "nobody", np.random.default_rng(0))
