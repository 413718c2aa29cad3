"""Teach the filters of a new source filter the envelopes that WORLD finds, before any discriminator joins.

    python -m tools.teach_envelopes FEATURES OUT --config voice.yaml

A network that begins at random and minimises distances of spectra finds gains that rise and fall within a period of
the F0. The envelopes of WORLD (CheapTrick, Morise 2015; D4C, Morise 2016) do not; they and their minimum phase are
smooth, so that plain regression learns them. Below ``CLEAR_HZ``, where voiced, less noise is taught than D4C finds,
which is heard as cleaner (``configs/voices/before.md`` has the figures). What hears the F0 learns beside.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
import pyworld
import torch
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm, trange

from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.models.generators import make_generator
from tts.models.saved import META_FILE, MODEL_FILE, CheckpointMeta
from tts.models.source_filter import SourceFilter

CLEAR_HZ, CLEAR_SHARE = 4000.0, 0.3
SILENT = -6.0  # log gain of pulses beside that of noise, where nothing is voiced
LOWEST_LOG = -13.0
FLOOR = 1e-3  # of aperiodicity
N_FRAMES, BATCH = 64, 16
RATE = 1e-3

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lesson:
    """One utterance. L = T * filters_per_frame, K = bins."""

    mel: Array  # (M, T)
    log_f0: Array  # (T,)
    log_gain: npt.NDArray[np.float16]  # (L, K)
    phase: npt.NDArray[np.float16]  # (L, K), radians
    log_noise_gain: npt.NDArray[np.float16]  # (L, K)
    voiced: Array  # (L,)


def minimum_phase(log_magnitude: Array) -> Array:
    """(L, K), natural log, to radians: the Hilbert transform by the cepstrum, as in Oppenheim and Schafer."""
    n = 2 * (log_magnitude.shape[1] - 1)
    fold = np.zeros(n)
    fold[[0, n // 2]], fold[1 : n // 2] = 1.0, 2.0
    phase: Array = np.fft.rfft(np.fft.irfft(log_magnitude, axis=1) * fold, axis=1).imag.astype(np.float32)
    return phase


def analyse(store: FeatureStore, row: Row, config: Config, generator: SourceFilter) -> Lesson:
    """What WORLD finds in an utterance."""
    rate, hop, per_frame = config.audio.sample_rate, config.audio.hop_length, generator.config.filters_per_frame
    log_f0, voiced = (np.array(store.read(row, name)) for name in ("log_f0", "voiced"))
    samples = store.read_audio(row).astype(np.float64)
    times = (np.arange(row.n_frames * per_frame) + 0.5) * (hop / per_frame / rate)
    frames = (np.arange(row.n_frames) + 0.5) * (hop / rate)
    heard = np.repeat(voiced, per_frame)
    f0 = np.where(heard, np.exp(np.interp(times, frames, log_f0)), 0.0)
    power = pyworld.cheaptrick(samples, f0, times, rate)
    noise_share = pyworld.d4c(samples, f0, times, rate)
    hertz = np.linspace(0, rate / 2, power.shape[1])
    noise_share[:, hertz < CLEAR_HZ] *= CLEAR_SHARE
    noise_share[~heard] = 1.0
    n_bins = generator.istft.n_channels // 2
    log_envelope = _resample(np.log(power + 1e-12) / 2, n_bins)
    share = _resample(noise_share, n_bins)
    pulses = np.where(heard[:, None], np.log(np.maximum(1 - share**2, FLOOR)) / 2, SILENT)
    return Lesson(
        mel=np.array(store.read_mel(row)),
        log_f0=log_f0,
        log_gain=(log_envelope + pulses).clip(LOWEST_LOG).astype(np.float16),
        phase=minimum_phase(log_envelope).astype(np.float16),
        log_noise_gain=(log_envelope + np.log(np.maximum(share, FLOOR))).clip(LOWEST_LOG).astype(np.float16),
        voiced=heard.astype(np.float32),
    )


def _resample(spectra: npt.NDArray[np.float64], n_bins: int) -> Array:
    """(L, K) to (L, n_bins), in straight lines."""
    place = np.linspace(0, spectra.shape[1] - 1, n_bins)
    low = np.minimum(place.astype(int), spectra.shape[1] - 2)
    share = (place - low).astype(np.float32)
    mixed: Array = (spectra[:, low] * (1 - share) + spectra[:, low + 1] * share).astype(np.float32)
    return mixed


def draw(lessons: list[Lesson], per_frame: int, random: np.random.Generator) -> list[Tensor]:
    """A batch of stretches: the fields of ``Lesson``, in order."""
    stretches = []
    for index in random.integers(len(lessons), size=BATCH):
        lesson = lessons[index]
        start = int(random.integers(lesson.mel.shape[1] - N_FRAMES + 1))
        frames, filters = slice(start, start + N_FRAMES), slice(start * per_frame, (start + N_FRAMES) * per_frame)
        fine = (lesson.log_gain, lesson.phase, lesson.log_noise_gain, lesson.voiced)
        stretches.append((lesson.mel[:, frames], lesson.log_f0[frames], *(each[filters] for each in fine)))
    return [torch.from_numpy(np.stack(column).astype(np.float32)) for column in zip(*stretches, strict=True)]


def distances(generator: SourceFilter, batch: list[Tensor]) -> dict[str, Tensor]:
    """Mean distances: of logs of gains, of phases where voiced, and the cross-entropy of the F0."""
    mel, log_f0, log_gain, phase, log_noise_gain, voiced = batch
    said = generator.filter(mel).unflatten(1, (generator.config.filters_per_frame, 3, -1))  # (B, F, 3, K, T)
    gain, shift, noise = said.permute(2, 0, 4, 1, 3).flatten(2, 3)  # each (B, T * F, K)
    return {
        "gain": (gain - log_gain).abs().mean(),
        "phase": ((shift - phase).abs().mean(2) * voiced).sum() / voiced.sum(),
        "noise": (noise - log_noise_gain).abs().mean(),
        "f0": generator.f0.cross_entropy(generator.f0(mel), log_f0).mean(),
    }


def teach(generator: SourceFilter, lessons: list[Lesson], held: list[Lesson], n_steps: int) -> None:
    device = next(generator.parameters()).device
    optimizer = torch.optim.AdamW(generator.parameters(), betas=(0.9, 0.99))
    random, per_frame = np.random.default_rng(1234), generator.config.filters_per_frame
    with trange(n_steps, unit="step", mininterval=5) as bar:
        for step in bar:
            optimizer.param_groups[0]["lr"] = RATE * min(1, step / 100) * (1 + math.cos(math.pi * step / n_steps)) / 2
            batch = [tensor.to(device) for tensor in draw(lessons, per_frame, random)]
            terms = distances(generator, batch)
            optimizer.zero_grad()
            torch.stack([terms["gain"], terms["phase"], terms["noise"], 0.2 * terms["f0"]]).sum().backward()
            optimizer.step()
            if (step + 1) % 200 == 0 or step + 1 == n_steps:
                with torch.no_grad():
                    draws = [draw(held, per_frame, np.random.default_rng(seed)) for seed in range(4)]
                    judged = [distances(generator, [tensor.to(device) for tensor in each]) for each in draws]
                means = {name: float(np.mean([each[name].item() for each in judged])) for name in judged[0]}
                bar.write(f"step {step + 1}: " + ", ".join(f"{name} {value:.4f}" for name, value in means.items()))


@click.command()
@click.argument("features", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--config", "recipes", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--utterances", "n_utterances", default=600, show_default=True, help="To learn from.")
@click.option("--steps", "n_steps", default=3000, show_default=True)
def main(features: Path, out: Path, recipes: tuple[Path, ...], n_utterances: int, n_steps: int) -> None:
    """Write the checkpoint OUT of a vocoder, which 'tts train vocoder --from OUT' goes on from."""
    config, store = load_config(recipes), FeatureStore(features)
    store.check_config(config)
    torch.manual_seed(config.training.vocoder.seed)
    generator = make_generator(config.vocoder.generator, config.audio)
    if not isinstance(generator, SourceFilter):
        raise InputError("vocoder.generator", "has no filters", "give kind: source_filter")
    rows = [row for row in store.split("train") if row.n_frames > N_FRAMES]
    chosen = np.random.default_rng(0).permutation(len(rows))[:n_utterances]
    lessons = [analyse(store, rows[i], config, generator) for i in tqdm(chosen, desc="WORLD", mininterval=5)]
    held = [analyse(store, row, config, generator) for row in store.split("validation")[:24] if row.n_frames > N_FRAMES]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    teach(generator.to(device), lessons, held, n_steps)
    out.mkdir(parents=True, exist_ok=True)
    weights = {f"generator.{name}": tensor.cpu().contiguous() for name, tensor in generator.state_dict().items()}
    save_file(weights, out / MODEL_FILE)
    meta = CheckpointMeta(task="vocoder", step=n_steps, config=config.model_dump(mode="json"), versions={})
    (out / META_FILE).write_text(meta.model_dump_json(indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
