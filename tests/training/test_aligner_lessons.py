"""An aligner that a voice teaches."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from tts.audio.mel import LogMel
from tts.config.loader import load_config
from tts.data.alignment import AlignmentDataset, aligner_inventory
from tts.models.aligner import Aligner
from tts.runtime.voice import Voice
from tts.text.inventory import PAUSE, PhoneInventory, without_stress
from tts.training.aligner_lessons import Lesson, hear, prepare_lessons, taught
from tts.training.aligner_task import align_batch

TEXTS = ["Nine small boats lay in the harbour.", "She wanted to see the mountains.", "The winter was long and cold."]
OTHER = "We had seen the boats in winter."


@dataclass(frozen=True)
class Written:
    id: str
    phones: tuple[str, ...]
    n_frames: int = 0

    def read_mel(self) -> np.ndarray:
        raise NotImplementedError


def written(voice: Voice, text: str) -> Written:
    words = [word for sentence in voice._front_end(text) for word in sentence.words]
    return Written(text, (PAUSE, *(phone for word in words for phone in (*word.phones, PAUSE))))


def test_a_lesson_names_the_state_of_every_frame() -> None:
    config = load_config()
    log_mel, random = LogMel(config.aligner.audio), np.random.default_rng(0)
    audio = np.random.default_rng(1).normal(0, 0.1, 22_050).astype(np.float32)
    lesson = Lesson(audio, 22_050, np.array([1, 2, 3]), np.array([0.3, 0.6, 1.0]))
    mel, states = hear(lesson, log_mel, 3, random)
    assert mel.shape == (config.aligner.audio.n_mels, len(states))
    assert list(dict.fromkeys(states.tolist())) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    counts = np.bincount(states // 3, minlength=4)[1:] / len(states)
    np.testing.assert_allclose(counts, [0.3, 0.3, 0.4], atol=0.03)


@pytest.mark.slow
def test_it_finds_the_phones_of_sentences_that_it_did_not_hear() -> None:
    voice = Voice.load("linnet-natural")
    said = [written(voice, text) for text in (*TEXTS, OTHER)]
    inventory = aligner_inventory(said)
    lessons = "{steps: 100, minutes: 0.5, batch_size: 6}"
    config = load_config(overrides=[f"training.aligner.lessons={lessons}", "aligner.channels=64"])
    model = taught(Path("linnet-natural"), said[:3], inventory, config)
    speech = voice.synthesize(OTHER)
    errors = boundary_errors(model, inventory, said[3], speech.audio, speech.sample_rate, speech.phones)
    assert np.median(errors) < 0.025


def boundary_errors(
    model: Aligner, inventory: PhoneInventory, said: Written, audio: np.ndarray, rate: int, truth: tuple
) -> np.ndarray:
    """s, of the ends of the phones."""
    import soxr

    log_mel = LogMel(model.config.audio)
    heard = soxr.resample(audio, rate, log_mel.config.sample_rate)
    mel = log_mel(torch.from_numpy(heard)[None])[0].numpy()

    @dataclass(frozen=True)
    class Heard:
        id: str
        phones: tuple[str, ...]
        n_frames: int

        def read_mel(self) -> np.ndarray:
            return mel

    with torch.no_grad():
        batch = AlignmentDataset([Heard("x", said.phones, mel.shape[1])], inventory).batch([0])
        (aligned,) = align_batch(model, batch)
    ends = aligned.durations.cumsum() * log_mel.config.hop_length / log_mel.config.sample_rate
    ours = [end for phone, end in zip(said.phones, ends, strict=True) if phone != PAUSE]
    theirs = [span.end_s for span in truth if span.label != PAUSE and without_stress(span.label) in inventory]
    assert len(ours) == len(theirs)
    return np.abs(np.array(ours) - np.array(theirs))


def test_lessons_cover_no_more_than_was_asked_for() -> None:
    voice, config = Voice.load("linnet-natural"), load_config(overrides=["training.aligner.lessons.minutes=0.05"])
    said = [written(voice, text) for text in TEXTS]
    random = np.random.default_rng(0)
    lessons = list(prepare_lessons(voice, said, aligner_inventory(said), config.training.aligner.lessons, random))
    assert 1 <= len(lessons) <= 3
    assert all(abs(lesson.ends_s[-1] - len(lesson.audio) / lesson.sample_rate) < 0.05 for lesson in lessons)
