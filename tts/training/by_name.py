"""The phones and speakers of a checkpoint by name, where those of the new features are others."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tts.models.saved import Weights
from tts.text.inventory import PAD, without_stress
from tts.text.marks import PAUSES
from tts.text.phonetics import nearest_phone

PHONES, SPEAKERS = "phone_embedding.weight", "speaker_embedding.weight"
ENCODER_BIAS = re.compile(r"encoder\.blocks\.(\d+)\.conv_norm\.bias")
N_NAMED = 12  # of each list, in the message
APART = 0.5  # how far new phones that begin as the same one are moved, of how far phones lie from zero


@dataclass(frozen=True)
class Correspondence:
    """Which rows of an old table the rows of a new one are: its own by name, else the mean of those it begins as."""

    kind: str
    old: Sequence[str]
    new: Sequence[str]
    begun: dict[str, tuple[str, ...]]  # the new names that the old table lacks: the old ones that each begins as

    def rows(self, table: Tensor) -> Tensor:
        """table: (len(old), ...). Returns (len(new), ...)."""
        ids = {name: index for index, name in enumerate(self.old)}
        sources = ([ids[name] for name in self.begun.get(new, (new,))] for new in self.new)
        return torch.stack([table[rows].mean(0) for rows in sources])

    @property
    def alike(self) -> list[int]:
        """Ids of the new sounds that begin as another one does, or as one that is there too. The same sound with
        another stress, and a mark, are left as they begin: what reads the old ones sounds as before."""
        counts = Counter([*self.begun.values(), *((name,) for name in self.new)])
        return [
            index
            for index, name in enumerate(self.new)
            if counts[sources := self.begun.get(name, ())] > 1
            and name not in PAUSES
            and without_stress(name) not in map(without_stress, sources)
        ]

    def __str__(self) -> str:
        begun = [f"{name} as {self._named(sources)}" for name, sources in self.begun.items()]
        dropped = [name for name in self.old if name not in self.new]
        taken = len(self.new) - len(begun) - (PAD in self.new)
        parts = [f"{taken} taken"]
        parts += [
            f"{len(names)} {what} ({_some(names)})" for what, names in (("begun", begun), ("dropped", dropped)) if names
        ]
        return f"{self.kind}: {', '.join(parts)}"

    def _named(self, sources: Sequence[str]) -> str:
        return sources[0] if len(sources) == 1 else f"the mean of {len(sources)} {self.kind}"


def match_phones(old: Sequence[str], new: Sequence[str]) -> Correspondence:
    """A new phone begins as the nearest one, and as the mean of all sounds where its label says nothing."""
    sounds = tuple(phone for phone in old if phone not in PAUSES and phone != PAD) or tuple(old[1:])
    nearest = {phone: nearest_phone(phone, old) for phone in new if phone not in old}
    return Correspondence("phones", old, new, {phone: (n,) if n else sounds for phone, n in nearest.items()})


def match_speakers(old: Sequence[str], new: Sequence[str]) -> Correspondence:
    """A new speaker begins as the mean of the old ones."""
    return Correspondence("speakers", old, new, {name: tuple(old) for name in new if name not in old})


def carry_over(weights: Weights, phones: Correspondence, speakers: Correspondence) -> Weights:
    """The weights of a FastSpeech 2 as those of one for other phones and speakers.

    A model of one speaker has no embedding of speakers, which is as good as one of zeros. Back from several speakers
    to one, that speaker's embedding becomes part of the bias that ends the encoder, to which it was added.
    """
    carried = {**weights, PHONES: _set_apart(phones.rows(weights[PHONES]), phones.alike)}
    embedding = carried.pop(SPEAKERS, torch.zeros(len(speakers.old), weights[PHONES].shape[1]))
    embedding = speakers.rows(embedding)
    if len(speakers.new) > 1:
        carried[SPEAKERS] = embedding
    else:
        bias = max(filter(ENCODER_BIAS.fullmatch, weights), key=lambda name: int(name.split(".")[2]))
        carried[bias] = weights[bias] + embedding[0]
    return carried


def _set_apart(table: Tensor, alike: Sequence[int]) -> Tensor:
    """Move the rows ``alike`` of ``table``, each by chance: adapting moves a row by about a thirtieth of what lies
    between two phones, so German "ü", which begins as English "i" as "i" itself does, would stay an "i".
    """
    by_chance = torch.randn(len(alike), table.shape[1], generator=torch.Generator().manual_seed(len(table)))
    table[alike] += APART * table.square().mean().sqrt() * by_chance
    return table


def _some(names: Sequence[str]) -> str:
    more = len(names) - N_NAMED
    return ", ".join(names[:N_NAMED]) + (f" and {more} more" if more > 0 else "")
