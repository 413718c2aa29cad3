"""A checkpoint of which one part was taught alone."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from tts.models.saved import META_FILE, MODEL_FILE


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
