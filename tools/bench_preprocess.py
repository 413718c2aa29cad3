"""Preprocessing against the usual script, in one run: speed per core, and where the time goes.

    python -m tools.bench_preprocess [--corpus LJSpeech-1.1] [--repetitions 5]

Without a corpus it measures on the demo's, made on the spot. Times are of the processor, so that other programs on the
machine weigh little, and both sides take turns. Both find F0 with DIO and StoneMask; compare_f0.py says what the other
methods cost.
"""

import argparse
import cProfile
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from pstats import Stats
from statistics import median

import numpy as np
import numpy.typing as npt
import pyworld
import soundfile
import soxr
import torch
import torch.nn.functional as F
from torch import Tensor

from preprocess.corpus import Utterance, read_corpus
from preprocess.textgrid import is_silence, read_textgrid
from preprocess.utterance import process_utterance
from tts.audio.mel import LogMel
from tts.audio.wav import read_audio
from tts.config.audio import AudioConfig, PitchConfig
from tts.config.corpus import PreprocessConfig
from tts.config.root import Config
from tts.demo.corpus import make_corpus

Array = npt.NDArray[np.float64]
CONFIG = Config(preprocess=PreprocessConfig(pitch=PitchConfig(method="dio")))
STAGES = {
    "read recording": ("read_audio",),
    "read TextGrid": ("read_textgrid",),
    "check transcript": ("check_transcript",),
    "F0": ("extract_f0", "dio_f0"),
    "mel, energy": ("magnitude", "from_magnitude", "log_energy", "convolution_mel"),
}


# The usual script: file by file, DIO and StoneMask at the full rate, the STFT as a convolution.


class ConvolutionSTFT:
    """Magnitudes by convolving with windowed sines and cosines, as in the scripts that came with Tacotron 2."""

    def __init__(self, config: AudioConfig) -> None:
        n = config.n_fft
        angles = 2 * math.pi * torch.outer(torch.arange(n // 2 + 1), torch.arange(n)) / n
        basis = torch.cat([angles.cos(), -angles.sin()]) * torch.hann_window(n)
        self.basis, self.hop, self.pad = basis[:, None], config.hop_length, n // 2
        self.filters = LogMel(config).filters

    def convolution_mel(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """audio: (S,). Log mel (M, T) and energy (T,)."""
        padded = F.pad(audio[None, None], (self.pad, self.pad), mode="reflect")
        real, imaginary = F.conv1d(padded, self.basis, stride=self.hop)[0].chunk(2)
        magnitude = torch.sqrt(real**2 + imaginary**2)
        return (self.filters @ magnitude).clamp(min=1e-5).log(), torch.norm(magnitude, dim=0)


def dio_f0(audio: npt.NDArray[np.float32], config: AudioConfig) -> Array:
    """Hz, 0 where unvoiced, at every hop from the first sample."""
    samples = audio.astype(np.float64)
    f0, times = pyworld.dio(samples, config.sample_rate, frame_period=config.hop_length / config.sample_rate * 1000)
    refined: Array = pyworld.stonemask(samples, f0, times, config.sample_rate)
    return refined


def usual_script(utterance: Utterance, stft: ConvolutionSTFT) -> None:
    config = CONFIG.audio
    intervals = read_textgrid(utterance.textgrid, utterance.speaker).phones
    while is_silence(intervals[0].label):
        intervals = intervals[1:]
    while is_silence(intervals[-1].label):
        intervals = intervals[:-1]
    frames = [round(edge * config.sample_rate / config.hop_length) for _, edge, _ in intervals]
    start = round(intervals[0].start_s * config.sample_rate / config.hop_length)
    durations = np.diff([start, *frames])
    audio, rate = read_audio(utterance.audio)
    if rate != config.sample_rate:
        audio = soxr.resample(audio, rate, config.sample_rate)
    audio = audio[round(intervals[0].start_s * config.sample_rate) : round(intervals[-1].end_s * config.sample_rate)]
    f0 = dio_f0(audio, config)[: durations.sum()]
    _, energy = stft.convolution_mel(torch.from_numpy(audio))
    voiced = np.flatnonzero(f0)
    f0 = np.interp(np.arange(len(f0)), voiced, f0[voiced])
    for values in (f0, energy.numpy()):
        position = 0
        for duration in durations:
            if duration:
                values[position : position + duration].mean()
            position += duration


# Speed


def compare_speed(name: str, utterances: Sequence[Utterance], repetitions: int) -> None:
    """Print seconds of audio per second of one core, both ways, and where the time goes."""
    stft, log_mel = ConvolutionSTFT(CONFIG.audio), LogMel(CONFIG.audio)
    audio_s = sum(soundfile.info(utterance.audio).duration for utterance in utterances)

    def usual() -> None:
        for utterance in utterances:
            usual_script(utterance, stft)

    def ours() -> None:
        for utterance in utterances:
            process_utterance(utterance, CONFIG, log_mel)

    usual(), ours()  # warm up
    taken = [(_seconds(usual), _seconds(ours)) for _ in range(repetitions)]
    ratios = sorted(theirs / own for theirs, own in taken)
    print(f"\n{name}: {len(utterances)} utterances, {audio_s:.0f} s of audio, {repetitions} turns")
    speeds = [audio_s / median(seconds) for seconds in zip(*taken, strict=True)]
    spread = f"{median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})"
    print(f"  seconds of audio per second of a core: {speeds[0]:.0f} and {speeds[1]:.0f}, ratio {spread}")
    columns = _stages(usual), _stages(ours)
    print(f"  {'ms per second of audio':<24}{'usual script':>14}{'ours':>10}")
    for stage in columns[0]:
        print(f"  {stage:<24}{columns[0][stage] / audio_s * 1000:>14.2f}{columns[1][stage] / audio_s * 1000:>10.2f}")


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _stages(work: Callable[[], None]) -> dict[str, float]:
    profile = cProfile.Profile(time.process_time)
    profile.runcall(work)
    stats = Stats(profile)
    spent = {name: 0.0 for name in STAGES}
    for (_, _, function), (_, _, _, cumulative, _) in stats.stats.items():  # type: ignore[attr-defined]
        for stage, functions in STAGES.items():
            spent[stage] += cumulative * (function in functions)
    return spent | {"all else": stats.total_tt - sum(spent.values())}  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="also measure on this one")
    parser.add_argument("--utterances", type=int, default=32, help="of each corpus")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        make_corpus(Path(folder) / "demo", options.utterances)
        for corpus in (Path(folder) / "demo", *options.corpus):
            found = read_corpus(corpus)
            utterances = found[:: -(-len(found) // options.utterances)]
            compare_speed(corpus.name, utterances, options.repetitions)


if __name__ == "__main__":
    main()
