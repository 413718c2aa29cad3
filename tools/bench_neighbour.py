"""What a busy neighbour costs a training step: the same steps alone, and beside a program that keeps one core busy.

    python -m tools.bench_neighbour [--steps 60] [--rounds 5]

Each measurement is a process of its own, because OpenMP reads its settings when torch is loaded; they take turns. The
network is small, as one that is trained on a CPU: its threads meet often.
"""

import argparse
import os
import subprocess
import sys
import time
from statistics import median

WAYS = {
    "threads that spin": {},
    "linnet's default": {"OMP_WAIT_POLICY": "PASSIVE"},
    "spin for a moment": {"GOMP_SPINCOUNT": "3000"},
}
BUSY = "while True: pass"
MEASURE = "from tools.bench_neighbour import measure; measure({steps})"


def measure(steps: int) -> None:
    """Print the median seconds of a step of a small FastSpeech 2, on all cores."""
    import torch

    from tts.config.acoustic import AcousticConfig, FFTBlockConfig
    from tts.models.fft_block import FFTStack

    block = FFTBlockConfig(conv_channels=512, conv_kernels=(3, 1))
    stack = FFTStack(block, AcousticConfig(hidden=128).hidden)
    optimizer = torch.optim.Adam(stack.parameters())
    x, mask = torch.randn(4, 400, 128), torch.ones(4, 400, dtype=torch.bool)
    times = []
    for _ in range(steps):
        started = time.perf_counter()
        optimizer.zero_grad()
        stack(x, mask).square().mean().backward()
        optimizer.step()
        times.append(time.perf_counter() - started)
    print(median(times[len(times) // 5 :]))


def seconds(settings: dict[str, str], steps: int, busy: bool) -> float:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OMP_", "GOMP_"))} | settings
    neighbour = subprocess.Popen([sys.executable, "-c", BUSY], start_new_session=True) if busy else None
    try:
        command = [sys.executable, "-c", MEASURE.format(steps=steps)]
        return float(
            subprocess.run(command, env=environment, capture_output=True, check=True, start_new_session=True).stdout
        )
    finally:
        if neighbour:
            neighbour.kill()
            neighbour.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    times: dict[tuple[str, bool], list[float]] = {(way, busy): [] for way in WAYS for busy in (False, True)}
    for _ in range(arguments.rounds):
        for way, busy in times:
            times[way, busy].append(seconds(WAYS[way], arguments.steps, busy))
    print(f"{os.cpu_count()} cores\n{'':<20}{'alone':>12}{'with a neighbour':>18}{'times':>8}")
    for way in WAYS:
        quiet, shared = (1000 * median(times[way, busy]) for busy in (False, True))
        print(f"{way:<20}{quiet:>9.1f} ms{shared:>15.1f} ms{shared / quiet:>8.2f}")


if __name__ == "__main__":
    main()
