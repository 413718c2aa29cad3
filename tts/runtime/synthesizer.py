"""Sentences of phones into audio, with the times of every word and phone."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from tts.config.errors import InputError
from tts.runtime import contract
from tts.text.inventory import PAUSE, PhoneInventory
from tts.text.sentences import Sentence

CONTROL_RANGES = {"speed": (0.25, 4.0), "pitch": (-12.0, 12.0), "energy": (-20.0, 20.0)}


@dataclass(frozen=True)
class Controls:
    """How to speak. Raises ``InputError`` for values outside ``CONTROL_RANGES``."""

    speed: float = 1.0  # factor
    pitch: float = 0.0  # semitones
    energy: float = 0.0  # dB

    def __post_init__(self) -> None:
        for name, (low, high) in CONTROL_RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # nor is NaN
                raise InputError(name, f"{value:g} is not between {low:g} and {high:g}")


@dataclass(frozen=True)
class Span:
    label: str  # a word as spoken, or a phone
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Speech:
    audio: npt.NDArray[np.float32]  # (S,) in [-1, 1]
    sample_rate: int  # Hz
    words: tuple[Span, ...]
    phones: tuple[Span, ...]  # pauses included: they cover the audio from end to end

    def write_timestamps(self, path: Path) -> None:
        """Words and phones with their start and end in seconds, as JSON."""
        spans = {"words": [asdict(span) for span in self.words], "phones": [asdict(span) for span in self.phones]}
        try:
            path.write_text(json.dumps(spans, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(path, f"cannot be written ({error.strerror})") from None


@dataclass(frozen=True)
class Script:
    """One sentence as the acoustic model reads it: framed by pauses, with one wherever punctuation stands."""

    phones: tuple[str, ...]
    phone_ids: tuple[int, ...]
    words: tuple[tuple[str, int, int], ...]  # text, index of the first phone, index after the last


def write_script(sentence: Sentence, inventory: PhoneInventory) -> Script:
    """Raises ``InputError`` naming the word with a phone that ``inventory`` lacks."""
    phones, words = [PAUSE], []
    ids = inventory.encode([PAUSE], "pause")
    for index, word in enumerate(sentence.words):
        words.append((word.text, len(phones), len(phones) + len(word.phones)))
        phones += word.phones
        ids += inventory.encode(word.phones, f"word {word.text!r}")
        if word.followed_by_pause or index == len(sentence.words) - 1:
            phones.append(PAUSE)
            ids += ids[:1]
    return Script(tuple(phones), tuple(ids), tuple(words))


@dataclass(frozen=True)
class Synthesizer:
    """The two graphs of a voice, run one after the other. Holds no state: threads may share it."""

    manifest: contract.VoiceManifest
    acoustic: onnxruntime.InferenceSession
    vocoder: onnxruntime.InferenceSession

    def speak(self, scripts: Iterable[Script], speaker_id: int, controls: Controls) -> Speech:
        """The sentences one after the other; each begins and ends with its own silence."""
        pieces: list[npt.NDArray[np.float32]] = []
        words: list[Span] = []
        phones: list[Span] = []
        n_frames = 0
        for script in scripts:
            audio, durations = self._speak_one(script, speaker_id, controls)
            edges = n_frames + np.concatenate(([0], np.cumsum(durations)))  # (P + 1,) frames
            times = [float(time) for time in edges * self.manifest.hop_length / self.manifest.sample_rate]
            phones += map(Span, script.phones, times[:-1], times[1:])
            words += [Span(text, times[first], times[after]) for text, first, after in script.words]
            pieces.append(audio)
            n_frames = int(edges[-1])
        return Speech(np.concatenate(pieces), self.manifest.sample_rate, tuple(words), tuple(phones))

    def _speak_one(
        self, script: Script, speaker_id: int, controls: Controls
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """Audio (S,) and durations (P,) in frames, S = sum of durations * hop_length."""
        inputs = self._acoustic_inputs(script.phone_ids, speaker_id, controls)
        mel, durations = self.acoustic.run([contract.MEL, contract.DURATIONS], inputs)
        where, n_frames = f"voice {self.manifest.name!r}", int(durations.sum())
        if n_frames == 0:
            raise InputError(where, "gave every phone a duration of 0 frames", "train its acoustic model for longer")
        (audio,) = self.vocoder.run([contract.AUDIO], {contract.MEL: mel})
        if audio.shape != (1, n_frames * self.manifest.hop_length) or not np.isfinite(audio).all():
            raise InputError(where, f"gave audio that is not finite or not {n_frames} frames long", "export it again")
        return audio[0].clip(-1.0, 1.0), durations[0]

    def _acoustic_inputs(
        self, phone_ids: Sequence[int], speaker_id: int, controls: Controls
    ) -> dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float32]]:
        shape = (1, len(phone_ids))
        inputs: dict[str, npt.NDArray[np.int64] | npt.NDArray[np.float32]] = {
            contract.PHONE_IDS: np.array([phone_ids], np.int64),
            contract.PHONE_LENGTHS: np.array([len(phone_ids)], np.int64),
            contract.DURATION_SCALE: np.full(shape, 1 / controls.speed, np.float32),
            contract.PITCH_SHIFT: np.full(shape, controls.pitch, np.float32),
            contract.ENERGY_SHIFT: np.full(shape, controls.energy, np.float32),
        }
        if len(self.manifest.speakers) > 1:
            inputs[contract.SPEAKER_IDS] = np.array([speaker_id], np.int64)
        return inputs
