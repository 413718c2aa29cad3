"""Memory and speed of preprocessing against the size of the corpus and the number of processes.

    python -m tools.bench_scale --sizes 2000 100000 --workers 1 2

A few clips of a second stand, as links, for any number of recordings; each run is of the real command, start and
statistics included. The table gives the largest memory that the command and any of its workers ever had. 100,000 clips
need 8 GB in the folder for temporary files while a run lasts.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from praatio import textgrid

from tts.config.features import MANIFEST_FILE, FeaturesManifest

SAMPLE_RATE = 22_050
CLIP_S = 1.0
N_CLIPS = 8
LINKS_PER_CLIP = 30_000  # file systems allow some 65,000 links to a file
POLL_S = 0.2


def make_corpus(folder: Path, n_utterances: int) -> None:
    """LJSpeech layout: "hello" as a tone between two silences, again and again."""
    for name in ("wavs", "TextGrid", "clips"):
        (folder / name).mkdir(parents=True)
    n_clips = max(N_CLIPS, -(-n_utterances // LINKS_PER_CLIP))
    for clip in range(n_clips):
        _make_clip(folder / "clips", clip)
    lines = []
    for index in range(n_utterances):
        id = f"u{index:06d}"
        os.link(folder / "clips" / f"{index % n_clips}.wav", folder / "wavs" / f"{id}.wav")
        os.link(folder / "clips" / f"{index % n_clips}.TextGrid", folder / "TextGrid" / f"{id}.TextGrid")
        lines.append(f"{id}|hello\n")
    (folder / "metadata.csv").write_text("".join(lines), encoding="utf-8")


def _make_clip(folder: Path, number: int) -> None:
    time_s = np.arange(round(CLIP_S * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * (110 + 20 * number) * k * time_s) / k for k in range(1, 9))
    audio = np.where(np.abs(time_s - CLIP_S / 2) < CLIP_S / 4, 0.2 * tone, 0.0)
    audio += 1e-3 * np.random.default_rng(number).standard_normal(len(time_s))
    soundfile.write(folder / f"{number}.wav", audio, SAMPLE_RATE)
    grid = textgrid.Textgrid()
    edges = np.linspace(CLIP_S / 4, 3 * CLIP_S / 4, 5).round(3)
    phones = [(start, end, phone) for start, end, phone in zip(edges, edges[1:], ("HH", "AH", "L", "OW"), strict=False)]
    for name, entries in (("words", [(edges[0], edges[-1], "hello")]), ("phones", phones)):
        grid.addTier(textgrid.IntervalTier(name, entries, 0, CLIP_S))
    grid.save(str(folder / f"{number}.TextGrid"), format="short_textgrid", includeBlankSpaces=True)


def preprocess(corpus: Path, features: Path, n_workers: int) -> tuple[float, int, int]:
    """Seconds, and the peak memory in MB of the command and of its largest worker."""
    tts = [sys.executable, "-c", "from tts.cli import main; main()"]
    command = [*tts, "preprocess", str(corpus), str(features), "--workers", str(n_workers)]
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        own = largest = 0
        while process.poll() is None:
            own = max(own, _peak_mb(process.pid))
            largest = max([largest, *(_peak_mb(child) for child in _children(process.pid))])
            time.sleep(POLL_S)
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            sys.exit(said.read().decode().rsplit("\r", 1)[-1])
    return seconds, own, largest


def check_complete(features: Path, n_utterances: int) -> None:
    manifest = FeaturesManifest.model_validate_json((features / MANIFEST_FILE).read_text(encoding="utf-8"))
    if manifest.n_train + manifest.n_validation != n_utterances:
        sys.exit(f"{features} holds {manifest.n_train + manifest.n_validation} utterances, not {n_utterances}")


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _peak_mb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 20_000], help="utterances")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="processes")
    options = parser.parse_args()
    print(f"{'utterances':>10}{'workers':>9}{'seconds':>9}{'audio s/s':>11}{'command MB':>12}{'worker MB':>11}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as name:
            corpus, features = Path(name) / "corpus", Path(name) / "features"
            make_corpus(corpus, size)
            for n_workers in options.workers:
                seconds, own, largest = preprocess(corpus, features, n_workers)
                check_complete(features, size)
                shutil.rmtree(features)
                speed = f"{seconds:>9.0f}{size * CLIP_S / seconds:>11.0f}"
                print(f"{size:>10}{n_workers:>9}{speed}{own:>12}{largest:>11}", flush=True)


if __name__ == "__main__":
    main()
