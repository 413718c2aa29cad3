from pathlib import Path

import numpy as np
import pytest
from tones import write_grid

from preprocess.textgrid import Alignment, Interval, lay_out, read_textgrid
from tts.errors import InputError

PATH = Path("a.TextGrid")


def test_tiers_of_one_speaker_among_several(tmp_path: Path) -> None:
    tiers = {
        "ann - words": [(0.0, 1.0, "hi")],
        "ann - phones": [(0.0, 1.0, "AY")],
        "bob - Words": [(0.0, 1.0, "bye")],
        "bob - Phones": [(0.0, 0.5, " B "), (0.5, 1.0, "AY")],
    }
    write_grid(tmp_path / "a.TextGrid", tiers, 1.0)
    alignment = read_textgrid(tmp_path / "a.TextGrid", "bob")
    assert [word.label for word in alignment.words] == ["bye"]
    assert alignment.phones == [Interval(0.0, 0.5, "B"), Interval(0.5, 1.0, "AY")]
    with pytest.raises(InputError, match="has no tier 'phones', only ann - words"):
        read_textgrid(tmp_path / "a.TextGrid", "eve")


@pytest.mark.parametrize(
    "content", ["", "no grid", 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\n']
)
def test_what_is_no_textgrid(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(content)
    with pytest.raises(InputError, match=r"a\.TextGrid: "):
        read_textgrid(path, "ann")


def test_missing_textgrid(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"TextGrid is missing; align the corpus"):
        read_textgrid(tmp_path / "a.TextGrid", "ann")


@pytest.mark.parametrize(("old", "new"), [("xmin = 0.5", "xmin = 0.3"), ("xmax = 0.5", "xmax = -0.5")])
def test_intervals_out_of_order(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "a.TextGrid"
    write_grid(path, {"phones": [(0.0, 0.5, "A"), (0.5, 1.0, "B")]}, 1.0)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=r"a\.TextGrid"):
        read_textgrid(path, "ann")


def test_every_silence_is_a_pause_and_gaps_are_filled() -> None:
    phones = [
        Interval(0.0, 0.1, "SIL"),
        Interval(0.1, 0.2, "<eps>"),
        Interval(0.2, 0.4, "A"),
        Interval(0.4, 0.5, "spn"),
    ]
    phones += [Interval(0.6, 0.7, "B"), Interval(0.7, 0.8, "C")]
    labels, ends_s = lay_out(PATH, Alignment([], phones), audio_s=1.0, tolerance_s=0.01)
    assert labels == ["sil", "A", "sil", "B", "C", "sil"]
    assert np.allclose(ends_s, [0.2, 0.4, 0.6, 0.7, 0.8, 1.0])


def test_edges_are_pauses_even_when_nothing_is_left_for_them() -> None:
    labels, ends_s = lay_out(PATH, Alignment([], [Interval(0.0, 1.005, "A")]), audio_s=1.0, tolerance_s=0.01)
    assert (labels, list(ends_s)) == (["sil", "A", "sil"], [0.0, 1.0, 1.0])


def test_what_follows_the_end_of_the_audio() -> None:
    _, ends_s = lay_out(
        PATH, Alignment([], [Interval(0.0, 1.0, "A"), Interval(1.0, 2.0, "sil")]), audio_s=1.0, tolerance_s=0.01
    )
    assert ends_s[-1] == 1.0
    with pytest.raises(InputError, match=r"phone 'A' ends at 1\.020 s, after the audio"):
        lay_out(PATH, Alignment([], [Interval(0.0, 1.02, "A")]), audio_s=1.0, tolerance_s=0.01)
    with pytest.raises(InputError, match="only silence"):
        lay_out(PATH, Alignment([], [Interval(0.0, 1.0, "sp")]), audio_s=1.0, tolerance_s=0.01)


def test_sounds_of_an_unknown_word_are_speech_and_noises_between_words_are_not() -> None:
    words = [Interval(0.0, 0.4, "is"), Interval(0.4, 1.0, "<unk>"), Interval(1.0, 1.2, "")]
    phones = [
        Interval(0.0, 0.2, "IH1"),
        Interval(0.2, 0.4, "Z"),
        Interval(0.4, 1.0, "spn"),
        Interval(1.0, 1.2, "<spn>"),
    ]
    labels, ends_s = lay_out(PATH, Alignment(words, phones), audio_s=1.2, tolerance_s=0.01)
    assert labels == ["sil", "IH1", "Z", "spn", "sil"]
    np.testing.assert_allclose(ends_s, [0.0, 0.2, 0.4, 1.0, 1.2])


def test_a_word_without_phones_is_not_taken_for_a_pause() -> None:
    words = [Interval(0.0, 0.4, "is"), Interval(0.4, 1.0, "stagnant")]
    phones = [Interval(0.0, 0.4, "IH1"), Interval(0.4, 1.0, "sil")]
    with pytest.raises(InputError, match=r"word 'stagnant' at 0\.400 s has no phones"):
        lay_out(PATH, Alignment(words, phones), audio_s=1.0, tolerance_s=0.01)


def test_times_that_are_not_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    entries = '[[0, 0.5, "A"], [0.5, NaN, "B"]]'
    path.write_text(
        f'{{"start": 0, "end": 1, "tiers": {{"phones": {{"type": "IntervalTier", "entries": {entries}}}}}}}'
    )
    with pytest.raises(InputError, match="is at a time that is not a number"):
        read_textgrid(path, "ann")


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"tiers": "none"}', '{"start": 0, "end": 1, "tiers": [1]}', "\x00"]
)
def test_json_of_other_shapes(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(content)
    with pytest.raises(InputError, match=r"a\.TextGrid: cannot be read as a TextGrid \(.+\); align"):
        read_textgrid(path, "ann")
