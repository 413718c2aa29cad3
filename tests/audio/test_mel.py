import math

import numpy as np
import pytest
import torch

from tts.audio.griffin_lim import griffin_lim
from tts.audio.mel import LogMel
from tts.config.audio import AudioConfig


def slaney_hz_to_mel(hz: np.ndarray) -> np.ndarray:
    linear = 3.0 * hz / 200.0
    return np.where(hz < 1000.0, linear, 15.0 + np.log(np.maximum(hz, 1000.0) / 1000.0) * 27.0 / np.log(6.4))


def slaney_mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15.0, 200.0 * mel / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))


def reference(audio: np.ndarray, config: AudioConfig) -> np.ndarray:
    """The published definition, frame by frame in float64 NumPy."""
    pad = (config.n_fft - config.hop_length) // 2
    padded = np.pad(audio.astype(np.float64), pad, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(config.win_length) / config.win_length)
    left = (config.n_fft - config.win_length) // 2
    window = np.pad(window, (left, config.n_fft - config.win_length - left))
    starts = range(0, len(padded) - config.n_fft + 1, config.hop_length)
    spectra = np.array([np.fft.rfft(padded[s : s + config.n_fft] * window) for s in starts]).T
    magnitude = np.sqrt(np.abs(spectra) ** 2 + 1e-9)

    edges = slaney_mel_to_hz(np.linspace(*slaney_hz_to_mel(np.array([config.fmin, config.fmax])), config.n_mels + 2))
    freqs = np.linspace(0, config.sample_rate / 2, config.n_fft // 2 + 1)
    rising = (freqs - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - freqs) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return np.log(np.maximum(filters @ magnitude, 1e-5))


CONFIGS = [
    AudioConfig(),
    AudioConfig(sample_rate=16_000, n_fft=512, win_length=400, hop_length=160, n_mels=40, fmin=50, fmax=7600),
    AudioConfig(sample_rate=48_000, n_fft=2048, win_length=2048, hop_length=512, n_mels=100, fmax=24_000),
]


@pytest.mark.parametrize("config", CONFIGS)
def test_equals_the_published_definition(config: AudioConfig) -> None:
    rng = np.random.default_rng(0)
    audio = (0.3 * rng.standard_normal(20 * config.hop_length + 17)).clip(-1, 1).astype(np.float32)
    mel = LogMel(config)(torch.from_numpy(audio)[None])[0].numpy()
    assert mel.shape == (config.n_mels, len(audio) // config.hop_length)
    np.testing.assert_allclose(mel, reference(audio, config), atol=2e-4)


def test_digital_silence_is_the_floor() -> None:
    mel = LogMel(AudioConfig())(torch.zeros(1, 2560))
    assert mel.unique().tolist() == pytest.approx([math.log(1e-5)])


def test_griffin_lim_gives_back_the_length_and_the_pitch() -> None:
    config = AudioConfig()
    log_mel = LogMel(config)
    tone = 0.5 * torch.sin(2 * math.pi * 440.0 * torch.arange(64 * config.hop_length) / config.sample_rate)
    audio = griffin_lim(log_mel(tone[None]), log_mel)
    assert audio.shape == (1, len(tone))
    peak_hz = torch.fft.rfft(audio[0]).abs().argmax().item() * config.sample_rate / len(tone)
    assert peak_hz == pytest.approx(440.0, rel=0.05)
