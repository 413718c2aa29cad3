"""What a busy neighbour costs training and synthesis on two cores: the same work alone, and beside a program that keeps
one of the cores busy.

    python -m tools.bench_neighbour [--rounds 5] [--steps 3]

Every way to wait has a process of its own, because OpenMP reads its settings when torch is loaded. All of them take
turns in short bursts, with the neighbour asleep and awake. Whoever has no turn is stopped, because threads that spin do
so between bursts too. The median burst of each counts. Training is an acoustic step of ``configs/small.yaml`` on noise,
synthesis the voice that ships.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CORES = {0, 1}
WAYS = {  # what is done, and how its threads wait
    "training, threads that spin": ("train", {"OMP_WAIT_POLICY": "ACTIVE"}),
    "training, linnet's default": ("train", {"OMP_WAIT_POLICY": "PASSIVE"}),
    "synthesis, threads that spin": ("speak", {"SPIN": "1"}),
    "synthesis, linnet's default": ("speak", {"SPIN": "0"}),
}
BUSY = "while True: pass"


def train() -> Callable[[], object]:
    from tools.bench_feeding import write_features
    from tts.config.loader import load_config
    from tts.data.datasets import AcousticDataset
    from tts.data.sampler import BucketSampler
    from tts.data.store import FeatureStore
    from tts.training.acoustic_task import AcousticTask
    from tts.training.loop import make_fabric
    from tts.training.tracker import LossTracker

    config = load_config([Path("configs/small.yaml")], ["training.acoustic.accelerator=cpu"])
    with tempfile.TemporaryDirectory() as folder:
        write_features(Path(folder) / "features", 32)
        store = FeatureStore(Path(folder) / "features")
        dataset = AcousticDataset(store, "train", config.acoustic)
        task = AcousticTask(make_fabric(config.training.acoustic), config, store, dataset)
        sampler = BucketSampler(dataset.lengths, config.training.acoustic.batch_size, seed=0)
        batch = dataset.batch(sampler.batches(0)[0])

    def step() -> None:
        tracker = LossTracker(0, 1)
        tracker.begin(0, config.training.acoustic.learning_rate)
        task.train_step(batch, 0, tracker)

    return step


def speak() -> Callable[[], object]:
    import onnxruntime

    from tts.runtime import session
    from tts.runtime.session import Hardware
    from tts.runtime.voice import Voice

    class Spinning(onnxruntime.SessionOptions):  # type: ignore[misc]
        def add_session_config_entry(self, name: str, value: str) -> None:
            super().add_session_config_entry(name, "1" if name.endswith("allow_spinning") else value)

    if os.environ["SPIN"] == "1":
        session.onnxruntime.SessionOptions = Spinning  # type: ignore[attr-defined]
    voice = Voice.load("linnet", Hardware(threads=len(CORES)))
    return lambda: voice.synthesize("A busy neighbour costs little.")


def bursts(work: str, steps: int) -> None:
    """For each line that comes in, a burst; its seconds per step go out."""
    step = {"train": train, "speak": speak}[work]()
    for _ in range(3):
        step()
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        for _ in range(steps):
            step()
        print((time.perf_counter() - started) / steps, flush=True)


def start(code: str, settings: dict[str, str]) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OMP_", "GOMP_"))} | settings
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, env=environment, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def burst(process: subprocess.Popen[str]) -> float:
    assert process.stdin and process.stdout
    process.send_signal(signal.SIGCONT)
    process.stdin.write("\n")
    process.stdin.flush()
    seconds = float(process.stdout.readline())
    process.send_signal(signal.SIGSTOP)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3, help="of a burst")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, CORES)  # processes started here inherit it
    neighbour = start(BUSY, {})
    neighbour.send_signal(signal.SIGSTOP)
    code = "from tools.bench_neighbour import bursts; bursts({!r}, {})"
    processes = {way: start(code.format(work, arguments.steps), settings) for way, (work, settings) in WAYS.items()}
    seconds: dict[tuple[str, bool], list[float]] = {(way, busy): [] for way in WAYS for busy in (False, True)}
    try:
        for process in processes.values():
            assert process.stdout and process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGSTOP)
        for _ in range(arguments.rounds):
            for way, busy in seconds:
                neighbour.send_signal(signal.SIGCONT if busy else signal.SIGSTOP)
                seconds[way, busy].append(burst(processes[way]))
    finally:
        for process in (neighbour, *processes.values()):
            process.kill()
            process.wait()
    print(f"{'':<30}{'alone':>12}{'with a neighbour':>18}{'times':>8}")
    for way in WAYS:
        quiet, shared = (1000 * statistics.median(seconds[way, busy]) for busy in (False, True))
        print(f"{way:<30}{quiet:>9.1f} ms{shared:>15.1f} ms{shared / quiet:>8.2f}")


if __name__ == "__main__":
    main()
