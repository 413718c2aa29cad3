"""Generated audio beside recorded audio: everything that ``metrics`` measures, clip by clip."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from tts.audio.f0 import extract_f0
from tts.audio.mel import LogMel
from tts.config.audio import AudioConfig, PitchConfig
from tts.config.training import STFTLossConfig
from tts.evaluation import metrics
from tts.evaluation.metrics import FloatArray
from tts.evaluation.periodicity import periodicity
from tts.losses.spectral import MultiResolutionSTFT


@dataclass(frozen=True)
class Clip:
    """A sound, analysed."""

    audio: FloatArray  # (S,) in [-1, 1], S = T * hop_length
    mel: FloatArray  # (M, T)
    f0: FloatArray  # (T,) Hz, NaN where unvoiced
    periodicity: FloatArray  # (T,)


class Listener:
    """Analyses clips and compares them. All on the CPU, whatever trains."""

    def __init__(self, audio: AudioConfig, pitch: PitchConfig) -> None:
        self.audio, self.pitch = audio, pitch
        self.log_mel = LogMel(audio)
        self.stft = MultiResolutionSTFT(STFTLossConfig(), audio)  # for every model, whatever it was trained with

    @torch.no_grad()
    def mel(self, audio: FloatArray) -> FloatArray:
        """audio: (S,) float32 in [-1, 1], at least one window. Returns (M, T)."""
        mel: FloatArray = self.log_mel(torch.from_numpy(audio)[None])[0].numpy()
        return mel

    def analyse(self, audio: FloatArray) -> Clip:
        """audio: (S,) float32 in [-1, 1], whole frames, at least one window."""
        f0 = extract_f0(audio, self.audio, self.pitch)
        return Clip(audio, self.mel(audio), f0, periodicity(audio, self.audio, self.pitch))

    def compare(self, recorded: Clip, generated: Clip) -> dict[str, float]:
        """Every metric of audio by its name; NaN for those that cannot be measured. Both clips are equally long."""
        sounds = (recorded.audio, generated.audio)
        return {
            "mel_l1": metrics.mel_l1(recorded.mel, generated.mel),
            "stft_distance": self._stft_distance(*sounds),
            "mcd_db": metrics.mcd_db(metrics.mel_cepstra(recorded.mel), metrics.mel_cepstra(generated.mel)),
            "f0_rmse_cents": metrics.f0_rmse_cents(recorded.f0, generated.f0),
            "voicing_error_percent": metrics.voicing_error_percent(recorded.f0, generated.f0),
            "periodicity_rmse": metrics.rmse(recorded.periodicity, generated.periodicity),
            "snr_db": metrics.snr_db(*sounds),
            "amplitude_ratio": metrics.amplitude_ratio(*sounds),
            "pesq": metrics.pesq(*sounds, self.audio.sample_rate),
        }

    @torch.no_grad()
    def _stft_distance(self, recorded: FloatArray, generated: FloatArray) -> float:
        missing = max(0, self.stft.shortest - len(recorded))
        target, prediction = (F.pad(torch.from_numpy(audio)[None], (0, missing)) for audio in (recorded, generated))
        terms = self.stft(prediction, target)
        return float(terms["spectral_convergence"] + terms["log_magnitude"])
