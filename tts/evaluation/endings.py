"""How a voice ends the same words as a statement, a question and an exclamation."""

from collections.abc import Mapping
from math import isnan, nan
from pathlib import Path

import numpy as np
from tqdm import tqdm

from tts.audio.f0 import extract_f0
from tts.config.audio import AudioConfig, PitchConfig
from tts.evaluation.metrics import SEMITONES, FloatArray
from tts.evaluation.report import Report
from tts.runtime.speech import Speech
from tts.runtime.voice import Voice

# Only the mark at the end says whether these are statements or yes-or-no questions, so only the melody can.
SENTENCES = (
    "You are coming home tonight",
    "He left the key under the mat",
    "They have never been to Paris",
    "She wrote that letter herself",
    "The train leaves at seven",
    "We can still get tickets",
    "That was your brother",
    "It is going to rain again",
    "You want another cup of coffee",
    "The doctor will see me now",
    "He sold his car last week",
    "This road goes to the river",
    "You heard the news already",
    "They moved to a bigger house",
    "She speaks four languages",
    "Everybody knows about it",
    "The museum is closed on Monday",
    "You forgot to lock the door",
    "He can play the violin",
    "The children are asleep",
)
ENDS = {"statement": ".", "question": "?", "exclamation": "!"}
END_S = 0.15  # s of voiced speech by which the end is judged
RISE = 1.0  # semitones by which a question has to end higher than its statement
PITCH = PitchConfig(floor=50.0)  # creaky ends of low voices lie below that of corpora


def evaluate_endings(path: Path | str, speaker: str | None = None) -> Report:
    """``path``: a voice folder, or a voice of the package by name. Raises ``InputError`` for an unknown speaker."""
    voice = Voice.load(path)
    clips = {}
    for sentence in tqdm(SENTENCES, unit="sentence", desc="evaluating", leave=False):
        clips[sentence] = compare({k: ending(voice.synthesize(sentence + m, speaker=speaker)) for k, m in ENDS.items()})
    return Report(f"{path} ({speaker or voice.manifest.default_speaker})", "the package", clips, unit="sentences")


def compare(ends: Mapping[str, float]) -> dict[str, float]:
    """How each of ``ENDS`` ends, in semitones, and whether the question rises; NaN for what is not voiced."""
    rise = ends["question"] - ends["statement"]
    scores = {f"{kind}/end_semitones": semitones for kind, semitones in ends.items()}
    return {**scores, "question/rises": nan if isnan(rise) else float(rise >= RISE)}


def ending(speech: Speech) -> float:
    audio = AudioConfig(sample_rate=speech.sample_rate, fmax=speech.sample_rate / 2)
    whole = speech.audio[: len(speech.audio) // audio.hop_length * audio.hop_length]
    return end_semitones(extract_f0(whole, audio, PITCH), audio.hop_length / audio.sample_rate)


def end_semitones(f0: FloatArray, frame_s: float) -> float:
    """Mean of the last voiced frames of ``f0`` (T,) in Hz, NaN where unvoiced, above the median of all of them."""
    semitones = SEMITONES * np.log(f0[np.isfinite(f0)])
    if not len(semitones):
        return nan
    return float(semitones[-max(1, round(END_S / frame_s)) :].mean() - np.median(semitones))
