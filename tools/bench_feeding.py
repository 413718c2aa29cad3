"""How often a training step finds its batch ready, where the step only sleeps, as a CPU does while a GPU computes.

    python -m tools.bench_feeding [FEATURES]

Batches are the published ones: 16 segments of 8,192 samples for a vocoder, 48 utterances for an acoustic model. Without
features it writes some of noise, as long as LJSpeech's. On a shared machine the scheduler makes steps wait
as well: *alone* is what they would wait if the thread that makes batches had a core, from the processor's time of each.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from preprocess.shards import Features, write_shard
from tts.config.features import MANIFEST_FILE, SHARDS_FOLDER, FeaturesManifest, Moments, SpeakerStatistics
from tts.config.root import Config
from tts.data.ahead import made_ahead
from tts.data.datasets import AcousticDataset, BatchSource, SegmentDataset
from tts.data.sampler import BucketSampler
from tts.data.store import FeatureStore
from tts.text.inventory import PhoneInventory

CONFIG = Config()
READY_S = 2e-3  # s: a batch that comes sooner was ready
SHORTEST, LONGEST = 100, 870  # frames, of LJSpeech
PER_SHARD, FRAMES_PER_PHONE = 256, 8
SPEAKER = "noise"
PHONES = PhoneInventory.build({f"P{index}" for index in range(40)}).phones


def write_features(folder: Path, n_utterances: int) -> None:
    rng = np.random.default_rng(0)
    (folder / SHARDS_FOLDER).mkdir(parents=True)
    for first in range(0, n_utterances, PER_SHARD):
        rows = [noise(f"{index:05d}", rng) for index in range(first, min(first + PER_SHARD, n_utterances))]
        write_shard(folder / SHARDS_FOLDER / f"{first // PER_SHARD:05d}.arrow", rows, SPEAKER, [])
    moments = Moments(mean=0.0, std=1.0, minimum=-4.0, maximum=4.0, count=1)
    levels = {"phone": moments, "frame": moments}
    manifest = FeaturesManifest(
        config={},
        phones=PHONES,
        speakers=(SPEAKER,),
        statistics={SPEAKER: SpeakerStatistics(pitch=levels, energy=levels)},
        n_train=n_utterances,
        n_validation=0,
        hours=1.0,
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(), encoding="utf-8")


def noise(name: str, rng: np.random.Generator) -> Features:
    n_phones = int(rng.integers(SHORTEST, LONGEST)) // FRAMES_PER_PHONE
    n_frames = n_phones * FRAMES_PER_PHONE
    frames, phones = rng.standard_normal((2, n_frames)), rng.standard_normal((2, n_phones))
    return Features(
        id=name,
        speaker=SPEAKER,
        split="train",
        text="noise",
        phones=rng.choice(PHONES[1:], n_phones).tolist(),
        durations=np.full(n_phones, FRAMES_PER_PHONE, dtype=np.int32),
        log_f0=frames[0].astype(np.float32),
        voiced=np.ones(n_frames, dtype=bool),
        energy=frames[1].astype(np.float32),
        phone_log_f0=phones[0].astype(np.float32),
        phone_energy=phones[1].astype(np.float32),
        mel=rng.standard_normal((CONFIG.audio.n_mels, n_frames), dtype=np.float32),
        audio=rng.integers(-3000, 3000, n_frames * CONFIG.audio.hop_length, dtype=np.int16),
    )


def batches(source: BatchSource, batch_size: int) -> Iterator[Callable[[], object]]:
    sampler = BucketSampler(source.lengths, batch_size, seed=0)
    epoch = 0
    while True:
        yield from (partial(source.batch, indices, epoch) for indices in sampler.batches(epoch))
        epoch += 1


def waits(jobs: Iterator[Callable[[], object]], n_ahead: int | None, steps: int, step_s: float) -> list[float]:
    """Seconds that each step waits for its batch. ``n_ahead`` None: made when asked for."""
    waited = []

    def train(ready: Iterator[object]) -> None:
        for _ in range(steps):
            asked = time.perf_counter()
            next(ready)
            waited.append(time.perf_counter() - asked)
            time.sleep(step_s)

    if n_ahead is None:
        train(job() for job in jobs)
    else:
        with made_ahead(jobs, n_ahead) as ready:
            next(ready)  # the first one no one can make ahead
            train(ready)
    return waited


def alone(seconds: Sequence[float], n_ahead: int, step_s: float) -> list[float]:
    """The waits of steps whose batches take ``seconds`` each to make, by a thread that nothing else delays."""
    finished, given, waited = [0.0] * len(seconds), [0.0] * len(seconds), []
    for index, needed in enumerate(seconds):
        ordered = given[index - n_ahead] if index >= n_ahead else 0.0
        finished[index] = max(finished[index - 1] if index else 0.0, ordered) + needed
        asked = given[index - 1] + step_s if index else finished[0]
        given[index] = max(asked, finished[index])
        waited.append(given[index] - asked)
    return waited[1:]  # the first one no one can make ahead


class Timed:
    """Jobs, and the processor's time that each of them took."""

    def __init__(self, jobs: Iterator[Callable[[], object]]) -> None:
        self.jobs, self.seconds = jobs, list[float]()

    def __iter__(self) -> Iterator[Callable[[], object]]:
        for job in self.jobs:
            yield partial(self.run, job)

    def run(self, job: Callable[[], object]) -> object:
        started = time.thread_time()
        result = job()
        self.seconds.append(time.thread_time() - started)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="?")
    parser.add_argument("--utterances", type=int, default=1500, help="of noise, where there are no features")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--step-s", type=float, default=0.03, help="s that a step sleeps")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        if not arguments.features:
            write_features(Path(made) / "features", arguments.utterances)
        store = FeatureStore(arguments.features or Path(made) / "features")
        training, hop = CONFIG.training, CONFIG.audio.hop_length
        n_frames = training.vocoder.segment_length // hop
        segments = SegmentDataset(store, "train", n_frames, hop, seed=0)
        sources: dict[str, tuple[BatchSource, int]] = {
            "vocoder": (segments, training.vocoder.batch_size),
            "acoustic": (AcousticDataset(store, "train", CONFIG.acoustic), training.acoustic.batch_size),
        }
        print(f"{'':<28}{'ready':>10}{'median wait':>14}{'longest':>10}{'made in':>12}{'ready alone':>14}")
        for name, (source, size) in sources.items():
            for way, n_ahead in (("when asked for", None), ("ahead", 4)):
                jobs = Timed(batches(source, size))
                waited = waits(iter(jobs), n_ahead, arguments.steps, arguments.step_s)
                undelayed = np.array(alone(jobs.seconds, n_ahead or 1, arguments.step_s)) < READY_S
                ready = np.mean(np.array(waited) < READY_S)
                times = f"{1000 * median(waited):>11.2f} ms{1000 * max(waited):>7.1f} ms"
                made = f"{1000 * median(jobs.seconds):>9.2f} ms" + (f"{undelayed.mean():>14.1%}" if n_ahead else "")
                print(f"{name + ' x ' + str(size) + ', ' + way:<28}{ready:>10.1%}{times}{made}")


if __name__ == "__main__":
    main()
