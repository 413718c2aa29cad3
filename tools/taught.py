"""What the tools share that teach one part of a model alone: sentences to read, and the checkpoint that comes of it."""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from preprocess.corpus import read_corpus
from tts.config.root import Config
from tts.models.saved import META_FILE, MODEL_FILE
from tts.text.front_end import corpus_front_end
from tts.text.inventory import PhoneInventory
from tts.text.sentences import Sentence


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
