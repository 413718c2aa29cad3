"""The features of one utterance."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
import torch

from preprocess.corpus import Utterance, check_language
from preprocess.durations import speech_span, to_frames
from preprocess.energy import log_energy
from preprocess.pitch import interpolate_log_f0, phone_means
from preprocess.punctuation import pauses_behind, place_marks
from preprocess.recording import read_recording
from preprocess.shards import Features
from preprocess.textgrid import lay_out, read_textgrid
from preprocess.transcript import match_transcript
from tts.audio.f0 import extract_f0
from tts.audio.mel import LogMel
from tts.audio.wav import PCM_FULL_SCALE, to_pcm16
from tts.config.root import Config
from tts.errors import InputError


def process_utterance(utterance: Utterance, config: Config, log_mel: LogMel) -> Features:
    """All features of one utterance. Raises ``InputError`` saying which file cannot be used, and why."""
    if not utterance.text:
        raise InputError(utterance.id, "has no transcript")
    check_language(utterance, config.text.language)
    sample_rate, hop = config.audio.sample_rate, config.audio.hop_length
    alignment = read_textgrid(utterance.textgrid, utterance.speaker)
    words = [word.label for word in alignment.words]
    next_words = match_transcript(utterance.textgrid, words, utterance.text, config.text)
    audio = _load_audio(utterance.audio, sample_rate)
    phones, ends_s = lay_out(utterance.textgrid, alignment, len(audio) / sample_rate, hop / sample_rate)
    phones, ends_s = place_marks(
        phones, ends_s, alignment.words, pauses_behind(next_words, utterance.text, config.text.language)
    )

    start_s, end_s = speech_span(ends_s, config.preprocess.edge_silence_s)
    audio = audio[round(start_s * sample_rate) : round(end_s * sample_rate)]
    n_frames = len(audio) // hop
    if n_frames * hop < config.audio.n_fft:
        raise InputError(utterance.audio, f"is shorter than one window ({config.audio.n_fft} samples) of speech")
    pcm = to_pcm16(audio[: n_frames * hop])
    waveform = (pcm / PCM_FULL_SCALE).astype(np.float32)

    durations = to_frames((ends_s - start_s).clip(0.0), n_frames, sample_rate / hop)
    magnitude = log_mel.magnitude(torch.from_numpy(waveform)[None])
    energy = log_energy(magnitude[0].numpy())
    f0 = extract_f0(waveform, config.audio, config.preprocess.pitch)
    log_f0 = interpolate_log_f0(f0)
    features = Features(
        id=utterance.id,
        speaker=utterance.speaker,
        split=utterance.split,
        text=utterance.text,
        phones=phones,
        durations=durations,
        log_f0=log_f0,
        voiced=np.isfinite(f0),
        energy=energy,
        phone_log_f0=None if log_f0 is None else phone_means(log_f0, durations),
        phone_energy=phone_means(energy, durations),
        mel=log_mel.from_magnitude(magnitude)[0].numpy(),
        audio=pcm,
    )
    _check_finite(features, utterance.audio)
    return features


def _load_audio(path: Path, sample_rate: int) -> npt.NDArray[np.float32]:
    audio, recorded_rate = read_recording(path)
    if recorded_rate == sample_rate:
        return audio
    resampled: npt.NDArray[np.float32] = soxr.resample(audio, recorded_rate, sample_rate)
    return resampled


def _check_finite(features: Features, where: Path) -> None:
    for name in ("log_f0", "energy", "phone_log_f0", "phone_energy", "mel"):
        values = getattr(features, name)
        if values is not None and not np.isfinite(values).all():
            raise InputError(where, f"gives a {name} that is not finite")
