"""Which phones each letter of a word stands for: the most probable alignment, by hard expectation maximisation."""

import math
from collections import Counter
from collections.abc import Sequence

import click

from tts.text.arpabet import is_vowel

Chunk = tuple[str, ...]  # phones of one letter
Entry = tuple[str, tuple[str, ...]]  # a word and its phones

ALIGNMENT_ROUNDS = 5
RARE = 1e-6  # probability of what an alignment has not been seen to do


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
