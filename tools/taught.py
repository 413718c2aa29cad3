"""What the tools share that teach one part of a model alone: sentences to read, what they say while they teach, and the
checkpoint that comes of it."""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file
from torch import Tensor

from preprocess.corpus import read_corpus
from tts.config.root import Config
from tts.models.saved import META_FILE, MODEL_FILE
from tts.text.front_end import corpus_front_end
from tts.text.inventory import PhoneInventory
from tts.text.sentences import Sentence

STEPS_PER_LINE = 100


class Means:
    """Writes a line of the means of each ``STEPS_PER_LINE`` steps."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self.write, self.steps = write, list[list[float]]()

    def add(self, terms: Mapping[str, Tensor]) -> None:
        """terms: of the next step, scalars."""
        self.steps.append([term.item() for term in terms.values()])
        if len(self.steps) % STEPS_PER_LINE == 0:
            means = np.mean(self.steps[-STEPS_PER_LINE:], axis=0)
            said = ", ".join(f"{name} {mean:.4f}" for name, mean in zip(terms, means, strict=True))
            self.write(f"step {len(self.steps)}: {said}")


def warmed_cosine(step: int, n_steps: int, peak: float, warmup: int) -> float:
    """A learning rate that rises in a straight line over ``warmup`` steps, while half a cosine takes it to 0."""
    return peak * min(1.0, (step + 1) / warmup) * (1 + math.cos(math.pi * step / n_steps)) / 2


def read_sentences(corpus: Path, config: Config, inventory: PhoneInventory) -> Iterator[Sentence]:
    """The sentences of the transcripts all of whose words are read, in phones of ``inventory``."""
    read = corpus_front_end(config.text)
    for sentence in (sentence for utterance in read_corpus(corpus) for sentence in read(utterance.text)):
        known = all(phone in inventory for word in sentence.words for phone in word.phones)
        if sentence.words and not sentence.unread and known:
            yield sentence


def write_taught(
    checkpoint: Path, out: Path, modules: tuple[str, ...], part: str, taught: Mapping[str, Tensor]
) -> None:
    """Write the checkpoint ``out``: ``checkpoint`` with the weights ``taught`` in ``part`` of those ``modules`` that it
    holds, as are a model and its moving average."""
    weights = load_file(checkpoint / MODEL_FILE)
    for module, (name, tensor) in product(modules, taught.items()):
        if (key := f"{module}.{part}.{name}") in weights:
            weights[key] = tensor.detach().to(weights[key].dtype, copy=True).contiguous()
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / MODEL_FILE)
    (out / META_FILE).write_bytes((checkpoint / META_FILE).read_bytes())
