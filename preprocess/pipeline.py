"""From a corpus folder to a features folder."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from tqdm import tqdm

from preprocess.corpus import Utterance, assign_splits, read_corpus, stable_hash
from preprocess.coverage import never_said
from preprocess.distributions import draw_distributions
from preprocess.folder import Folder, write_whole
from preprocess.lock import check_lock, exclusive
from preprocess.shards import Rejected, Shard, is_finished, read_shard, sift, stop_at, write_shard
from preprocess.statistics import pause_statistics, speaker_statistics
from preprocess.utterance import process_utterance
from preprocess.workers import Engine, run_jobs
from tts.audio.mel import LogMel
from tts.config.features import (
    FEATURES_SCHEMA_VERSION,
    MANIFEST_FILE,
    SHARDS_FOLDER,
    FeaturesManifest,
)
from tts.config.root import Config
from tts.errors import InputError
from tts.files.digest import digest_if_there, sha256
from tts.text.inventory import PhoneInventory
from tts.text.marks import PAUSES

REPORT_FILE = "report.png"  # durations, pitch and energy of every speaker
SKIPPED_FILE = "skipped.json"  # what --skip-bad left out
UNSAID_SHOWN = 5  # phones that a warning names


@dataclass(frozen=True)
class ShardJob:
    """A shard to make."""

    path: Folder
    utterances: tuple[Utterance, ...]
    source: str  # fingerprint of the utterances and their files


@dataclass(frozen=True)
class Report:
    """What a finished run reports; ``str`` is for a person."""

    features: Folder
    manifest: FeaturesManifest
    skipped: list[Rejected]
    unsaid: dict[str, list[str]]  # phones of each speaker that the front end never says

    def __str__(self) -> str:
        m = self.manifest
        lines = [
            f"{self.features}: {m.n_train} training and {m.n_validation} validation utterances, {m.hours:.2f} hours, "
            f"{len(m.speakers)} speaker(s), {len(m.phones)} phones",
            f"distributions of durations, pitch and energy: {self.features / REPORT_FILE}",
        ]
        for speaker, phones in self.unsaid.items():
            shown = ", ".join(phones[:UNSAID_SHOWN]) + ", ..." * (len(phones) > UNSAID_SHOWN)
            lines.append(
                f"warning: speaker {speaker!r} has phones the front end never says, {len(phones)} in all ({shown}), "
                "so no text will sound like them: align the speaker with this text.front_end, or name the corpus's own"
            )
        if self.skipped:
            lines.append(f"left out {len(self.skipped)} unusable utterance(s), also listed in {SKIPPED_FILE}:")
            lines += [f"  {entry.id} ({entry.line}): {entry.reason}" for entry in self.skipped]
        return "\n".join(lines)


def run(
    corpus: Path,
    features: Folder,
    config: Config,
    *,
    textgrids: Path | None = None,
    workers: int | None = None,
    skip_bad: bool = False,
    engine: Engine = run_jobs,
) -> Report:
    """Preprocess ``corpus`` into ``features`` (layout: ``tts.config.features``); the same call again goes on.

    features: a path, or what ``preprocess.folder.open_folder`` makes of a URL.
    textgrids: folder of TextGrids, ``corpus/TextGrid`` by default. workers: processes, by default one per core.
    skip_bad: leave out utterances that cannot be used instead of stopping at them. engine: what makes the shards; with
    ``preprocess.ray_engine.run_jobs`` it is a Ray cluster.

    Shards that are finished, and whose recordings, TextGrids and transcripts have not changed since, are kept.
    Raises ``InputError`` for a corpus or utterance that cannot be used, for features made with another config, or while
    another run writes the same folder.
    """
    utterances = read_corpus(corpus, textgrids)
    sections = config.model_dump(mode="json", include={"audio", "text", "preprocess"})
    with exclusive(features):
        check_lock(features, {"schema": FEATURES_SCHEMA_VERSION, "corpus": corpus.resolve().name, "config": sections})
        if not skip_bad:
            stop_at(_missing_files(utterances))
        # Unusable utterances are found only while shards are made. They may change the split, and so some shards.
        unusable = {entry.id for shard in _read_shards(features) for entry in shard.rejected}
        while True:
            dealt = assign_splits(utterances, config.preprocess.validation_share, unusable)
            _make_shards(dealt, features, config, partial(engine, n_workers=workers), skip_bad)
            found = {entry.id for shard in _read_shards(features) for entry in shard.rejected}
            if found == unusable:
                return _finish(features, config, sections, len(utterances))
            unusable = found


def process_shard(job: ShardJob, config: Config, skip_bad: bool) -> Iterator[Rejected | None]:
    """Make one shard, yielding after each utterance what is wrong with it, or None.

    A shard with a bad utterance is written, without it, only if such may be skipped.
    """
    make = partial(process_utterance, config=config, log_mel=LogMel(config.audio))
    rows, rejected = yield from sift(job.utterances, make)
    if skip_bad or not rejected:
        write_shard(job.path, rows, job.source, rejected)


def _missing_files(utterances: Sequence[Utterance]) -> list[Rejected]:
    """What can be known to be bad before any work is done."""
    paths = [(utterance, path) for utterance in utterances for path in (utterance.audio, utterance.textgrid)]
    return [Rejected(u.id, u.line, f"{path} is missing") for u, path in paths if not path.is_file()]


def _make_shards(
    utterances: Sequence[Utterance],
    features: Folder,
    config: Config,
    run_all: Callable[..., list[Rejected]],
    skip_bad: bool,
) -> None:
    """Make the shards that are missing or outdated, and remove those that do not belong to this corpus."""
    plan = _plan_shards(utterances, features / SHARDS_FOLDER, config.preprocess.utterances_per_shard)
    jobs = [job for job in plan if not is_finished(job.path, job.source, skip_bad)]
    expected = {job.path for job in plan}
    if not jobs and set((features / SHARDS_FOLDER).glob("*")) == expected:
        return
    (features / MANIFEST_FILE).unlink(missing_ok=True)
    _remove_others(features / SHARDS_FOLDER, expected)
    work = partial(process_shard, config=config, skip_bad=skip_bad)
    n_kept = len(utterances) - sum(len(job.utterances) for job in jobs)
    with tqdm(total=len(utterances), initial=n_kept, desc="preprocess", unit=" utterances") as bar:
        rejected = run_all(work, jobs, stop=not skip_bad, bar=bar)
    if not skip_bad:
        stop_at(rejected)
    _remove_others(features / SHARDS_FOLDER, expected)  # what a machine that died began to write


def _remove_others(folder: Folder, expected: Collection[Folder]) -> None:
    for path in folder.glob("*"):
        if path not in expected:
            path.unlink(missing_ok=True)


def _read_shards(features: Folder) -> Iterator[Shard]:
    """One at a time: whoever keeps none has no more than one in memory. What only training needs is not read."""
    paths: Iterator[Folder] = (features / SHARDS_FOLDER).glob("*.arrow")
    for path in sorted(paths, key=str):
        if shard := read_shard(path, without=("mel", "audio"), verified=True):
            yield shard


def _plan_shards(utterances: Sequence[Utterance], folder: Folder, utterances_per_shard: int) -> list[ShardJob]:
    """An utterance's shard depends on its id alone, so that adding or removing one changes no other shard."""
    n_shards = -(-len(utterances) // utterances_per_shard)
    members = defaultdict(list)
    for utterance in utterances:
        members[stable_hash(utterance.id) % n_shards].append(utterance)
    return [
        ShardJob(folder / f"{index:05d}.arrow", tuple(members[index]), _fingerprint(members[index]))
        for index in sorted(members)
    ]


def _fingerprint(utterances: Sequence[Utterance]) -> str:
    """Changes with transcripts, speakers, languages, splits, and the content of the files. Their times may be wrong."""
    sources = []
    for u in utterances:
        files = [digest_if_there(path) for path in (u.audio, u.textgrid)]
        sources.append((u.id, u.text, u.speaker, u.language, u.split, files))
    return sha256(repr(sources).encode())


def _finish(folder: Folder, config: Config, sections: dict[str, Any], n_utterances: int) -> Report:
    """Read from the finished shards what holds for the corpus as a whole, and write the manifest."""
    phones: defaultdict[str, set[str]] = defaultdict(set)  # of each speaker
    n_rows = n_train = n_frames = 0
    skipped: list[Rejected] = []
    for shard in _read_shards(folder):
        for speaker in pc.unique(shard.table["speaker"]).to_pylist():
            said = pc.filter(shard.table["phones"], pc.equal(shard.table["speaker"], speaker))
            phones[speaker].update(pc.unique(pc.list_flatten(said)).to_pylist())
        n_rows += shard.table.num_rows
        n_train += shard.table["split"].to_pylist().count("train")
        n_frames += pc.sum(pc.list_value_length(shard.table["energy"])).as_py() or 0
        skipped += shard.rejected
    if n_rows + len(skipped) != n_utterances:
        raise InputError(folder, f"lost {n_utterances - n_rows - len(skipped)} utterances since", "run again")
    if n_rows < 2:
        raise InputError(folder, "needs two usable utterances, one to train and one to validate with")
    statistics = speaker_statistics((shard.table for shard in _read_shards(folder)), config.preprocess.outlier_iqr)
    frame_s = config.audio.hop_length / config.audio.sample_rate
    manifest = FeaturesManifest(
        config=sections,
        phones=PhoneInventory.build(set().union(*phones.values(), config.preprocess.phones or ())).phones,
        speakers=tuple(statistics),
        statistics=statistics,
        n_train=n_train,
        n_validation=n_rows - n_train,
        pauses=pause_statistics((shard.table for shard in _read_shards(folder)), frame_s),
        hours=n_frames * frame_s / 3600,
    )
    skipped.sort(key=lambda entry: entry.id)
    write_whole(folder / SKIPPED_FILE, json.dumps([asdict(entry) for entry in skipped], indent=2).encode())
    write_whole(folder / REPORT_FILE, draw_distributions((shard.table for shard in _read_shards(folder)), config))
    write_whole(folder / MANIFEST_FILE, manifest.model_dump_json(indent=2).encode())
    unsaid = {speaker: never_said(said - PAUSES, config.text) for speaker, said in sorted(phones.items())}
    return Report(folder, manifest, skipped, {speaker: strange for speaker, strange in unsaid.items() if strange})
