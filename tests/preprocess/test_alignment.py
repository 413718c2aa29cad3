from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.alignment import Confidence, judge, lay_words, write_alignments
from preprocess.alignment_inputs import AlignmentInput, check_overwriting, prepare, textgrid_paths
from preprocess.corpus import read_corpus
from preprocess.textgrid import Alignment, Interval, read_textgrid, render_textgrid
from tts.audio.wav import write_audio
from tts.config.root import Config
from tts.errors import InputError
from tts.text.inventory import PAUSE

SHORTEST_S = 0.04


@dataclass(frozen=True)
class Even:
    """An alignment that gives every phone the same time."""

    id: str
    durations: npt.NDArray[np.float64]
    agreement: npt.NDArray[np.float32]


def spread(entry: AlignmentInput) -> Even:
    n_phones = len(entry.phones)
    return Even(entry.id, np.full(n_phones, entry.n_frames / n_phones), np.ones(entry.n_frames, dtype=np.float32))


@st.composite
def aligned_words(draw: st.DrawFn) -> tuple[list[str], list[str], npt.NDArray[np.float64], float]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    phones, durations = [PAUSE], [draw(st.floats(0.0, 0.2))]
    for size in sizes:
        phones += [*["a"] * size, PAUSE]
        durations += draw(st.lists(st.floats(0.03, 0.3), min_size=size, max_size=size))
        durations.append(draw(st.floats(0.0, 0.2)))
    ends_s = np.cumsum(durations)
    return [f"w{i}" for i in range(len(sizes))], phones, ends_s, float(ends_s[-1]) + draw(st.floats(0.0, 0.009))


@given(aligned_words())
def test_intervals_tile_the_audio_and_words_are_made_of_their_phones(
    aligned: tuple[list[str], list[str], npt.NDArray[np.float64], float],
) -> None:
    words, phones, ends_s, audio_s = aligned
    laid = lay_words(words, phones, ends_s, audio_s, SHORTEST_S)
    assert laid.phones[0].start_s == 0.0 and laid.phones[-1].end_s == audio_s
    assert all(left.end_s == right.start_s for left, right in pairwise(laid.phones))
    assert all(phone.end_s > phone.start_s for phone in laid.phones)
    assert all(p.end_s - p.start_s >= SHORTEST_S for p in laid.phones if p.label == PAUSE)
    assert [phone.label for phone in laid.phones if phone.label != PAUSE] == [p for p in phones if p != PAUSE]
    assert [word.label for word in laid.words] == words
    covered = sum(word.end_s - word.start_s for word in laid.words)
    assert covered == pytest.approx(sum(p.end_s - p.start_s for p in laid.phones if p.label != PAUSE))


def test_a_textgrid_is_read_as_it_was_written(tmp_path: Path) -> None:
    alignment = Alignment(
        [Interval(0.1, 0.3, "hi"), Interval(0.5, 0.75, "you")],
        [Interval(0.0, 0.1, PAUSE), Interval(0.1, 0.3, "h"), Interval(0.3, 0.5, PAUSE), Interval(0.5, 0.75, "j")],
    )
    path = tmp_path / "a.TextGrid"
    path.write_bytes(render_textgrid(alignment, 1.0))
    words, phones = read_textgrid(path, "speaker")
    assert [word for word in words if word.label] == alignment.words
    assert [phone for phone in phones if phone.label] == alignment.phones


def test_what_lies_far_below_the_rest_is_suspicious() -> None:
    rng = np.random.default_rng(0)
    usual = [Confidence(f"{i}", rng.normal(0.8, 0.02), rng.normal(0.5, 0.05), 1.0, False, "") for i in range(100)]
    wrong = [Confidence("swapped", 0.4, 0.1, 1.0, False, ""), Confidence("a word less", 0.78, 0.1, 1.0, False, "")]
    assert [line.id for line in judge([*usual, *wrong], 5.0) if line.suspicious] == ["swapped", "a word less"]


def test_only_own_textgrids_are_replaced(tiny_corpus: Path, tmp_path: Path) -> None:
    config, grids, work = Config(), tmp_path / "TextGrid", tmp_path / "aligner"
    with pytest.raises(InputError, match=r"12 such TextGrids.*--overwrite"):
        prepare(tiny_corpus, work, config, workers=1)
    for _ in range(2):  # the second time over its own
        inputs, skipped = prepare(tiny_corpus, work, config, textgrids=grids, workers=1)
        report = write_alignments(inputs, map(spread, inputs), skipped, work, config.aligner)
    assert "12 TextGrids" in str(report) and (work / "alignments.csv").is_file()
    edited = inputs[3].output
    edited.write_text(edited.read_text().replace("sil", "sp"))
    with pytest.raises(InputError, match=f"{edited.name}.*1 such TextGrids"):
        prepare(tiny_corpus, work, config, textgrids=grids, workers=1)
    prepare(tiny_corpus, work, config, textgrids=grids, workers=1, overwrite=True)


def test_every_speaker_gets_a_folder_where_the_corpus_is_read_from(tmp_path: Path) -> None:
    for speaker in ("ann", "bob"):
        (tmp_path / speaker).mkdir()
        (tmp_path / speaker / "metadata.csv").write_text("0001|Hello there.\n")
    paths = textgrid_paths(read_corpus(tmp_path), tmp_path / "TextGrid")
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    assert {utterance.id: utterance.textgrid for utterance in read_corpus(tmp_path)} == paths
    with pytest.raises(InputError):
        check_overwriting(read_corpus(tmp_path), paths, tmp_path / "none")


def test_utterances_that_cannot_be_aligned_stop_it_or_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "wavs").mkdir()
    texts = {"a": "Hello there.", "b": "This is far too much text for a tenth of a second.", "c": "東京", "d": "Gone."}
    (tmp_path / "metadata.csv").write_text("".join(f"{id}|{text}\n" for id, text in texts.items()), encoding="utf-8")
    for id, seconds in (("a", 1.5), ("b", 0.1), ("c", 1.0)):
        noise = np.random.default_rng(0).normal(0, 0.1, round(22_050 * seconds)).astype(np.float32)
        write_audio(tmp_path / "wavs" / f"{id}.wav", noise, 22_050)
    with pytest.raises(InputError, match=r"metadata.csv:2: b: .*too short.*and 2 more.*--skip-bad"):
        prepare(tmp_path, tmp_path / "aligner", Config(), workers=1)
    for _ in range(2):  # the second time from disk
        inputs, skipped = prepare(tmp_path, tmp_path / "aligner", Config(), workers=1, skip_bad=True)
        assert [entry.id for entry in inputs] == ["a"] and [entry.id for entry in skipped] == ["b", "c", "d"]
    assert inputs[0].words == ["hello", "there"] and inputs[0].read_mel().shape == (40, 150)
