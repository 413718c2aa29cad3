"""Teach a smaller network of a source filter to do what its larger one does, in less time.

    python -m tools.teach_smaller filter CORPUS ... ACOUSTIC VOCODER OUT --blocks 3 --hidden 384
    python -m tools.teach_smaller f0 CORPUS ... ACOUSTIC VOCODER OUT --blocks 2 --hidden 192

No recording is needed: ACOUSTIC reads the transcripts of the corpora, as every speaker and at many speeds, pitches and
levels, and how VOCODER filters these mels, or which F0 it hears in them, is the lesson (Hinton et al., arXiv
1503.02531). The smaller network begins with every second block or so (arXiv 1909.11556) and with those hidden units
that weigh most. All else stays as it is, discriminators too, for ``tts train vocoder --from OUT``.
"""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from tqdm import trange

from tools.taught import Means, read_sentences, warmed_cosine
from tts.audio.mel import LOG_FLOOR
from tts.config.vocoder import SourceFilterConfig
from tts.errors import InputError
from tts.models.fastspeech2 import FastSpeech2
from tts.models.saved import (
    META_FILE,
    MODEL_FILE,
    CheckpointMeta,
    find_checkpoint,
    load_acoustic,
    load_vocoder,
    load_weights,
)
from tts.models.source_filter import LARGEST_LOG_GAIN, SourceFilter
from tts.models.vocos import ConvNeXt, ConvNeXtBlock, reach
from tts.runtime.script import write_script
from tts.text.inventory import PhoneInventory

Sentences = Sequence[Sequence[int]]  # phone ids
Filters = tuple[Tensor, Tensor, Tensor]  # log gain of pulses, their phase, log gain of noise
Lesson = tuple[Tensor, Tensor]  # a mel (M, T), and what the network makes of it (N, T)
Terms = dict[str, Tensor]
Compare = Callable[[Tensor, Tensor], Terms]  # what was said, what was wanted, (B, N, T)

N_SENTENCES = 4  # of a reading
N_STRETCHES, N_FRAMES = 6, 96  # of a step
N_OFFERED = 32  # sentences, of which neighbours in length are read together: padding is work for nothing
STEPS_PER_READING = 8  # what is learnt are stretches of the sentences that were read last
N_REMEMBERED = 200
RATE, WARMUP, LARGEST_NORM = 1e-3, 200, 1.0
PLAIN = 0.4  # share of sentences that are said as they are
SPEED, PITCH, ENERGY = 0.15, 2.0, 2.0  # deviations of the others: logarithm, semitones, dB
WITHIN = 0.3  # deviation from phone to phone, as a share of that
QUIET = -9.0  # log gain below which filters need not be right
LOG_SHARE = 0.1  # of the error of logarithms in the loss of filters


class Reader:
    """An acoustic model that reads random sentences."""

    def __init__(self, model: FastSpeech2, sentences: Sentences) -> None:
        self.model, self.sentences, self.random = model, sentences, np.random.default_rng(0)

    @torch.no_grad()
    def read(self) -> list[Tensor]:
        """Mels (M, T) of some sentences of about one length, at least ``N_FRAMES`` long."""
        offered = [self.sentences[i] for i in self.random.integers(len(self.sentences), size=N_OFFERED)]
        first = int(self.random.integers(N_OFFERED - N_SENTENCES + 1))
        chosen = [torch.tensor(ids) for ids in sorted(offered, key=len)[first : first + N_SENTENCES]]
        ids, lengths = pad_sequence(chosen, batch_first=True), torch.tensor([len(each) for each in chosen])
        speakers = torch.from_numpy(self.random.integers(self.model.n_speakers, size=N_SENTENCES))
        is_plain = self.random.random((N_SENTENCES, 1)) < PLAIN
        speed, pitch, energy = (self._moved(ids, is_plain, deviation) for deviation in (SPEED, PITCH, ENERGY))
        said = self.model.infer(ids, lengths, speakers, speed.exp(), pitch, energy)
        cut = [mel[:, :length] for mel, length in zip(said.final_mel, said.mel_lengths.tolist(), strict=True)]
        return [padded(mel) for mel in cut]

    def _moved(self, ids: Tensor, is_plain: Any, deviation: float) -> Tensor:
        sentence, phone = self.random.normal(size=(len(ids), 1)), self.random.normal(size=tuple(ids.shape))
        return torch.from_numpy(np.where(is_plain, 0.0, deviation * (sentence + WITHIN * phone))).float()


def open_reader(acoustic: Path, corpora: Sequence[Path]) -> tuple[Reader, CheckpointMeta]:
    """Who reads the transcripts of the corpora, and what is known of that model."""
    checkpoint = find_checkpoint(acoustic)
    model, meta = load_acoustic(checkpoint)
    config, inventory = meta.resolved_config(checkpoint), PhoneInventory(meta.phones)
    read = (sentence for corpus in corpora for sentence in read_sentences(corpus, config, inventory))
    return Reader(model, [write_script(sentence, inventory).phone_ids for sentence in read]), meta


def padded(mel: Tensor) -> Tensor:
    """(M, T), with silence after it to ``N_FRAMES``."""
    return F.pad(mel, (0, max(0, N_FRAMES - mel.shape[1])), value=math.log(LOG_FLOOR))


def teach(larger: ConvNeXt, smaller: ConvNeXt, compare: Compare, edge: int, reader: Reader, n_steps: int) -> None:
    """What ``smaller``, of which a frame depends on ``edge`` on each side, makes of a mel becomes what ``larger``
    does."""
    optimizer = torch.optim.AdamW(smaller.parameters(), betas=(0.9, 0.98), weight_decay=0.0)
    lessons, progress = list[Lesson](), trange(n_steps, unit="step", mininterval=5)
    means = Means(progress.write)
    for step in progress:
        optimizer.param_groups[0]["lr"] = warmed_cosine(step, n_steps, RATE, WARMUP)
        if step % STEPS_PER_READING == 0:
            with torch.no_grad():
                lessons += [(mel, larger(mel[None])[0]) for mel in reader.read()]
            lessons = lessons[-N_REMEMBERED:]
        mels, wanted = stretches(lessons, reader.random)
        terms = compare(smaller(mels)[..., edge:-edge], wanted[..., edge:-edge])  # others miss what was cut off
        optimizer.zero_grad()
        torch.stack(list(terms.values())).sum().backward()
        nn.utils.clip_grad_norm_(smaller.parameters(), LARGEST_NORM)
        optimizer.step()
        means.add(terms)


def stretches(
    lessons: Sequence[Lesson], random: np.random.Generator, number: int = N_STRETCHES, n_frames: int = N_FRAMES
) -> Lesson:
    """``n_frames`` each of some of the lessons: mels (B, M, T), and what the network makes of them (B, N, T)."""
    chosen = [lessons[i] for i in random.integers(len(lessons), size=number)]
    starts = [int(random.integers(mel.shape[1] - n_frames + 1)) for mel, _ in chosen]
    cut = [[part[:, at : at + n_frames] for part in each] for each, at in zip(chosen, starts, strict=True)]
    mels, outputs = zip(*cut, strict=True)
    return torch.stack(mels), torch.stack(outputs)


def shrunk(larger: ConvNeXt, n_blocks: int, hidden: int) -> ConvNeXt:
    """A copy with some of the blocks, and of each the hidden units that weigh most."""
    smaller = deepcopy(larger)
    smaller.blocks = nn.Sequential(*(narrowed(block, hidden) for block in spread(smaller.blocks, n_blocks)))
    return smaller


def spread(blocks: nn.Module, n_kept: int) -> list[Any]:
    """So many of ``blocks``, from the first to the last."""
    there = list(blocks.children())
    return [there[round(place)] for place in np.linspace(0, len(there) - 1, n_kept)]


def narrowed(block: ConvNeXtBlock, hidden: int) -> ConvNeXtBlock:
    """``block`` with those of its hidden units that weigh most."""
    weigh = block.widen.weight.norm(dim=1) * block.narrow.weight.norm(dim=0)
    kept = weigh.topk(hidden).indices
    sliced = {"widen.weight": (kept,), "widen.bias": (kept,), "narrow.weight": (slice(None), kept)}
    weights = {name: tensor[sliced.get(name, ())] for name, tensor in block.state_dict().items()}
    narrow = ConvNeXtBlock(block.depthwise.out_channels, hidden, block.depthwise.kernel_size[0], 1.0)
    narrow.load_state_dict(weights)
    return narrow


def filters_of(config: SourceFilterConfig, outputs: Tensor) -> Filters:
    """outputs: (B, N, T), of the network. Each (B, F, K, T), F to a frame."""
    gain, phase, noise = outputs.unflatten(1, (config.filters_per_frame, 3, -1)).unbind(2)
    return gain.clamp(max=LARGEST_LOG_GAIN), phase, noise.clamp(max=LARGEST_LOG_GAIN)


def compare_filters(said: Filters, wanted: Filters) -> Terms:
    """The error of both filters as a share of what sounds in that band, and that of their logarithms."""
    (gain, phase, noise), (wanted_gain, wanted_phase, wanted_noise) = said, wanted
    level = wanted_gain.exp() + wanted_noise.exp() + math.exp(QUIET)
    pulses = (torch.polar(gain.exp(), phase) - torch.polar(wanted_gain.exp(), wanted_phase)).abs()
    logs = [(a.clamp(min=QUIET) - b.clamp(min=QUIET)).abs() for a, b in ((gain, wanted_gain), (noise, wanted_noise))]
    share = (pulses + (noise.exp() - wanted_noise.exp()).abs()) / level
    return {"share": share.mean(), "logs": LOG_SHARE * torch.stack(logs).mean()}


def compare_logits(said: Tensor, wanted: Tensor) -> Terms:
    """(B, N, T) each, of every step of the F0. The Kullback-Leibler divergence of what they say, in nats."""
    divergence = F.kl_div(said.log_softmax(1), wanted.log_softmax(1), reduction="none", log_target=True)
    return {"divergence": divergence.sum(1).mean()}


def write_smaller(checkpoint: Path, out: Path, smaller: nn.Module, config: dict[str, Any]) -> None:
    """Write the checkpoint ``out``: ``checkpoint`` with ``smaller``, of ``config``, as its generator, without other
    copies of it."""
    meta = CheckpointMeta.model_validate_json((checkpoint / META_FILE).read_bytes())
    averaged = meta.resolved_config(checkpoint).training.vocoder.ema_decay is not None
    module = "generator_ema" if averaged else "generator"
    discriminators = load_weights(checkpoint, "discriminators").get("discriminators", {})
    tensors = {f"{module}.{name}": tensor for name, tensor in smaller.state_dict().items()}
    tensors |= {f"discriminators.{name}": tensor for name, tensor in discriminators.items()}
    out.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, out / MODEL_FILE)
    meta = meta.model_copy(update={"config": config})
    (out / META_FILE).write_text(meta.model_dump_json(indent=1), encoding="utf-8")


existing = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("part", type=click.Choice(["filter", "f0"]))
@click.argument("corpora", nargs=-1, required=True, type=existing)
@click.argument("acoustic", type=existing)
@click.argument("vocoder", type=existing)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--blocks", "n_blocks", required=True, type=int)
@click.option("--hidden", required=True, type=int, help="Hidden channels of a block.")
@click.option("--steps", "n_steps", default=12_000, show_default=True)
def main(
    part: str,
    corpora: Sequence[Path],
    acoustic: Path,
    vocoder: Path,
    out: Path,
    n_blocks: int,
    hidden: int,
    n_steps: int,
) -> None:
    """Write the checkpoint OUT: VOCODER with a smaller network that filters, or hears the F0, for mels that ACOUSTIC
    makes."""
    torch.manual_seed(0)
    checkpoint = find_checkpoint(vocoder)
    generator, meta = load_vocoder(checkpoint)
    if not isinstance(generator, SourceFilter):
        raise InputError(vocoder, "has no filters", "give a source filter")
    filters = generator.config
    there, larger = (filters, generator.filter) if part == "filter" else (filters.f0, generator.f0.network)
    if n_blocks > there.n_blocks or hidden > there.hidden_channels:
        raise InputError(vocoder, f"has {there.n_blocks} blocks of {there.hidden_channels}", "ask for fewer")
    reader, _ = open_reader(acoustic, corpora)
    smaller = shrunk(larger, n_blocks, hidden)
    size = {"n_blocks": n_blocks, "hidden_channels": hidden}

    def compare(said: Tensor, wanted: Tensor) -> Terms:
        if part == "f0":
            return compare_logits(said, wanted)
        return compare_filters(filters_of(filters, said), filters_of(filters, wanted))

    edge = reach(there.model_copy(update=size))
    teach(larger, smaller, compare, edge, reader, n_steps)
    if part == "filter":
        generator.filter = smaller
    else:
        generator.f0.network = smaller
    tree = deepcopy(meta.config)
    tree["vocoder"]["generator"] |= size if part == "filter" else {"f0": tree["vocoder"]["generator"]["f0"] | size}
    write_smaller(checkpoint, out, generator, tree)


if __name__ == "__main__":
    main()
