"""What an aligner found, as TextGrids and as a list of utterances that look wrong."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from preprocess.alignment_inputs import LEDGER_FILE, AlignmentInput
from preprocess.shards import Rejected
from preprocess.textgrid import Alignment, Interval, render_textgrid
from tts.config.aligner import AlignerConfig
from tts.files.digest import sha256
from tts.files.disk import append_line
from tts.files.whole import remove_leftovers, write_file
from tts.text.inventory import PAUSE

REPORT_FILE = "alignments.csv"
NORMAL_MAD = 1.4826  # standard deviations of a normal distribution per median absolute deviation
UNHEARD = 1e-3  # probability below which it does not matter by how much
N_LISTED = 20  # suspicious utterances on the terminal; the file has all


class Aligned(Protocol):
    """One utterance, aligned."""

    @property
    def id(self) -> str: ...
    @property
    def durations(self) -> npt.NDArray[np.float64]:
        """(P,) frames of each phone, pauses included; those that are not made have almost none."""

    @property
    def agreement(self) -> npt.NDArray[np.float32]:
        """(T,) probability that a frame sounds like the phone it was given to."""


@dataclass(frozen=True)
class Confidence:
    """A line of ``REPORT_FILE``."""

    id: str
    confidence: float  # mean agreement, 0 to 1
    weakest: float  # mean agreement of the stretch where it is lowest: a word too many or too few
    weakest_at_s: float  # the middle of that stretch
    suspicious: bool
    textgrid: str


@dataclass(frozen=True)
class Report:
    """What a finished run reports; ``str`` is for a person."""

    folder: Path
    lines: list[Confidence]
    skipped: list[Rejected]

    def __str__(self) -> str:
        median = np.median([line.confidence for line in self.lines])
        text = [f"{len(self.lines)} TextGrids, median confidence {median:.2f}; all in {self.folder / REPORT_FILE}"]
        found = sorted((line for line in self.lines if line.suspicious), key=lambda line: line.weakest)
        if found:
            text += [f"{len(found)} look wrong: listen, was exactly their text said?"]
            text += [f"  {'id':<32}{'confidence':>12}{'weakest':>10}{'at':>9}"]
            text += [_listed(line) for line in found[:N_LISTED]]
            text += [f"  and {len(found) - N_LISTED} more"] if len(found) > N_LISTED else []
        if self.skipped:
            text += [f"left out {len(self.skipped)} unusable utterance(s):"]
            text += [f"  {entry.id} ({entry.line}): {entry.reason}" for entry in self.skipped]
        return "\n".join(text)


def lay_words(
    words: Sequence[str],
    phones: Sequence[str],
    ends_s: npt.NDArray[np.float64],
    audio_s: float,
    shortest_pause_s: float,
) -> Alignment:
    """Intervals without gaps from 0 to ``audio_s``.

    phones: (P,), a ``PAUSE`` first, last, and between ``words``; ends_s: (P,) ascending. A pause shorter than
    ``shortest_pause_s`` goes half to either neighbour.
    """
    starts, ends = np.concatenate([[0.0], ends_s[:-1]]), np.append(ends_s[:-1], audio_s)
    last = len(phones) - 1
    pauses = [i for i, phone in enumerate(phones) if phone == PAUSE]
    short = {i for i in pauses if ends[i] - starts[i] < shortest_pause_s}
    for i in short:
        middle = 0.0 if i == 0 else audio_s if i == last else (starts[i] + ends[i]) / 2
        ends[max(i - 1, 0)], starts[min(i + 1, last)] = middle, middle
    spoken = [Interval(float(starts[i]), float(ends[i]), phone) for i, phone in enumerate(phones) if i not in short]
    spans = zip(pauses[:-1], pauses[1:], words, strict=True)
    said = [Interval(float(starts[before + 1]), float(ends[after - 1]), word) for before, after, word in spans]
    return Alignment(said, spoken)


def write_alignments(
    inputs: Sequence[AlignmentInput],
    aligned: Iterable[Aligned],
    skipped: Sequence[Rejected],
    work: Path,
    config: AlignerConfig,
) -> Report:
    """Write every TextGrid and, into ``work``, the report. ``skipped`` is what has no inputs."""
    by_id = {entry.id: entry for entry in inputs}
    frame_s = config.audio.hop_length / config.audio.sample_rate
    lines = []
    for folder in {entry.output.parent for entry in inputs}:
        remove_leftovers(folder)
    for found in aligned:
        entry = by_id[found.id]
        ends_s = found.durations.cumsum() * frame_s
        alignment = lay_words(entry.words, entry.phones, ends_s, entry.audio_s, config.shortest_pause_s)
        content = render_textgrid(alignment, entry.audio_s)
        # Before the file: a run killed between the two must not take it for a stranger's.
        append_line(work / LEDGER_FILE, f"{sha256(content)}  {entry.output}")
        entry.output.parent.mkdir(parents=True, exist_ok=True)
        write_file(entry.output, content)
        lines.append(_confidence(found, entry.output, config.stretch_s, frame_s))
    lines = judge(sorted(lines, key=lambda line: line.id), config.suspicious_deviations)
    _write_report(work / REPORT_FILE, lines)
    return Report(work, lines, list(skipped))


def _confidence(found: Aligned, path: Path, stretch_s: float, frame_s: float) -> Confidence:
    width = min(len(found.agreement), round(stretch_s / frame_s))
    stretches = np.convolve(found.agreement, np.full(width, 1 / width), mode="valid")
    weakest = int(stretches.argmin())
    return Confidence(
        id=found.id,
        confidence=round(float(found.agreement.mean()), 4),
        weakest=round(float(stretches[weakest]), 4),
        weakest_at_s=round((weakest + width / 2) * frame_s, 2),
        suspicious=False,
        textgrid=str(path),
    )


def judge(lines: Sequence[Confidence], deviations: float) -> list[Confidence]:
    """Suspicious is what lies, by ratio, far below the rest of the corpus, as a whole or in one stretch."""
    suspicious = np.zeros(len(lines), dtype=bool)
    for name in ("confidence", "weakest"):
        values = np.log([max(getattr(line, name), UNHEARD) for line in lines])
        centre = np.median(values)
        spread = NORMAL_MAD * np.median(np.abs(values - centre))
        suspicious |= values < centre - deviations * spread
    return [replace(line, suspicious=bool(found)) for line, found in zip(lines, suspicious, strict=True)]


def _write_report(path: Path, lines: Sequence[Confidence]) -> None:
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, [field.name for field in fields(Confidence)])
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    write_file(path, table.getvalue().encode())


def _listed(line: Confidence) -> str:
    return f"  {line.id:<32}{line.confidence:>12.2f}{line.weakest:>10.2f}{line.weakest_at_s:>7.1f} s"
