"""What the aligner trains on: the phones of each transcript of a corpus, and mels at its own resolution."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import soxr
import torch
from tqdm import tqdm

from preprocess.corpus import Utterance, check_language, read_corpus
from preprocess.recording import read_recording
from preprocess.shards import Rejected, Shard, is_finished, read_shard, sift, stop_at, write_table
from preprocess.workers import run_jobs
from tts.audio.mel import LogMel
from tts.config.features import SHARDS_FOLDER
from tts.config.root import Config
from tts.errors import InputError
from tts.files.digest import digest_if_there, file_sha256, sha256
from tts.files.names import inside
from tts.text.front_end import transcript_words
from tts.text.inventory import PAUSE

UTTERANCES_PER_SHARD = 64
LEDGER_FILE = "written.sha256"  # every TextGrid that was ever written, as sha256sum lists files
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("audio_s", pa.float64()),
        ("words", pa.list_(pa.string())),
        ("phones", pa.list_(pa.string())),
        ("n_frames", pa.int64()),
        ("mel", pa.list_(pa.float16())),  # (M * T,) row-major (M, T)
    ]
)


@dataclass(frozen=True)
class AlignmentInput:
    """One utterance. Its mel stays on disk."""

    utterance: Utterance
    output: Path  # where its TextGrid goes
    audio_s: float
    words: list[str]  # as spoken: "$3" is "three", "dollars"
    phones: list[str]  # a ``PAUSE`` before the first word and after each word, where there may be one
    n_frames: int
    shard: Path
    row: int

    @property
    def id(self) -> str:
        return self.utterance.id

    def read_mel(self) -> npt.NDArray[np.floating]:
        """(M, T)"""
        cell = _open(self.shard).table.column("mel")[self.row]
        mel: npt.NDArray[np.floating] = cell.values.to_numpy().reshape(-1, self.n_frames)
        return mel


@dataclass(frozen=True)
class InputJob:
    """A shard to make."""

    path: Path
    utterances: tuple[Utterance, ...]
    source: str  # fingerprint of the utterances, their recordings and the config


def prepare(
    corpus: Path,
    work: Path,
    config: Config,
    *,
    textgrids: Path | None = None,
    workers: int | None = None,
    skip_bad: bool = False,
    overwrite: bool = False,
) -> tuple[list[AlignmentInput], list[Rejected]]:
    """Make the inputs in ``work`` and open them; the same call again goes on. Returns them and what was left out.

    textgrids: folder that will receive the TextGrids. overwrite: also replace TextGrids that are not our own.
    Raises ``InputError`` for a TextGrid not to be replaced, and for an utterance that cannot be used unless such are
    left out with ``skip_bad``.
    """
    utterances = read_corpus(corpus, textgrids)
    outputs = textgrid_paths(utterances, textgrids or default_textgrids(corpus))
    if not overwrite:
        check_overwriting(utterances, outputs, work / LEDGER_FILE)
    folder = work / SHARDS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(utterances), UTTERANCES_PER_SHARD)
    jobs = [_job(folder, start, utterances[start : start + UTTERANCES_PER_SHARD], config) for start in starts]
    pending = [job for job in jobs if not is_finished(job.path, job.source, skip_bad, SCHEMA)]
    n_kept = len(utterances) - sum(len(job.utterances) for job in pending)
    with tqdm(total=len(utterances), initial=n_kept, desc="read", unit=" utterances") as bar:
        make = partial(make_shard, config=config, skip_bad=skip_bad)
        rejected = run_jobs(make, pending, workers or os.cpu_count() or 1, not skip_bad, bar)
    if not skip_bad:
        stop_at(rejected)
    _open.cache_clear()
    inputs = [entry for job in jobs for entry in _read_inputs(job, outputs)]
    if not inputs:
        raise InputError(corpus, "has no utterance that can be used", "see what is wrong without --skip-bad")
    return inputs, [entry for job in jobs for entry in _open(job.path).rejected]


def default_textgrids(corpus: Path) -> Path:
    """Where ``read_corpus`` looks for TextGrids."""
    return (corpus.parent if corpus.is_file() else corpus) / "TextGrid"


def textgrid_paths(utterances: Sequence[Utterance], folder: Path) -> dict[str, Path]:
    """Where each utterance's TextGrid goes, by id: ``ID.TextGrid``, in a folder per speaker if there are several."""
    several = len({utterance.speaker for utterance in utterances}) > 1
    return {u.id: inside(folder, *[u.speaker] * several, u.textgrid.name) for u in utterances}


def check_overwriting(utterances: Sequence[Utterance], outputs: Mapping[str, Path], ledger: Path) -> None:
    """Raise ``InputError`` for a TextGrid that is there and not in the ledger, or that was edited since."""
    own = set(ledger.read_text(encoding="utf-8", errors="replace").split()) if ledger.is_file() else set()
    present = {path for u in utterances for path in (u.textgrid, outputs[u.id]) if path.is_file()}
    foreign = sorted(path for path in present if file_sha256(path) not in own)
    if foreign:
        what = f"was not written by this command, or edited since ({len(foreign)} such TextGrids)"
        raise InputError(foreign[0], what, "--overwrite replaces them; --textgrids names another folder")


def make_shard(job: InputJob, config: Config, skip_bad: bool) -> Iterator[Rejected | None]:
    """Make one shard, yielding after each utterance what is wrong with it, or None."""
    make = partial(read_utterance, config=config, log_mel=LogMel(config.aligner.audio))
    rows, rejected = yield from sift(job.utterances, make)
    if skip_bad or not rejected:
        write_table(job.path, pa.Table.from_pylist(rows, SCHEMA), job.source, rejected)


def read_utterance(utterance: Utterance, config: Config, log_mel: LogMel) -> dict[str, object]:
    """A row of ``SCHEMA``. Raises ``InputError`` saying what cannot be used, and why."""
    check_language(utterance, config.text.language)
    try:
        words = transcript_words(utterance.text, config.text)
    except InputError as error:
        raise InputError(utterance.line, str(error)) from None
    phones = [PAUSE, *(phone for word in words for phone in (*word.phones, PAUSE))]
    audio, sample_rate = read_recording(utterance.audio)
    audio_s = len(audio) / sample_rate
    audio = soxr.resample(audio, sample_rate, log_mel.config.sample_rate)
    n_needed = config.aligner.n_states * sum(phone != PAUSE for phone in phones)
    n_frames = len(audio) // log_mel.config.hop_length
    if n_frames < n_needed or len(audio) < log_mel.config.n_fft:
        raise InputError(utterance.audio, f"is too short, at {audio_s:.2f} s, for its {len(words)} words")
    mel = log_mel(torch.from_numpy(audio)[None])[0].numpy().astype(np.float16)
    return {
        "id": utterance.id,
        "audio_s": audio_s,
        "words": [word.text for word in words],
        "phones": phones,
        "n_frames": mel.shape[1],
        "mel": mel.ravel(),
    }


def _job(folder: Path, start: int, utterances: Sequence[Utterance], config: Config) -> InputJob:
    recordings = [digest_if_there(u.audio) for u in utterances]
    texts = [(u.id, u.text, u.language) for u in utterances]
    source = sha256(repr((config.text, config.aligner, texts, recordings)).encode())
    return InputJob(folder / f"{start // UTTERANCES_PER_SHARD:05d}.arrow", tuple(utterances), source)


@lru_cache(maxsize=64)
def _open(path: Path) -> Shard:
    shard = read_shard(path, verified=True)
    if shard is None:
        raise InputError(path, "cannot be read", "run again")
    return shard


def _read_inputs(job: InputJob, outputs: Mapping[str, Path]) -> Iterator[AlignmentInput]:
    utterances = {utterance.id: utterance for utterance in job.utterances}
    for row, cells in enumerate(_open(job.path).table.drop_columns("mel").to_pylist()):
        utterance = utterances[cells.pop("id")]
        yield AlignmentInput(utterance, outputs[utterance.id], **cells, shard=job.path, row=row)
