"""Preprocessing against the usual script, in one run: speed per core, where the time goes, F0 against known truth.

    python -m tools.bench_preprocess [--corpus LJSpeech-1.1] [--repetitions 5]

Without a corpus it measures on the demo's, made on the spot. Times are of the processor, so that other programs on the
machine weigh little, and both sides take turns. F0 is judged where it is known: on harmonic glides in noise, and on
the recordings spoken again by WORLD with a given F0.
"""

import argparse
import cProfile
import math
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
from preprocess.pipeline import process_utterance
from preprocess.textgrid import is_silence, read_textgrid
from tts.audio.f0 import extract_f0
from tts.audio.mel import LogMel
from tts.audio.wav import read_audio
from tts.config.audio import AudioConfig
from tts.config.root import Config
from tts.demo.corpus import make_corpus

Array = npt.NDArray[np.float64]
CONFIG = Config()
GROSS = 0.2  # a voiced frame is grossly wrong when its F0 is off by more than this share
GLIDES_HZ = ((75, 120), (80, 200), (160, 400), (300, 700))
NOISE_DB = (40, 20, 10, 5)  # signal to noise
N_GLIDES, GLIDE_S = 8, 3.0  # of each kind
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


# F0 against known truth


@dataclass(frozen=True)
class Known:
    """Audio whose F0 is known, at the centres of the frames."""

    audio: npt.NDArray[np.float32]  # (T * hop_length,)
    f0: Array  # (T,) Hz
    voiced: npt.NDArray[np.bool_]  # (T,)


def glide(low_hz: float, high_hz: float, noise_db: float, rng: np.random.Generator) -> Known:
    """Harmonics over vowel-like resonances, F0 wandering smoothly, voice coming and going, white noise."""
    rate, hop = CONFIG.audio.sample_rate, CONFIG.audio.hop_length
    n_frames = int(GLIDE_S * rate) // hop
    time_s = np.arange(n_frames * hop) / rate
    knots_s = np.arange(0, GLIDE_S + 0.5, 0.25)
    knots = np.convolve(
        np.pad(rng.uniform(np.log(low_hz), np.log(high_hz), len(knots_s)), 1, "edge"), [0.25, 0.5, 0.25]
    )
    log_f0 = _smooth(time_s, knots_s, knots[2:-2])
    phase = 2 * np.pi * np.cumsum(np.exp(log_f0)) / rate
    wave = np.zeros(len(time_s))
    for harmonic in range(1, int(8000 / high_hz) + 1):
        hz = harmonic * np.exp(log_f0)
        resonance = 1 + 3 * np.exp(-(((hz - 600) / 200) ** 2)) + 2 * np.exp(-(((hz - 1500) / 300) ** 2))
        wave += resonance / harmonic * np.sin(harmonic * phase + rng.uniform(0, 2 * np.pi))
    lengths = rng.uniform(*np.array([[0.08, 0.3], [0.25, 1.0]]).T, (40, 2)).ravel()  # s, of silence and voice in turn
    on = np.searchsorted(lengths.cumsum(), time_s) % 2 == 1
    fade = np.hanning(round(0.02 * rate))
    wave *= np.convolve(on, fade / fade.sum(), "same") / wave.std()
    wave += 10 ** (-noise_db / 20) * rng.standard_normal(len(wave))
    centres = np.arange(n_frames) * hop + hop // 2
    return Known((0.1 * wave).astype(np.float32), np.exp(log_f0[centres]), on[centres])


def spoken_again(path: Path, rng: np.random.Generator) -> Known | None:
    """A recording with its F0 moved by up to a third of an octave, through WORLD; None where nothing is voiced.

    Where it is voiced is what DIO at the full rate, hence the usual script, finds in the original.
    """
    rate, hop = CONFIG.audio.sample_rate, CONFIG.audio.hop_length
    audio, recorded_rate = read_audio(path)
    samples = soxr.resample(audio, recorded_rate, rate)[: 4 * rate].astype(np.float64)
    f0, times = pyworld.dio(samples, rate)
    f0 = pyworld.stonemask(samples, f0, times, rate)
    if not f0.any():
        return None
    spectrum, aperiodicity = pyworld.cheaptrick(samples, f0, times, rate), pyworld.d4c(samples, f0, times, rate)
    f0 = f0 * 2 ** rng.uniform(-1 / 3, 1 / 3)
    wave = pyworld.synthesize(f0, spectrum, aperiodicity, rate)
    n_frames = len(wave) // hop
    centres_s = (np.arange(n_frames) + 0.5) * hop / rate
    nearest = np.abs(times[:, None] - centres_s).argmin(axis=0)
    truth = np.interp(centres_s, times[f0 > 0], f0[f0 > 0])
    return Known(wave[: n_frames * hop].astype(np.float32), truth, f0[nearest] > 0)


def compare_f0(name: str, known: Sequence[Known]) -> None:
    """Print errors of both ways. Both are asked for the centres of the same frames."""
    hop = CONFIG.audio.hop_length
    ways = {
        "usual script": lambda audio: dio_f0(audio[hop // 2 :], CONFIG.audio),
        "ours": lambda audio: np.nan_to_num(extract_f0(audio, CONFIG.audio, CONFIG.preprocess.pitch)),
    }
    print(f"\nF0, {name}: {len(known)} clips, {sum(len(entry.f0) for entry in known)} frames")
    print(f"  {'':<14}{'voicing wrong':>14}{'gross errors':>14}{'median':>14}{'mean':>14}{'95 %':>14}")
    for way, measure in ways.items():
        voicing, gross, cents = zip(*(_errors(measure(entry.audio), entry) for entry in known), strict=True)
        fine = np.concatenate([c[~g] for c, g in zip(cents, gross, strict=True)])
        shares = f"{_percent(voicing):>12.2f} %{_percent(gross):>12.2f} %"
        figures = (np.median(fine), fine.mean(), np.percentile(fine, 95))
        print(f"  {way:<14}{shares}" + "".join(f"{figure:>8.2f} cents" for figure in figures))


def _errors(f0: Array, known: Known) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Array]:
    """Which frames are voiced or not by mistake (T,); of those rightly voiced, which are far off, and by what."""
    found = f0 > 0
    both = found & known.voiced
    ratio = f0[both] / known.f0[both]
    return found != known.voiced, np.abs(ratio - 1) > GROSS, np.abs(1200 * np.log2(ratio))


def _percent(flags: Iterable[npt.NDArray[np.bool_]]) -> float:
    return 100 * float(np.concatenate(list(flags)).mean())


def _smooth(at: Array, knots_at: Array, knots: Array) -> Array:
    """Half a cosine from knot to knot."""
    place = np.interp(at, knots_at, np.arange(len(knots_at)))
    left = np.minimum(place.astype(int), len(knots) - 2)
    weight = (1 - np.cos(np.pi * (place - left))) / 2
    mixed: Array = knots[left] * (1 - weight) + knots[left + 1] * weight
    return mixed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="also measure on this one")
    parser.add_argument("--utterances", type=int, default=32, help="of each corpus")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    kinds = [(low, high, noise) for low, high in GLIDES_HZ for noise in NOISE_DB for _ in range(N_GLIDES)]
    compare_f0("glides", [glide(*kind, rng) for kind in kinds])
    with tempfile.TemporaryDirectory() as folder:
        make_corpus(Path(folder) / "demo", options.utterances)
        for corpus in (Path(folder) / "demo", *options.corpus):
            found = read_corpus(corpus)
            utterances = found[:: -(-len(found) // options.utterances)]
            again = (spoken_again(utterance.audio, rng) for utterance in utterances)
            compare_f0(f"{corpus.name} spoken again", [entry for entry in again if entry])
            compare_speed(corpus.name, utterances, options.repetitions)


if __name__ == "__main__":
    main()
