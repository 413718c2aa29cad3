"""How near each F0 method comes to speech whose F0 is known (known_f0.py), and what it costs.

    python -m tools.compare_f0 CORPUS [CORPUS ...]

off       of the frames that are voiced and found so, those more than 50 cents off
filled    of all voiced frames, those more than 50 cents off once gaps are interpolated, as features hold them
octave    as off, but more than 600 cents
voicing   of all frames, those wrongly taken for voiced or unvoiced; missed and invented are its two halves
cents     median distance
s/s       seconds of audio per second of one core
"""

import argparse
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import soxr
import swift_f0
from tqdm import tqdm

from preprocess.pitch import interpolate_log_f0
from tools.known_f0 import AGREE, FloatArray, Known, Method, cents, in_noise, make_known
from tts.audio.f0 import extract_f0
from tts.audio.wav import read_audio
from tts.config.audio import AudioConfig, PitchConfig

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")
    import pyworld

OCTAVE = 600.0  # cents: what is further off is nearer to another octave
SUFFIXES = (".flac", ".wav", ".ogg")


def offered(name: Literal["swift_f0", "dio", "harvest"]) -> Method:
    return lambda audio, config: extract_f0(audio, config, PitchConfig(method=name))


OFFERED: Mapping[str, Method] = {"swift_f0": offered("swift_f0"), "dio": offered("dio"), "harvest": offered("harvest")}


@cache
def detector() -> swift_f0.SwiftF0:
    return swift_f0.SwiftF0(threads=1)


def plain_swift(audio: npt.NDArray[np.float32], config: AudioConfig) -> npt.NDArray[np.float32]:
    """swift-f0 as its package offers it: at 16 kHz, its estimates 16 ms apart, interpolated."""
    limits = PitchConfig()
    samples = soxr.resample(audio, config.sample_rate, swift_f0.SAMPLE_RATE)
    found = detector().detect(samples, swift_f0.SAMPLE_RATE, limits.floor, limits.ceiling)
    times = (np.arange(len(audio) // config.hop_length) + 0.5) * config.hop_length / config.sample_rate
    f0 = np.exp(np.interp(times, found.timestamps, np.log(found.pitch_hz)))
    return np.where(np.interp(times, found.timestamps, found.confidence) >= 0.5, f0, np.nan).astype(np.float32)


def refined(method: Method) -> Method:
    """By WORLD's StoneMask."""

    def refine(audio: npt.NDArray[np.float32], config: AudioConfig) -> npt.NDArray[np.float32]:
        f0 = np.nan_to_num(method(audio, config)).astype(np.float64)
        samples = audio[config.hop_length // 2 :].astype(np.float64)
        times = np.arange(len(f0)) * config.hop_length / config.sample_rate
        f0 = pyworld.stonemask(samples, f0, times, config.sample_rate)
        return np.where(f0 > 0, f0, np.nan).astype(np.float32)

    return refine


METHODS: Mapping[str, Method] = OFFERED | {
    "swift_f0 at 16 kHz": plain_swift,
    "swift_f0 + StoneMask": refined(OFFERED["swift_f0"]),
}


class Score:
    """Errors of one method, frame by frame, over all it was given."""

    def __init__(self) -> None:
        self.both: list[FloatArray] = []  # cents where truth and method are voiced
        self.filled: list[FloatArray] = []  # cents of the interpolated F0 where truth is voiced: what features hold
        self.missed: list[npt.NDArray[np.bool_]] = []  # of the voiced frames
        self.invented: list[npt.NDArray[np.bool_]] = []  # of the others
        self.seconds = 0.0

    def add(self, found: FloatArray, truth: FloatArray, seconds: float) -> None:
        voiced, heard = np.isfinite(truth), np.isfinite(found)
        self.both.append(cents(found[voiced & heard], truth[voiced & heard]))
        log_f0 = interpolate_log_f0(found.astype(np.float32))
        if log_f0 is not None:
            self.filled.append(cents(np.exp(log_f0[voiced]), truth[voiced]))
        self.missed.append(~heard[voiced])
        self.invented.append(heard[~voiced])
        self.seconds += seconds

    def row(self, audio_s: float) -> list[float]:
        both, filled = np.concatenate(self.both), np.concatenate(self.filled)
        missed, invented = np.concatenate(self.missed), np.concatenate(self.invented)
        wrong = (missed.sum() + invented.sum()) / (len(missed) + len(invented))
        gross = [(both > AGREE).mean(), (filled > AGREE).mean(), (both > OCTAVE).mean()]
        shares = [*gross, wrong, missed.mean(), invented.mean()]
        return [*(100 * share for share in shares), float(np.median(both)), audio_s / self.seconds]


COLUMNS = ("off %", "filled %", "octave %", "voicing %", "missed %", "invented %", "cents", "s/s")


def compare(speech: Sequence[tuple[Known, AudioConfig]], methods: Mapping[str, Method]) -> dict[str, list[float]]:
    scores = {name: Score() for name in methods}
    for known, config in tqdm(speech, unit="clip", leave=False):
        for name, method in methods.items():
            started = time.process_time()
            found = method(known.audio, config)
            scores[name].add(found, known.f0, time.process_time() - started)
    audio_s = sum(len(known.audio) / config.sample_rate for known, config in speech)
    return {name: score.row(audio_s) for name, score in scores.items()}


def print_table(title: str, rows: Mapping[str, Sequence[float]]) -> None:
    print(f"\n{title:<22}" + "".join(f"{column:>11}" for column in COLUMNS))
    for name, row in rows.items():
        print(f"{name:<22}" + "".join(f"{value:>11.2f}" for value in row))


def recordings(folders: Sequence[Path], n_clips: int, seed: int) -> Iterator[Path]:
    """Some of each folder's, each time the same."""
    rng = np.random.default_rng(seed)
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
        yield from (paths[index] for index in sorted(rng.permutation(len(paths))[:n_clips]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+", help="folders of recordings, a speaker each")
    parser.add_argument("--clips", type=int, default=10, help="of each folder")
    parser.add_argument("--snr", type=float, nargs="+", default=[float("inf"), 20, 10], help="dB; inf is without noise")
    parser.add_argument(
        "--contour", nargs="+", default=list(OFFERED), choices=list(OFFERED), help="two methods or more"
    )
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    contour = [OFFERED[name] for name in arguments.contour]
    clean: list[tuple[Known, AudioConfig]] = []
    for path in tqdm(list(recordings(arguments.corpora, arguments.clips, arguments.seed)), unit="clip", leave=False):
        audio, rate = read_audio(path)
        config = AudioConfig(sample_rate=rate)
        if known := make_known(audio, config, contour, rng):
            clean.append((known, config))
    seconds = sum(len(known.audio) / config.sample_rate for known, config in clean)
    voiced = np.concatenate([np.isfinite(known.f0) for known, _ in clean])
    print(f"{len(clean)} clips, {seconds:.0f} s, {len(voiced):,} frames, {voiced.mean():.0%} of them voiced")
    for snr in arguments.snr:
        title = "no noise" if np.isinf(snr) else f"noise {snr:g} dB below"
        noisy = [(in_noise(known, snr, rng), config) for known, config in clean]
        print_table(title, compare(noisy, METHODS))


if __name__ == "__main__":
    main()
