"""Utterances whose phones are known but not their times."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.utils.rnn import pad_sequence

from tts.data.batches import AlignmentBatch
from tts.files.digest import sha256
from tts.text.inventory import PhoneInventory, without_stress

SILENT_STD = 1e-3  # of a mel band, below which it is digital silence


class Spoken(Protocol):
    """What the aligner needs of an utterance."""

    @property
    def id(self) -> str: ...
    @property
    def phones(self) -> Sequence[str]:
        """In order, with a ``PAUSE`` wherever there may be one."""

    @property
    def n_frames(self) -> int: ...
    def read_mel(self) -> npt.NDArray[np.floating]:
        """(M, T), at the aligner's resolution."""


class AlignmentDataset:
    """Stress is left out: it changes how a phone sounds by less than more examples of it are worth."""

    def __init__(self, utterances: Sequence[Spoken], inventory: PhoneInventory) -> None:
        self.utterances, self.inventory = utterances, inventory
        self.lengths = [utterance.n_frames for utterance in utterances]

    def batch(self, indices: Sequence[int], epoch: int = 0) -> AlignmentBatch:
        """``epoch`` changes nothing: utterances are used whole."""
        chosen = [self.utterances[i] for i in indices]
        phone_ids = [torch.tensor(self._phone_ids(utterance)) for utterance in chosen]
        mel = [torch.from_numpy(z_scored(utterance.read_mel())).T for utterance in chosen]
        return AlignmentBatch(
            ids=tuple(utterance.id for utterance in chosen),
            phone_ids=pad_sequence(phone_ids, batch_first=True),
            phone_lengths=torch.tensor([len(ids) for ids in phone_ids]),
            mel=pad_sequence(mel, batch_first=True).transpose(1, 2),
            mel_lengths=torch.tensor([utterance.n_frames for utterance in chosen]),
        )

    def _phone_ids(self, utterance: Spoken) -> list[int]:
        return self.inventory.encode(map(without_stress, utterance.phones), f"utterance {utterance.id!r}")


def aligner_inventory(utterances: Sequence[Spoken]) -> PhoneInventory:
    """The phones of the utterances, without stress."""
    return PhoneInventory.build(without_stress(phone) for utterance in utterances for phone in utterance.phones)


def digest_of(utterances: Sequence[Spoken]) -> str:
    """Changes with any of their phones and mels."""
    return sha256(*(sha256(repr((u.id, list(u.phones))).encode(), u.read_mel().tobytes()).encode() for u in utterances))


def z_scored(mel: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Each band of (M, T): what is left does not depend on the microphone, the level, or much on the voice."""
    mel = mel.astype(np.float32)
    mean, std = mel.mean(axis=1, keepdims=True), mel.std(axis=1, keepdims=True)
    scaled: npt.NDArray[np.float32] = (mel - mean) / std.clip(min=SILENT_STD)
    return scaled
