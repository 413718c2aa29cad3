"""The weights of a checkpoint in half precision: small enough to be kept in a repository, and to start from.

    python -m tools.pack_checkpoint RUN FOLDER

``tts train ... --from FOLDER`` goes on with them; optimizers start anew. Of a module with a moving average, that is
kept alone.
"""

from pathlib import Path

import click
from safetensors.torch import save_file

from tts.commands.options import FOLDER
from tts.models.saved import META_FILE, MODEL_FILE, find_checkpoint, load_weights, read_meta

TASKS = ("acoustic", "vocoder")


@click.command(help=__doc__)
@click.argument("run", type=FOLDER)
@click.argument("folder", type=FOLDER)
def main(run: Path, folder: Path) -> None:
    checkpoint = find_checkpoint(run)
    weights, meta = load_weights(checkpoint), read_meta(checkpoint)
    averaged = {name.removesuffix("_ema"): weights.pop(name) for name in list(weights) if name.endswith("_ema")}
    tensors = {
        f"{module}.{name}": tensor.half() if tensor.is_floating_point() else tensor
        for module, state in {**weights, **averaged}.items()
        for name, tensor in state.items()
    }
    config = meta.resolved_config(checkpoint)
    training = config.training.model_copy(
        update={task: getattr(config.training, task).model_copy(update={"ema_decay": None}) for task in TASKS}
    )
    tree = config.model_copy(update={"training": training}).model_dump(mode="json")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / MODEL_FILE)
    (folder / META_FILE).write_text(meta.model_copy(update={"config": tree}).model_dump_json(indent=1) + "\n")


if __name__ == "__main__":
    main()
