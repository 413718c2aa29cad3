"""Twice the filters per frame of mel that the source filter of a checkpoint has, half as long.

    python -m tools.split_filters RUN FOLDER

Two start as one was, at every other frequency. ``tts train vocoder ... --from FOLDER`` goes on, with
``vocoder.generator.filters_per_frame`` and ``istft`` set to what is printed.
"""

from pathlib import Path

import click
from safetensors.torch import save_file
from torch import Tensor

from tts.commands.options import FOLDER
from tts.config.schema import ISTFTConfig, SourceFilterConfig
from tts.models.saved import META_FILE, MODEL_FILE, find_checkpoint, load_weights, read_meta


@click.command(help=__doc__)
@click.argument("run", type=FOLDER)
@click.argument("folder", type=FOLDER)
def main(run: Path, folder: Path) -> None:
    checkpoint = find_checkpoint(run)
    meta = read_meta(checkpoint)
    config = meta.resolved_config(checkpoint)
    generator = config.vocoder.generator
    if not isinstance(generator, SourceFilterConfig):
        raise click.UsageError(f"{checkpoint}: holds no source filter")

    def split(tensor: Tensor) -> Tensor:
        filters = tensor.unflatten(0, (generator.filters_per_frame, 3, -1))
        return filters[:, :, ::2].repeat_interleave(2, 0).flatten(0, 2)

    tensors = {
        f"{module}.{name}": split(tensor) if name.startswith("filter.linear_post.") else tensor
        for module, state in load_weights(checkpoint).items()
        for name, tensor in state.items()
    }
    istft = ISTFTConfig(n_fft=generator.istft.n_fft // 2, hop_length=generator.istft.hop_length // 2)
    n_filters = 2 * generator.filters_per_frame
    changed = generator.model_copy(update={"filters_per_frame": n_filters, "istft": istft})
    vocoder = config.vocoder.model_copy(update={"generator": changed})
    tree = config.model_copy(update={"vocoder": vocoder}).model_dump(mode="json")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / MODEL_FILE)
    (folder / META_FILE).write_text(meta.model_copy(update={"config": tree}).model_dump_json(indent=1) + "\n")
    click.echo(f"filters_per_frame: {n_filters}, istft: {istft.model_dump()}")


if __name__ == "__main__":
    main()
