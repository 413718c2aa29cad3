"""Ours beside other small voices, measured in one run: quality, intelligibility, speed, first audio, memory, size.

    python -m tools.compare_voices --text metadata.csv --recordings wavs --judges JUDGES -o docs/comparison.md

What each system needs is in ``tools/small_voices.py``; one that is not installed is left out, and the report says so.
Each system speaks in processes of its own, one for each number of threads. Quality is judged by a script ``judge.py``
in JUDGES (by default the folder ``judge`` in the one that LINNET_DATA names). It knows DNSMOS, Distill-MOS and Whisper,
as far as their packages are installed; without one, the table has no quality. The tables take the place of what stands
between the two marks in the report, so what is written around them stays.
"""

import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
import soundfile

from tools.small_voices import SYSTEMS

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
THREADS = (1, 2)


@dataclass(frozen=True)
class Speed:
    """Of one system with one number of threads."""

    version: str
    megabytes: float
    load_s: float
    cpu_per_s: float  # seconds of processors per second of audio
    wall_per_s: float  # seconds of the clock per second of audio
    first_audio_s: float  # seconds of processors to the first chunk of a sentence, median
    memory_mb: float  # at its peak


def measure(name: str, threads: int, texts: Mapping[str, str], folder: Path) -> Speed:
    """Speaks all texts into ``folder``."""
    start = time.perf_counter()
    speaker = SYSTEMS[name].load(threads)
    load_s = time.perf_counter() - start
    write = speaker.write or speaker.speak
    list(write(next(iter(texts.values()))))  # to warm up
    cpu, wall, first, seconds = 0.0, 0.0, [], 0.0
    for key, text in texts.items():
        cpu_start = _processors_s()
        next(speaker.speak(text))
        first.append(_processors_s() - cpu_start)
        cpu_start, wall_start = _processors_s(), time.perf_counter()
        chunks, (rate, *_) = zip(*write(text), strict=True)
        cpu += _processors_s() - cpu_start
        wall += time.perf_counter() - wall_start
        speech = np.concatenate(chunks)
        seconds += len(speech) / rate
        soundfile.write(folder / f"{key}.wav", speech, rate, subtype="PCM_16")
    return Speed(
        speaker.version, speaker.megabytes, load_s, cpu / seconds, wall / seconds, median(first), _peak_memory_mb()
    )


def _processors_s() -> float:
    """Of this process and the programs it has run."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak_memory_mb() -> float:
    """Of this process, or of the largest program it has run where it only runs them."""
    ran = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (ran or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024 / 1e6


def measure_elsewhere(name: str, threads: int, text: Path, folder: Path) -> Speed:
    """In a process of its own, so that memory and threads are its alone."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tools.compare_voices", "--text", text, "--measure", name, folder]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "COMPARE_THREADS": str(threads)}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise click.ClickException(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    return Speed(**json.loads(done.stdout.splitlines()[-1]))


def judge(folders: Mapping[str, Path], texts: Mapping[str, str], judges: Path | None) -> dict[str, dict[str, float]]:
    """Quality by folder; empty without judges."""
    if not judges or not (judges / "judge.py").is_file():
        return {}
    spec = importlib.util.spec_from_file_location("judge", judges / "judge.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ears = module.DNSMOS(), module.distill_mos(), module.whisper()
    found = {}
    for name, folder in folders.items():
        click.echo(f"judging {name}", err=True)
        found[name] = module.judge(folder, dict(texts), None, ears)
    return found


def report(
    texts: Mapping[str, str],
    speeds: Mapping[str, Sequence[Speed]],
    quality: Mapping[str, Mapping[str, float]],
    left_out: Sequence[str],
) -> list[str]:
    lines = [f"{len(texts)} sentences, {time.strftime('%Y-%m-%d')}. {machine()}.", ""]
    lines += [*quality_table(quality), ""] if quality else []
    lines += speed_table(speeds)
    return lines + (["", f"Not measured here: {', '.join(left_out)}."] if left_out else [])


def quality_table(quality: Mapping[str, Mapping[str, float]]) -> list[str]:
    columns = {"distill_mos": "Distill-MOS", "ovr": "DNSMOS overall", "p808": "DNSMOS P.808", "wer": "word error rate"}
    columns |= {"f0_deviation": "F0 deviation, semitones"}
    rows = [["", *columns.values()]]
    for name, scores in quality.items():
        rows.append([name, *(f"{scores[key]:.3f}" if key in scores else "" for key in columns)])
    return markdown(rows)


def speed_table(speeds: Mapping[str, Sequence[Speed]]) -> list[str]:
    rows = [
        [
            "",
            "version",
            "licence",
            "processor s per s, 1 thread",
            "clock s per s, 2 threads",
            "first audio",
            "memory",
            "size",
        ]
    ]
    for name, (one, two) in speeds.items():
        first = f"{1000 * one.first_audio_s:.0f} ms"
        rates = [f"{one.cpu_per_s:.4f}", f"{two.wall_per_s:.4f}"]
        rows.append([name, one.version, SYSTEMS[name].licence, *rates, first])
        rows[-1] += [f"{one.memory_mb:.0f} MB", f"{one.megabytes:.1f} MB"]
    return markdown(rows)


def markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], f"|{'---|' * len(rows[0])}", *lines[1:]]


def machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo").splitlines() if "model name" in line), ""
    )
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{model or platform.processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, load of other programs at the end {load}"
    )


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def read_text(path: Path, limit: int | None) -> dict[str, str]:
    """``id|text``, or an LJSpeech metadata file, whose last column is what is said."""
    rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines() if "|" in line]
    return {row[0]: row[-1] for row in rows[:limit]}


def put_between(report: Path, lines: Sequence[str]) -> None:
    text = report.read_text(encoding="utf-8") if report.exists() else f"# How it compares\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    report.write_text("\n".join([f"{before}{BEGIN}", *lines, f"{END}{after}"]), encoding="utf-8")


@click.command(help=__doc__)
@click.option("--text", "text_file", type=click.Path(path_type=Path), required=True, help="id|text on each line.")
@click.option("--recordings", type=click.Path(path_type=Path), help="ID.wav of the same sentences, spoken by a person.")
@click.option("--judges", type=click.Path(path_type=Path), help="Folder of judge.py.  [default: $LINNET_DATA/judge]")
@click.option("--kokoro-voices", type=click.Path(path_type=Path), help="Folder of af_heart.bin.")
@click.option("--voice", default="linnet", show_default=True, help="Which voice of ours.")
@click.option("--only", multiple=True, type=click.Choice([*SYSTEMS]), help="Systems to measure.  [default: all]")
@click.option("--limit", type=int, help="Sentences.  [default: all]")
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the speech.  [default: deleted at the end]")
@click.option("-o", "--output", type=click.Path(path_type=Path), default="docs/comparison.md", show_default=True)
@click.option("--measure", "measured", nargs=2, hidden=True)
def main(
    text_file: Path,
    recordings: Path | None,
    judges: Path | None,
    kokoro_voices: Path | None,
    voice: str,
    only: tuple[str, ...],
    limit: int | None,
    keep: Path | None,
    output: Path,
    measured: tuple[str, str] | None,
) -> None:
    if measured:
        name, folder = measured
        texts = read_text(text_file, int(os.environ.get("COMPARE_LIMIT", "0")) or None)
        click.echo(json.dumps(asdict(measure(name, int(os.environ["COMPARE_THREADS"]), texts, Path(folder)))))
        return
    os.environ.update(COMPARE_VOICE=voice, COMPARE_LIMIT=str(limit or 0), KOKORO_VOICES=str(kokoro_voices or ""))
    if judges is None and (data := os.environ.get("LINNET_DATA")):
        judges = Path(data) / "judge"
    texts, speeds, left_out = read_text(text_file, limit), {}, []
    with tempfile.TemporaryDirectory() as temporary:
        spoken = keep or Path(temporary)
        for name in only or SYSTEMS:
            missing = SYSTEMS[name].missing() or ("--kokoro-voices" if name == "Kokoro" and not kokoro_voices else "")
            if missing:
                left_out.append(f"{name} (needs {missing})")
                continue
            click.echo(f"speaking with {name}", err=True)
            speeds[name] = [measure_elsewhere(name, threads, text_file, spoken / name) for threads in THREADS]
        put_between(output, report(texts, speeds, {}, left_out))  # judging takes long, and may be stopped
        folders = {name: spoken / name for name in speeds}
        if recordings:
            folders = {"recordings": recordings} | folders
        quality = judge(folders, texts, judges)
    lines = report(texts, speeds, quality, left_out)
    put_between(output, lines)
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
