"""Sentences of phones into audio, with the times of every word and phone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from tts.errors import InputError
from tts.onnx_runtime import onnxruntime
from tts.runtime import contract
from tts.runtime.contract import AcousticInputs
from tts.runtime.pauses import hold
from tts.runtime.script import Script
from tts.runtime.session import run
from tts.runtime.speech import Audio, AudioChunk, Mark, Span, Speech, WordSpan
from tts.text.sentences import Unread

CONTROL_RANGES = {"speed": (0.25, 4.0), "pitch": (-12.0, 12.0), "energy": (-20.0, 20.0), "variation": (0.0, 2.0)}
EDGE_FADE_S = 0.002  # s over which every sentence fades in and out: a voice that does not end in silence would click
FIRST_CHUNK, LATER_CHUNK, LARGEST_CHUNK = 16, 128, 512  # frames; of the opening sentence, the others, all
GROWTH = 4  # from one chunk to the next, which is ready in time if computing it takes a seventh of its length
WHOLE_CHUNK = 2048  # frames, longer than most sentences; memory is bounded where one holds a long pause

VOLUME_RAMP_S = 0.005  # s from one volume to another
SILENT_DB = -100.0  # of what markup silences


@dataclass(frozen=True)
class Controls:
    """How to speak. Raises ``InputError`` for values outside ``CONTROL_RANGES``."""

    speed: float = 1.0  # factor
    pitch: float = 0.0  # semitones
    energy: float = 0.0  # dB
    variation: float = 0.0  # standard deviations of the prosody from the likeliest
    seed: int = 0  # of the variation

    def __post_init__(self) -> None:
        for name, (low, high) in CONTROL_RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # nor is NaN
                raise InputError(name, f"{value:g} is not between {low:g} and {high:g}")
        if self.seed < 0:
            raise InputError("seed", f"{self.seed} is negative")


@dataclass(frozen=True)
class Score:
    """One sentence as the vocoder plays it."""

    script: Script
    mel: npt.NDArray[np.float32]  # (1, M, T)
    durations: npt.NDArray[np.int64]  # (P,) frames, sum = T
    f0: npt.NDArray[np.float64] | None = None  # (T,) Hz to speak at; None: as the vocoder hears it in the mel

    @property
    def n_frames(self) -> int:
        return int(self.mel.shape[2])


@dataclass(frozen=True)
class Synthesizer:
    """The two graphs of a voice, run one after the other. Holds no state: threads may share it."""

    manifest: contract.VoiceManifest
    acoustic: onnxruntime.InferenceSession
    vocoder: onnxruntime.InferenceSession

    def compose(self, scripts: Sequence[Script], speaker_id: int, controls: Controls) -> list[Score]:
        """A batch of sentences through the acoustic model: shorter ones are padded, which changes nothing for them.

        What markup asks of the pitch goes through the model, too, which sounds best but is neither exact nor confined
        to its words. Hence a vocoder that can be given an F0 gets the one of the sentence without markup, shifted, and
        the other words are those of that sentence.
        """
        scores = self._compose(scripts, speaker_id, controls)
        if self._takes(contract.GIVEN_F0):
            rows = [row for row, script in enumerate(scripts) if any(asked.pitch for asked in script.directions)]
            for row in rows:
                (plain,) = self._compose([_without_pitch(scripts[row])], speaker_id, controls)
                factor = _f0_factor(scores[row])
                mel = np.where(factor == 1, plain.mel, scores[row].mel)
                scores[row] = replace(scores[row], mel=mel, f0=self._heard_f0(plain) * factor)
        return scores

    def _compose(self, scripts: Sequence[Script], speaker_id: int, controls: Controls) -> list[Score]:
        inputs = self._acoustic_inputs(scripts, speaker_id, controls)
        feed = inputs.feed(len(self.manifest.speakers)) | self._prosody(inputs, controls)
        mel, durations = run(self.acoustic, [contract.MEL, contract.DURATIONS], feed)
        counts = [durations[row, :length] for row, length in enumerate(inputs.phone_lengths)]
        n_frames = [int(count.sum()) for count in counts]
        if not min(n_frames):
            fix = "train its acoustic model for longer"
            raise InputError(self._where, "gave every phone a duration of 0 frames", fix)
        if durations.min() < 0 or mel.shape != (len(scripts), self.manifest.n_mels, max(n_frames)):
            raise InputError(self._where, "gave a mel spectrogram that its durations do not fit", "export it again")
        return [
            Score(script, *hold(mel[row : row + 1, :, : n_frames[row]], counts[row], script.held))
            for row, script in enumerate(scripts)
        ]

    def play(self, scores: Iterable[Score], chunk_frames: Iterator[Iterator[int]]) -> Iterator[AudioChunk]:
        """The sentences one after the other, each in chunks of at most so many frames, spoken when asked for.

        The vocoder sees a chunk with the frames around it that its audio depends on: chunks of n frames cost
        1 + 2 * ``vocoder_context_frames`` / n times the work of the whole, and join to the same audio.
        """
        start = 0
        for score, sizes in zip(scores, chunk_frames, strict=False):
            first, phase = 0, 0.0
            while first < score.n_frames:
                after = min(first + next(sizes), score.n_frames)
                if score.n_frames - after <= self.manifest.vocoder_context_frames:
                    after = score.n_frames  # the vocoder is given all these frames anyway
                chunk, phase = self._play(score, start, first, after, phase)
                yield chunk
                first = after
            start += score.n_frames

    def _play(self, score: Score, start: int, first: int, after: int, phase: float) -> tuple[AudioChunk, float]:
        """Frames ``first`` to ``after`` of a sentence that begins with frame ``start`` of the text.

        ``phase``: of the vocoder at ``first``, in cycles; the one at ``after`` is returned.
        """
        hop, context = self.manifest.hop_length, self.manifest.vocoder_context_frames
        left, right = max(first - context, 0), min(after + context, score.n_frames)
        audio, phases = self._vocode(score, left, right, phase if left else 0.0)
        kept = audio[0, (first - left) * hop : (after - left) * hop]
        kept *= _edge_gain(first * hop, after * hop, score.n_frames * hop, EDGE_FADE_S * self.manifest.sample_rate)
        if score.script.directions:
            kept *= _volume(score, self.manifest, first * hop, after * hop)
        told = self._told(score, start) if first == 0 else ((), (), (), ())
        chunk = AudioChunk(kept.clip(-1.0, 1.0), self.manifest.sample_rate, *told)
        return chunk, float(phases[0, after - left]) if after < right else 0.0

    def _vocode(self, score: Score, left: int, right: int, phase: float) -> tuple[Audio, npt.NDArray[np.float64]]:
        """Audio (1, S) of frames ``left`` to ``right``, and the vocoder's phases (1, T); 0 where it counts none."""
        n_frames, hop = right - left, self.manifest.hop_length
        inputs: dict[str, npt.NDArray[Any]] = {contract.MEL: score.mel[:, :, left:right]}
        if score.f0 is not None:
            inputs[contract.GIVEN_F0] = score.f0[None, left:right]
        if self._takes(contract.PHASE):
            inputs |= {contract.FIRST_FRAME: np.array([left], np.int64), contract.PHASE: np.array([phase])}
            audio, phases = run(self.vocoder, [contract.AUDIO, contract.PHASES], inputs)
        else:
            (audio,), phases = run(self.vocoder, [contract.AUDIO], inputs), np.zeros((1, n_frames))
        whole = audio.shape == (1, n_frames * hop) and phases.shape == (1, n_frames)
        if not whole or not np.isfinite(audio).all() or not np.isfinite(phases).all():
            problem = f"gave audio that is not finite or not {n_frames} frames long"
            raise InputError(self._where, problem, "export it again")
        return audio, phases

    def _takes(self, name: str) -> bool:
        """Whether the vocoder has this optional input."""
        return any(given.name == name for given in self.vocoder.get_overridable_initializers())

    def _heard_f0(self, score: Score) -> npt.NDArray[np.float64]:
        """(T,) Hz"""
        (f0,) = run(self.vocoder, [contract.F0], {contract.MEL: score.mel}, whole=False)
        if f0.shape != (1, score.n_frames) or not np.isfinite(f0).all():
            raise InputError(self._where, "hears an F0 that is not finite or too short", "export it again")
        return np.asarray(f0[0], np.float64)

    def _told(
        self, score: Score, start: int
    ) -> tuple[tuple[WordSpan, ...], tuple[Span, ...], tuple[Mark, ...], tuple[Unread, ...]]:
        """Words, phones, marks, and what was left unread."""
        edges = start + np.concatenate(([0], np.cumsum(score.durations)))  # (P + 1,) frames
        times = [float(time) for time in edges * self.manifest.hop_length / self.manifest.sample_rate]
        words, marks = [], list[Mark]()
        for word, begins, ends in score.script.places:
            words.append(WordSpan(word.text, times[begins], times[ends], word.start, word.end, word.written))
            marks += [Mark(name, times[begins]) for name in word.direction.marks_before]
            marks += [Mark(name, times[ends]) for name in word.direction.marks_behind]
        phones = tuple(map(Span, score.script.phones, times[:-1], times[1:]))
        return tuple(words), phones, tuple(marks), score.script.unread

    def _acoustic_inputs(self, scripts: Sequence[Script], speaker_id: int, controls: Controls) -> AcousticInputs:
        inputs = AcousticInputs.of([script.phone_ids for script in scripts], [speaker_id] * len(scripts))
        inputs.duration_scale[:] = np.float32(1 / controls.speed)
        inputs.pitch_shift[:] = controls.pitch
        inputs.energy_shift[:] = controls.energy
        for number, script in enumerate(scripts):
            for phone, direction in enumerate(script.directions):
                inputs.duration_scale[number, phone] /= direction.rate
                inputs.pitch_shift[number, phone] += direction.pitch
        return inputs

    def _prosody(self, inputs: AcousticInputs, controls: Controls) -> dict[str, npt.NDArray[np.float32]]:
        """The input of that name, where there is something to vary. A sentence's depends on the seed and its phones."""
        if not controls.variation:
            return {}
        size = next((g.shape[2] for g in self.acoustic.get_overridable_initializers() if g.name == contract.PROSODY), 0)
        if not size:
            raise InputError(self._where, "says a sentence in one way only", "leave out the variation")
        drawn = np.zeros((*inputs.phone_ids.shape, size), np.float32)
        for row, phone_ids, length in zip(drawn, inputs.phone_ids, inputs.phone_lengths, strict=True):
            random = np.random.default_rng([controls.seed, *phone_ids[:length]])
            row[:length] = controls.variation * random.standard_normal((length, size))
        return {contract.PROSODY: drawn}

    @property
    def _where(self) -> str:
        return f"voice {self.manifest.name!r}"


def whole_sentences() -> Iterator[Iterator[int]]:
    """``chunk_frames`` that cut nothing but what is longer than ``WHOLE_CHUNK``."""
    return repeat(repeat(WHOLE_CHUNK))


def growing_chunks(*, opening: bool = True) -> Iterator[Iterator[int]]:
    """``chunk_frames`` of a stream: the first comes quickly, later ones cost less, each while the one before plays.

    A sentence is cut in the same way wherever it stands, but for the one that opens the text.
    """
    if opening:
        yield _growing(FIRST_CHUNK)
    while True:
        yield _growing(LATER_CHUNK)


def _growing(size: int) -> Iterator[int]:
    while True:
        yield size
        size = min(GROWTH * size, LARGEST_CHUNK)


def join(chunks: Iterable[AudioChunk]) -> Speech:
    """The whole of a stream. There must be at least one chunk."""
    parts = list(chunks)
    audio = np.concatenate([part.audio for part in parts])
    told = (
        tuple(told for part in parts for told in getattr(part, kind)) for kind in ("words", "phones", "marks", "unread")
    )
    return Speech(audio, parts[0].sample_rate, *told)


def _without_pitch(script: Script) -> Script:
    return replace(script, directions=tuple(replace(direction, pitch=0.0) for direction in script.directions))


def _f0_factor(score: Score) -> npt.NDArray[np.float64]:
    """(T,) What markup asks of the F0. From a word to its neighbours it changes within a frame."""
    semitones = np.repeat([direction.pitch for direction in score.script.directions], score.durations)
    return np.asarray(2 ** (semitones / 12), np.float64)


def _volume(score: Score, manifest: contract.VoiceManifest, first: int, after: int) -> Audio:
    """Gain of samples ``first`` to ``after`` of a sentence: what markup asks for, ramped at the edges of phones."""
    heard = score.durations > 0
    volumes_db = np.array([max(direction.volume, SILENT_DB) for direction in score.script.directions])[heard]
    edges = np.cumsum(score.durations[heard]) * manifest.hop_length  # where phones end
    changes = np.flatnonzero(np.diff(volumes_db))
    ramp = VOLUME_RAMP_S * manifest.sample_rate / 2
    places = [0, *(place for edge in edges[changes] for place in (edge - ramp, edge + ramp))]
    values = [volumes_db[0], *(volumes_db[place] for change in changes for place in (change, change + 1))]
    gain_db = np.interp(np.arange(first, after) + 0.5, places, values)
    return np.asarray(10 ** (gain_db / 20), np.float32)


def _edge_gain(first: int, after: int, n_samples: int, fade: float) -> npt.NDArray[np.float32]:
    """Of samples ``first`` to ``after`` in a sentence of ``n_samples``: 1, but rising and falling over ``fade``."""
    position = np.arange(first, after, dtype=np.float32) + np.float32(0.5)
    gain: npt.NDArray[np.float32] = (np.minimum(position, n_samples - position) / np.float32(fade)).clip(max=1)
    return gain
