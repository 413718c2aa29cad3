"""An aligner that a voice teaches: when each phone of synthetic speech is said is known.

A voice reads transcripts with whatever phones it has that are nearest, and the classifier learns frame by frame. The
speech is varied in rate, pitch, length of the vocal tract, colour and noise, so that it prepares for other speakers and
rooms. This takes a minute and no file beside the voice; learning from recordings alone (``tts.losses.alignment``) needs
many more steps, each a hundred times as long, and more recordings than a few minutes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence
from tqdm import tqdm

from tts.audio.mel import LogMel
from tts.config.root import Config
from tts.config.training import LessonsConfig
from tts.data.alignment import Spoken, z_scored
from tts.models.aligner import RAREST, Aligner
from tts.runtime.script import Script
from tts.runtime.synthesizer import Controls, join, whole_sentences
from tts.runtime.voice import Voice
from tts.text.inventory import PAUSE, PhoneInventory, without_stress
from tts.text.phonetics import nearest_phone

STRETCH_S = 3.0  # s of a lesson that are heard at once
LONGEST = 200  # phones of a lesson: a voice has hardly learned longer ones, and is slow with them
PAUSE_SHARE = 0.15  # of the gaps between words
SPEEDS, PITCHES = (0.8, 1.25), (-3.0, 3.0)  # factor, semitones
TRACTS = (0.84, 1.19)  # factor on all frequencies
TILTS = (-0.3, 0.7)  # of the sample before, taken away from each
NOISES_DB = (-60.0, -20.0)  # against the loudest
IGNORED = -100  # label of frames that pad


@dataclass(frozen=True)
class Lesson:
    audio: npt.NDArray[np.float32]  # (S,)
    sample_rate: int  # Hz
    phone_ids: npt.NDArray[np.int64]  # (P,) of the aligner
    ends_s: npt.NDArray[np.float64]  # (P,) ascending


def teach(
    model: Aligner, voice: Path, utterances: Sequence[Spoken], inventory: PhoneInventory, config: LessonsConfig
) -> None:
    """Train ``model``, whose phones are those of ``inventory``, on what ``voice`` makes of ``utterances``."""
    random = np.random.default_rng(config.seed)
    lessons = list(prepare_lessons(Voice.load(voice), utterances, inventory, config, random))
    log_mel = LogMel(model.config.audio)
    device = model.log_prior.device
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    counts = torch.zeros_like(model.log_prior)
    model.train()
    for step in tqdm(range(config.steps), desc=f"lessons of {voice.name}", unit="step"):
        chosen = random.integers(len(lessons), size=config.batch_size)
        heard = [hear(_stretch(lessons[index], random), log_mel, model.config.n_states, random) for index in chosen]
        mel = pad_sequence([torch.from_numpy(mel.T) for mel, _ in heard], batch_first=True).transpose(1, 2)
        states = pad_sequence(
            [torch.from_numpy(states) for _, states in heard], batch_first=True, padding_value=IGNORED
        ).to(device)
        lengths = torch.tensor([len(states) for _, states in heard])
        log_posteriors = model(mel.to(device), lengths.to(device))  # (B, T, C)
        loss = F.nll_loss(log_posteriors.transpose(1, 2), states, ignore_index=IGNORED)
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * min(1.0, 2.0 * (1.0 - step / config.steps))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        counts += torch.bincount(states[states >= 0], minlength=len(counts))
    with torch.no_grad():
        model.log_prior.copy_((counts / counts.sum()).clamp(min=RAREST).log())


def taught(voice: Path, utterances: Sequence[Spoken], inventory: PhoneInventory, config: Config) -> Aligner:
    """A new aligner for the phones of ``inventory``, in evaluation mode."""
    torch.manual_seed(config.training.aligner.lessons.seed)
    model = Aligner(config.aligner, len(inventory))
    teach(model, voice, utterances, inventory, config.training.aligner.lessons)
    return model.eval()


def prepare_lessons(
    voice: Voice,
    utterances: Sequence[Spoken],
    inventory: PhoneInventory,
    config: LessonsConfig,
    random: np.random.Generator,
) -> Iterator[Lesson]:
    """At most so many minutes of ``utterances``, in random order, spoken by the speakers of ``voice`` in turn."""
    left_s, known = config.minutes * 60.0, PhoneInventory(voice.manifest.phones)
    n_speakers = len(voice.manifest.speakers)
    whole_s = round(left_s)
    with tqdm(total=whole_s, desc=f"{voice.manifest.name} reads", unit="s") as bar:
        for number, index in enumerate(random.permutation(len(utterances))):
            phones = [*islice(_with_few_pauses(utterances[index].phones[:-1], random), LONGEST - 1), PAUSE]
            said = [known.closest(phone) or nearest_phone(phone, known.phones) for phone in phones]
            pairs = [(phone, as_) for phone, as_ in zip(phones, said, strict=True) if as_]
            script = Script(tuple(as_ for _, as_ in pairs), tuple(known.encode((as_ for _, as_ in pairs), "lesson")))
            controls = Controls(speed=random.uniform(*SPEEDS), pitch=random.uniform(*PITCHES))
            scores = voice.synthesizer.compose([script], number % n_speakers, controls)
            speech = join(voice.synthesizer.play(scores, whole_sentences()))
            ids = inventory.encode((without_stress(phone) for phone, _ in pairs), "lesson")
            ends_s = np.array([span.end_s for span in speech.phones])
            yield Lesson(speech.audio, speech.sample_rate, np.array(ids), ends_s)
            left_s -= ends_s[-1]
            bar.update(min(round(ends_s[-1]), whole_s - round(bar.n)))
            if left_s <= 0:
                return


def hear(
    lesson: Lesson, log_mel: LogMel, n_states: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """One of many variations: the mel (M, T), z-scored, and the state of each frame (T,)."""
    tract = random.uniform(*TRACTS)
    sample_rate = log_mel.config.sample_rate
    audio = soxr.resample(lesson.audio, lesson.sample_rate * tract, sample_rate).astype(np.float32)
    audio[1:] -= np.float32(random.uniform(*TILTS)) * audio[:-1]
    level = np.abs(audio).max() * 10 ** (random.uniform(*NOISES_DB) / 20)
    audio += random.normal(0.0, level, len(audio)).astype(np.float32)
    mel = z_scored(log_mel(torch.from_numpy(audio)[None])[0].numpy())

    ends_s = lesson.ends_s / tract
    times_s = (np.arange(mel.shape[1]) + 0.5) * log_mel.config.hop_length / sample_rate
    place = np.searchsorted(ends_s, times_s, side="right").clip(max=len(ends_s) - 1)
    starts_s = np.concatenate([[0.0], ends_s[:-1]])
    share = (times_s - starts_s[place]) / (ends_s[place] - starts_s[place]).clip(min=1e-6)
    state = np.floor(share * n_states).astype(np.int64).clip(0, n_states - 1)
    return mel, lesson.phone_ids[place] * n_states + state


def _stretch(lesson: Lesson, random: np.random.Generator) -> Lesson:
    """Some seconds of it: a batch of whole ones would cost more than it teaches."""
    first = int(random.integers(max(len(lesson.audio) - round(STRETCH_S * lesson.sample_rate), 1)))
    audio = lesson.audio[first : first + round(STRETCH_S * lesson.sample_rate)].copy()
    return Lesson(audio, lesson.sample_rate, lesson.phone_ids, lesson.ends_s - first / lesson.sample_rate)


def _with_few_pauses(phones: Sequence[str], random: np.random.Generator) -> Iterator[str]:
    """``phones`` has a pause wherever there may be one; speech makes few of them."""
    for index, phone in enumerate(phones):
        if phone != PAUSE or index == 0 or random.random() < PAUSE_SHARE:
            yield phone
