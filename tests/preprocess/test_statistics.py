from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.shards import Features, as_table
from preprocess.statistics import RunningMoments, pause_statistics, speaker_statistics, without_outliers
from tts.errors import InputError


def utterance(id: str, speaker: str = "ann", split: str = "train", pitch: float = 5.0, voiced: bool = True) -> Features:
    random = np.random.default_rng(sum(map(ord, id)))
    durations = np.array([0, 3, 4, 0, 5], dtype=np.int32)
    frames, phones = (random.normal(pitch, 0.3, n).astype(np.float32) for n in (durations.sum(), len(durations)))
    return Features(
        id=id,
        speaker=speaker,
        split=split,  # type: ignore[arg-type]
        text="text",
        phones=["sil", "A", "B", "C", "sil"],
        durations=durations,
        log_f0=frames if voiced else None,
        voiced=np.arange(12) < (9 if voiced else 0),
        energy=frames - 3,
        phone_log_f0=phones if voiced else None,
        phone_energy=phones - 3,
        mel=np.zeros((2, 12), dtype=np.float32),
        audio=np.zeros(48, dtype=np.int16),
    )


@given(st.lists(st.lists(st.floats(-20, 20), max_size=20), min_size=1, max_size=10).filter(any))
def test_moments_equal_two_passes_in_any_order(chunks: list[list[float]]) -> None:
    running, shuffled = RunningMoments(), RunningMoments()
    for chunk in chunks:
        running.add(np.array(chunk))
    values = np.array([value for chunk in chunks for value in chunk])
    for value in sorted(values):
        shuffled.add(np.array([value]))
    assert running.result() == shuffled.result()
    moments = running.result()
    assert moments.count == len(values)
    assert moments.mean == pytest.approx(values.mean(), abs=1e-8)
    assert moments.std == pytest.approx(max(values.std(), 1e-4), abs=1e-4)
    assert moments.minimum * moments.std + moments.mean == pytest.approx(values.min(), abs=1e-6)


def test_outliers_stay_out() -> None:
    assert list(without_outliers([1, 2, 3, 4, 100], 1.5)) == [1, 2, 3, 4]
    assert list(without_outliers([5, 5, 5], 1.5)) == [5, 5, 5]
    assert not len(without_outliers([], 1.5))


def test_only_training_utterances_of_the_speaker_and_voiced_frames_count() -> None:
    rows = [utterance("a"), utterance("b", pitch=6.0), utterance("v", split="validation", pitch=99.0)]
    rows += [utterance("u", voiced=False), utterance("c", speaker="bob", pitch=4.0)]
    statistics = speaker_statistics([as_table(rows)], 1e6)
    expected = np.concatenate([rows[0].log_f0[:9], rows[1].log_f0[:9]])
    pitch, energy = statistics["ann"].pitch, statistics["ann"].energy
    assert pitch["frame"].count == 18 and pitch["frame"].mean == pytest.approx(expected.mean(), abs=1e-6)
    # Phones 1, 2 and 4 have frames, all three with a voiced one.
    assert pitch["phone"].count == 6 and energy["phone"].count == 9 and energy["frame"].count == 36
    assert statistics["bob"].pitch["frame"].mean < 4.5


@settings(max_examples=30)
@given(st.permutations(range(7)), st.lists(st.booleans(), min_size=7, max_size=7))
def test_order_and_division_into_tables_change_no_bit(order: list[int], cuts: list[bool]) -> None:
    rows = [utterance(f"{i}", speaker="ann" if i % 2 else "bob", voiced=i != 3) for i in range(7)]
    parts: list[list[Features]] = [[]]
    for index, cut in zip(order, cuts, strict=True):
        parts += [[]] if cut else []
        parts[-1].append(rows[index])
    assert speaker_statistics(map(as_table, parts), 1.5) == speaker_statistics([as_table(rows)], 1.5)


def test_speakers_without_training_data_or_voice() -> None:
    with pytest.raises(InputError, match="speaker 'bob': has no training utterances"):
        speaker_statistics([as_table([utterance("a"), utterance("b", speaker="bob", split="validation")])], 1.5)
    with pytest.raises(InputError, match="has no voiced frame"):
        speaker_statistics([as_table([utterance("a", voiced=False)])], 1.5)


def test_pauses_within_training_utterances_count_where_they_are_heard() -> None:
    phones = ["sil", ",", "A", ",", "."]  # of 0, 3, 4, 0 and 5 frames
    rows = [replace(utterance(id, split=split), phones=phones) for id, split in (("a", "train"), ("b", "validation"))]
    rows.append(replace(utterance("c"), phones=["sil", ";", ",", ".", "?"]))
    pauses = pause_statistics([as_table(rows[:2]), as_table(rows[2:])], 0.01)
    assert {kind: (p.count, p.median_s) for kind, p in pauses.items()} == {
        "comma": (2, pytest.approx(0.035)),
        "semicolon": (1, pytest.approx(0.03)),
    }
