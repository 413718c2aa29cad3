"""Reading the features folder. Shards are memory-mapped: a row costs what it holds, whatever the corpus size."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tts.audio.wav import PCM_FULL_SCALE
from tts.config.audio import AudioConfig
from tts.config.features import (
    FEATURES_SCHEMA_VERSION,
    MANIFEST_FILE,
    SHARDS_FOLDER,
    FeaturesManifest,
    SpeakerStatistics,
)
from tts.config.loader import differences
from tts.config.root import Config
from tts.errors import InputError, system_error
from tts.files.documents import parse_json, read_document
from tts.files.names import check_name
from tts.files.schema import refuse_newer
from tts.files.shard import DamagedShardError, open_sealed, read_whole
from tts.names import Split

N_NAMED = 5  # of what is new or missing, in an error


@dataclass(frozen=True)
class Row:
    """Where an utterance lies, and the little that sorting and splitting need."""

    id: str
    shard: Path
    index: int
    split: Split
    n_frames: int


class FeatureStore:
    """The utterances of a complete features folder."""

    def __init__(self, folder: Path) -> None:
        """Raises ``InputError`` when the folder is missing, unfinished, or its shards cannot be read."""
        self.folder = folder
        self.manifest = _read_manifest(folder / MANIFEST_FILE)
        shards = sorted((folder / SHARDS_FOLDER).glob("*.arrow"))
        self.rows = [row for shard in shards for row in _read_rows(shard, self.manifest)]
        expected = self.manifest.n_train + self.manifest.n_validation
        if len(self.rows) != expected:
            raise InputError(
                folder,
                f"holds {len(self.rows)} utterances, but {MANIFEST_FILE} promises {expected}",
                "preprocess again",
            )

    def split(self, split: Split) -> list[Row]:
        return [row for row in self.rows if row.split == split]

    def find(self, id: str) -> Row:
        """Raises ``InputError`` naming similar ids where there is no such utterance."""
        rows = {row.id: row for row in self.rows}
        if id not in rows:
            similar = get_close_matches(id, rows, n=3) or sorted(rows)[:3]
            raise InputError(
                self.folder, f"holds no utterance {id!r}", f"there are, for instance, {', '.join(similar)}"
            )
        return rows[id]

    def check_config(self, config: Config) -> None:
        """Features carry the config that made them; training with another would learn from the wrong numbers."""
        made_with = self.manifest.config
        now = {key: value for key, value in config.model_dump(mode="json").items() if key in made_with}
        changed = differences(made_with, now)
        if changed:
            raise InputError(
                self.folder,
                f"features were made with another config ({'; '.join(changed)})",
                "pass the same --config, or preprocess again into a new folder",
            )

    def check_vocabulary(
        self,
        phones: tuple[str, ...],
        speakers: tuple[str, ...],
        statistics: tuple[SpeakerStatistics, ...],
        where: Path,
        fix: str = "give the features that it was trained on",
    ) -> None:
        """Raises ``InputError`` unless numbers mean to the model at ``where`` what they mean in the features."""
        ours = self.manifest
        for kind, model_has, features_have in (("phones", phones, ours.phones), ("speakers", speakers, ours.speakers)):
            if model_has != features_have:
                changes = _changes(model_has, features_have)
                raise InputError(where, f"was trained on other {kind} than those of {self.folder} ({changes})", fix)
        if statistics != tuple(ours.statistics[speaker] for speaker in ours.speakers):
            what = f"was trained on other statistics of pitch and energy than those of {self.folder}"
            raise InputError(where, what, fix)

    def read(self, row: Row, column: str) -> Any:
        """One cell: a NumPy view into the mapped file for lists of numbers, plain Python for text, None for null."""
        cell = _open_shard(row.shard).column(column)[row.index]
        if not cell.is_valid:
            return None
        if isinstance(cell, pa.ListScalar) and not pa.types.is_string(cell.type.value_type):
            return np.asarray(cell.values)
        return cell.as_py()

    def read_mel(self, row: Row, frames: slice = slice(None)) -> np.ndarray:
        """(M, T) float32, of these frames alone, which are checked."""
        mel: np.ndarray = self.read(row, "mel").reshape(-1, row.n_frames)[:, frames]
        if not np.isfinite(mel).all():
            raise InputError(row.shard, f"mel of utterance {row.id!r} is not finite", "preprocess again")
        return mel

    def read_audio(self, row: Row) -> np.ndarray:
        """(S,) float32 in [-1, 1)."""
        samples: np.ndarray = self.read(row, "audio") / np.float32(PCM_FULL_SCALE)
        return samples


def _changes(before: tuple[str, ...], now: tuple[str, ...]) -> str:
    """What is new and what is missing, some of it by name."""
    sides = {
        "new": [name for name in now if name not in before],
        "missing": [name for name in before if name not in now],
    }
    parts = [
        f"{side}: {', '.join(names[:N_NAMED])}" + (f" and {len(names) - N_NAMED} more" if len(names) > N_NAMED else "")
        for side, names in sides.items()
        if names
    ]
    return "; ".join(parts) or "in another order"


def _read_manifest(path: Path) -> FeaturesManifest:
    if not path.exists():
        hint = "run 'tts preprocess' (again: it goes on where it stopped)"
        raise InputError(path.parent, f"has no {MANIFEST_FILE}: no features, or not complete", hint)
    content = read_document(path)
    try:
        refuse_newer(path, parse_json(content, path), FEATURES_SCHEMA_VERSION)
        manifest = FeaturesManifest.model_validate_json(content)
        AudioConfig.model_validate(manifest.config.get("audio"))
        if unknown := set(manifest.speakers) ^ set(manifest.statistics):
            raise ValueError(
                f"speakers without statistics, or the other way round: {', '.join(sorted(unknown)[:N_NAMED])}"
            )
    except (InputError, ValueError, RecursionError) as error:
        if isinstance(error, InputError) and error.fix:  # of a later version
            raise
        message = error.what if isinstance(error, InputError) else str(error).splitlines()[0]
        raise InputError(path, f"is not a features manifest ({message})", "preprocess again") from None
    return manifest


@lru_cache(maxsize=64)
def _open_shard(path: Path) -> pa.Table:
    """A shard that ``_read_rows`` has checked."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _read_rows(shard: Path, manifest: FeaturesManifest) -> list[Row]:
    """Raises ``InputError`` for a shard that is damaged, or does not fit the manifest."""
    try:
        table = read_whole(open_sealed(shard))
        _check_sizes(table, AudioConfig.model_validate(manifest.config["audio"]))
        for column, known in (("speaker", manifest.speakers), ("split", get_args(Split))):
            if strange := set(pc.unique(table[column]).to_pylist()) - set(known):
                raise DamagedShardError(f"{column} {min(strange)[:40]!r} is not one of {len(known)} known ones")
    except OSError as error:
        raise system_error(shard, "cannot be read", error) from None
    except ValueError as error:
        what = str(error).splitlines()[0]
        raise InputError(shard, f"is damaged ({what})", "preprocess again: it makes such shards anew") from None
    ids, splits = (table[column].to_pylist() for column in ("id", "split"))
    for id in ids:
        check_name(id, "id", shard)
    n_frames = pc.list_value_length(table["energy"]).to_pylist()
    return [Row(id, shard, i, split, n) for i, (id, split, n) in enumerate(zip(ids, splits, n_frames, strict=True))]


def _check_sizes(table: pa.Table, audio: AudioConfig) -> None:
    """Raises ``DamagedShardError`` unless mels and samples are as long as their utterances."""
    n_frames = pc.list_value_length(table["energy"])
    for column, size in (("mel", audio.n_mels), ("audio", audio.hop_length)):
        if pc.any(pc.not_equal(pc.list_value_length(table[column]), pc.multiply_checked(n_frames, size))).as_py():
            raise DamagedShardError(f"{column} of some utterance is longer or shorter than it")
