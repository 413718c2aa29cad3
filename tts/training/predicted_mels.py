"""Mels as an acoustic model predicts them with the recorded durations, pitch and energy, for a vocoder to train on.

They are smoother than recorded ones and just as long, so that the recorded audio still belongs to them ("ground truth
aligned"). ::

    RUN/predicted_mels/
      source.json      the weights that predicted them
      00000.npy        one per shard of the features: (frames, M) float32, utterance after utterance
"""

import io
import json
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from tqdm import tqdm

from tts.data.batches import AcousticBatch
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore, Row
from tts.errors import InputError
from tts.files.digest import file_sha256, sha256
from tts.files.record import Record
from tts.files.whole import write_file
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2
from tts.models.saved import MODEL_FILE, find_checkpoint, load_acoustic

PREDICTED_MELS_FOLDER = "predicted_mels"
SOURCE_FILE = "source.json"


class PredictedMels(FeatureStore):
    """The features with predicted mels in place of the recorded ones. They may be written after it is made."""

    def __init__(self, features: Path, folder: Path) -> None:
        super().__init__(features)
        self.predicted = folder
        self.first_frame: dict[tuple[Path, int], int] = {}
        for shard, rows in groupby(self.rows, key=lambda row: row.shard):
            frame = 0
            for row in rows:
                self.first_frame[shard, row.index] = frame
                frame += row.n_frames

    def read_mel(self, row: Row, frames: slice = slice(None)) -> np.ndarray:
        """(M, T) float32 of these frames, a view into the mapped file."""
        first = self.first_frame[row.shard, row.index]
        mel: np.ndarray = _open(_file_of(self.predicted, row.shard))[first : first + row.n_frames][frames].T
        return mel


class MelPredictor:
    """The model of the run or checkpoint ``acoustic``, which fills ``folder`` with what it makes of ``features``."""

    def __init__(self, features: Path, acoustic: Path, folder: Path) -> None:
        """Raises ``InputError`` for a model of other features, and for a folder filled by other weights."""
        self.checkpoint, self.folder = find_checkpoint(acoustic), folder
        self.model, meta = load_acoustic(self.checkpoint)
        store, config = FeatureStore(features), meta.resolved_config(self.checkpoint)
        store.check_config(config)
        store.check_vocabulary(meta.phones, meta.speakers, meta.statistics, self.checkpoint)
        self.dataset = AcousticDataset(store, None, config.acoustic)
        _check_source(folder, self.checkpoint)

    def predict(self, fabric: Fabric) -> None:
        """In one process for all; goes on where it stopped."""
        if fabric.is_global_zero:
            _claim(self.folder, self.checkpoint)
            record, weights = Record(self.folder), file_sha256(self.checkpoint / MODEL_FILE)
            _predict_shards(self.model.to(fabric.device), self.dataset, record, weights, fabric.device)
        fabric.barrier()


def _predict_shards(
    model: FastSpeech2, dataset: AcousticDataset, record: Record, weights: str, device: torch.device
) -> None:
    """Those that are missing or damaged, or whose features have changed."""
    with tqdm(total=len(dataset.rows), unit="utterance", desc="predicting mels") as bar:
        for shard, group in groupby(range(len(dataset.rows)), key=lambda index: dataset.rows[index].shard):
            indices = list(group)
            file = _file_of(record.folder, shard)
            source = sha256(weights.encode(), file_sha256(shard).encode())
            if not record.is_current(file.name, source):
                mels = []
                for index in indices:
                    mels.append(_predict(model, dataset.batch([index]).to(device)))
                    bar.update()
                buffer = io.BytesIO()
                np.save(buffer, np.concatenate(mels))
                write_file(file, buffer.getvalue())
                record.add(file.name, source, sha256(buffer.getvalue()))
            bar.update(indices[-1] + 1 - bar.n)  # those that were there


@torch.inference_mode()
def _predict(model: FastSpeech2, batch: AcousticBatch) -> np.ndarray:
    """(T, M) of a batch that holds one utterance."""
    output: AcousticOutput = model(
        batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy
    )
    mel: np.ndarray = model.sharpened(output).final_mel[0].T.cpu().numpy()
    return mel


def _check_source(folder: Path, checkpoint: Path) -> None:
    path = folder / SOURCE_FILE
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != _source(checkpoint):
        fix = "name the checkpoint that was used, or train in a new folder"
        raise InputError(folder, f"was predicted by other weights than those of {checkpoint}", fix)


def _claim(folder: Path, checkpoint: Path) -> None:
    folder.mkdir(exist_ok=True)
    write_file(folder / SOURCE_FILE, _source(checkpoint).encode())


def _source(checkpoint: Path) -> str:
    return json.dumps({"sha256": file_sha256(checkpoint / MODEL_FILE)})


def _file_of(folder: Path, shard: Path) -> Path:
    return folder / f"{shard.stem}.npy"


@lru_cache(maxsize=64)
def _open(path: Path) -> np.ndarray:
    mels: np.ndarray = np.load(path, mmap_mode="r")
    return mels
