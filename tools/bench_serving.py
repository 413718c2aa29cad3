"""A speech server under load: first audio and throughput at several numbers of clients, and a soak.

It starts ``tts serve`` itself, or asks the server at ``--url``. Every answer is compared with the first one to the same
text: what is spoken must not depend on the load.

    python tools/bench_serving.py --clients 1 8 32
    python tools/bench_serving.py --soak 10000
    python tools/bench_serving.py -- --engine ray --replicas 2       what stands behind -- goes to 'tts serve'
"""

import argparse
import asyncio
import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles

import httpx

from tts.runtime.bench import SENTENCES

RATE, SAMPLE_BYTES = 24_000, 2  # of pcm
ROUNDS = 4  # requests of each client, at least
REPORTS = 10  # lines of a soak
STARTING_S = 120


@dataclass
class Load:
    """What a number of clients heard."""

    first_audio_s: list[float] = field(default_factory=list)
    audio_s: float = 0.0
    refused: int = 0
    wrong: int = 0


class Bench:
    def __init__(self, url: str) -> None:
        self.url = url
        self._digests: dict[str, str] = {}

    async def run(self, clients: int, requests: int) -> tuple[Load, float]:
        """The load, and how many seconds it took."""
        load, numbers = Load(), iter(range(requests))
        limits = httpx.Limits(max_connections=clients)
        started = time.perf_counter()
        async with httpx.AsyncClient(base_url=self.url, limits=limits, timeout=600) as client:
            await asyncio.gather(*(self._visit(client, numbers, load) for _ in range(clients)))
        return load, time.perf_counter() - started

    async def _visit(self, client: httpx.AsyncClient, numbers: Iterator[int], load: Load) -> None:
        for number in numbers:
            text = SENTENCES[number % len(SENTENCES)]
            await self._ask(client, text, load)

    async def _ask(self, client: httpx.AsyncClient, text: str, load: Load) -> None:
        asked, first_s, digest = time.perf_counter(), 0.0, hashlib.sha256()
        fields = {"input": text, "response_format": "pcm"}
        async with client.stream("POST", "/v1/audio/speech", json=fields) as answer:
            if answer.status_code != 200:
                load.refused += 1
                return
            async for content in answer.aiter_bytes():
                first_s = first_s or time.perf_counter() - asked
                digest.update(content)
                load.audio_s += len(content) / SAMPLE_BYTES / RATE
        load.first_audio_s.append(first_s)
        load.wrong += digest.hexdigest() != self._digests.setdefault(text, digest.hexdigest())

    def memory_mb(self) -> float:
        text = httpx.get(f"{self.url}/metrics").text
        found = re.search(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE)
        return float(found[1]) / 1e6 if found else float("nan")


@contextmanager
def running_server(options: list[str]) -> Iterator[str]:
    """The address of a ``tts serve`` of its own."""
    command = [sys.executable, "-m", "tts.cli", "serve", "--port", "0", "--wyoming-port", "0", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    assert server.stdout
    try:
        lines = (server.stdout.readline() for _ in count())
        yield next(found[0] for line in lines if (found := re.search(r"http://[^/\s]+", line)))
    finally:
        server.terminate()
        server.wait()


def table(bench: Bench, clients: list[int]) -> None:
    print(f"{'clients':>8}{'requests':>10}{'first audio, ms':>24}{'audio s':>10}{'refused':>9}{'wrong':>7}{'MB':>7}")
    print(f"{'':18}{'p50':>12}{'p95':>12}{'per s':>10}")
    asyncio.run(bench.run(2, 2 * len(SENTENCES)))  # warm, and the right answers
    for number in clients:
        requests = max(ROUNDS * number, 2 * len(SENTENCES))
        load, seconds = asyncio.run(bench.run(number, requests))
        p95 = quantiles(load.first_audio_s, n=20)[-1]
        print(
            f"{number:8}{requests:10}{1000 * median(load.first_audio_s):12.0f}{1000 * p95:12.0f}"
            f"{load.audio_s / seconds:10.1f}{load.refused:9}{load.wrong:7}{bench.memory_mb():7.0f}",
            flush=True,
        )


def soak(bench: Bench, requests: int, clients: int) -> None:
    print(f"{'requests':>9}{'per s':>8}{'lost':>6}{'wrong':>7}{'MB':>7}")
    asyncio.run(bench.run(2, 2 * len(SENTENCES)))
    done = lost = wrong = 0
    for _ in range(REPORTS):
        load, seconds = asyncio.run(bench.run(clients, requests // REPORTS))
        done += len(load.first_audio_s)
        lost += load.refused
        wrong += load.wrong
        print(f"{done:9}{requests / REPORTS / seconds:8.1f}{lost:6}{wrong:7}{bench.memory_mb():7.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="of a server that runs already")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--soak", type=int, default=0, metavar="REQUESTS")
    parser.add_argument("options", nargs="*", help="of 'tts serve', behind --")
    asked = parser.parse_args()
    if asked.url:
        return measure(Bench(asked.url), asked)
    with running_server(asked.options) as url:
        measure(Bench(url), asked)


def measure(bench: Bench, asked: argparse.Namespace) -> None:
    if asked.soak:
        soak(bench, asked.soak, max(asked.clients))
    else:
        table(bench, asked.clients)


if __name__ == "__main__":
    main()
