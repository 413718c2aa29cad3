"""Published HiFi-GAN weights (github.com/jik876/hifi-gan and what follows its format) as a run of ours.

``g_02500000`` holds ``{"generator": weights}``, ``do_02500000`` the discriminators ``{"mpd": ..., "msd": ...}`` beside
what only their training script needs. Modules are named as here; the norms are named as in old versions of torch.
"""

import pickle
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tts.config.loader import config_from_tree, dump_config
from tts.config.root import Config
from tts.errors import InputError, system_error
from tts.files.documents import parse_json, read_document
from tts.files.whole import write_file
from tts.models.discriminators import Discriminators
from tts.models.generators import make_generator
from tts.models.saved import Weights, fill
from tts.training import checkpoint
from tts.training.run_dir import CONFIG_FILE, RunDir

# Our name to the published one.
AUDIO_KEYS = {
    "sample_rate": "sampling_rate",
    "n_fft": "n_fft",
    "win_length": "win_size",
    "hop_length": "hop_size",
    "n_mels": "num_mels",
    "fmin": "fmin",
    "fmax": "fmax",
}
GENERATOR_KEYS = {
    "channels": "upsample_initial_channel",
    "upsample_rates": "upsample_rates",
    "upsample_kernels": "upsample_kernel_sizes",
    "resblock": "resblock",
    "resblock_kernels": "resblock_kernel_sizes",
    "resblock_dilations": "resblock_dilation_sizes",
}
TRAINING_KEYS = {
    "seed": "seed",
    "batch_size": "batch_size",
    "segment_length": "segment_size",
    "learning_rate": "learning_rate",
    "decay": "lr_decay",
}
BETAS = ("adam_b1", "adam_b2")
# Keys of programs that follow HiFi-GAN which change what the same weights compute, and the values that are HiFi-GAN's.
# Whatever else a config holds either shows in the weights, which must fit exactly, or is training alone.
SAME_AS_OURS: dict[str, tuple[Any, ...]] = {
    "activation": ("leaky_relu", "lrelu", "LeakyReLU"),
    "use_tanh_at_final": (True,),
    "post_activation": ("tanh",),
    "lrelu_slope": (0.1,),
    "center": (False,),
    "mel_scale": ("slaney",),
    "mel_type": ("pytorch", "librosa"),
    "mpd_reshapes": ([2, 3, 5, 7, 11],),
    "discriminator_channel_mult": (1,),
}
N_DILATIONS = {"1": 3, "2": 2}  # that a published residual block has, whatever the config lists

# Suffixes of weights. The published spectral norm has a weight_v too, which means something else.
WEIGHT_NORM = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
SPECTRAL_NORM = {
    "weight_orig": "parametrizations.weight.original",
    "weight_u": "parametrizations.weight.0._u",
    "weight_v": "parametrizations.weight.0._v",
}


def import_hifigan(config_file: Path, generator: Path, run: Path, discriminators: Path | None = None) -> Path:
    """Write the folder ``run``, which holds one checkpoint and the config; returns the checkpoint.

    It can be exported, and started from, but not resumed. Raises ``InputError`` for files that cannot be read, are of
    another format, or do not fit together.
    """
    if run.exists() and (not run.is_dir() or any(run.iterdir())):
        raise InputError(run, "exists already", "give a new folder")
    config = read_config(config_file)
    modules: dict[str, torch.nn.Module] = {"generator": make_generator(config.vocoder.generator, config.audio)}
    fill(modules["generator"], read_weights(generator, "generator"), generator)
    if discriminators:
        modules["discriminators"] = Discriminators(config.vocoder.discriminators)
        parts = {part: read_weights(discriminators, part) for part in ("mpd", "msd")}
        named = {f"{part}.{name}": tensor for part, weights in parts.items() for name, tensor in weights.items()}
        fill(modules["discriminators"], named, discriminators)

    run_dir = RunDir(run, config, "vocoder", writes=False)
    run_dir.checkpoints.mkdir(parents=True)
    write_file(run / CONFIG_FILE, dump_config(config).encode())
    step = re.search(r"_([0-9]{1,9})$", generator.name)  # no training of ours has steps of more digits
    weights = {name: module.state_dict() for name, module in modules.items()}
    meta = {"config": config.model_dump(mode="json")}
    return checkpoint.save(run_dir, int(step[1]) if step else 0, weights, None, meta)


def read_config(path: Path) -> Config:
    """A published ``config.json`` as a config of ours. Raises ``InputError`` for what we would do differently."""
    published = _read_json(path)
    needed = {*AUDIO_KEYS.values(), *GENERATOR_KEYS.values()}
    if missing := needed - published.keys():
        raise InputError(path, f"lacks {', '.join(sorted(missing))}")
    for key, values in SAME_AS_OURS.items():
        if published.get(key, values[0]) not in values:
            raise InputError(path, f"has {key} {published[key]!r}; of HiFi-GAN it is {values[0]!r}")
    if published["fmax"] is None and isinstance(published["sampling_rate"], int):
        published["fmax"] = published["sampling_rate"] / 2
    audio, generator, training = (
        {ours: published[theirs] for ours, theirs in keys.items() if theirs in published}
        for keys in (AUDIO_KEYS, GENERATOR_KEYS, TRAINING_KEYS)
    )
    if all(beta in published for beta in BETAS):
        training["betas"] = [published[beta] for beta in BETAS]
    tree = {"audio": audio, "vocoder": {"generator": generator}, "training": {"vocoder": training}}
    config = config_from_tree(tree, path)
    resblock, dilations = generator["resblock"], generator["resblock_dilations"]
    if any(len(of_kernel) != N_DILATIONS[resblock] for of_kernel in dilations):
        raise InputError(path, f"resblock {resblock} has {N_DILATIONS[resblock]} dilations for each kernel")
    return config


def ignored_keys(path: Path) -> list[str]:
    """What a published ``config.json`` holds beyond what becomes a config of ours. None of it changes the network."""
    known = {*AUDIO_KEYS.values(), *GENERATOR_KEYS.values(), *TRAINING_KEYS.values(), *BETAS, *SAME_AS_OURS}
    return sorted(_read_json(path).keys() - known)


def _read_json(path: Path) -> dict[str, Any]:
    published = parse_json(read_document(path), path)
    if not isinstance(published, dict):
        raise InputError(path, "is not a JSON object", "give the config.json that belongs to the weights")
    return published


def read_weights(path: Path, part: str) -> Weights:
    """The weights of a ``part`` ("generator", "mpd", "msd") in a published file, under present names.

    No code of the file is run. Raises ``InputError`` for a file that is missing, damaged, or holds no such part.
    """
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise system_error(path, "cannot be read", error) from None
    except (
        RuntimeError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        pickle.UnpicklingError,
    ) as error:
        reason = str(error).partition("\n")[0] or "it ends too early"
        if isinstance(error, pickle.UnpicklingError):  # torch would advise to run its code
            reason = "it is not weights alone"
        raise InputError(path, f"is not a checkpoint, or a damaged one ({reason})", "download it again") from None
    weights = content.get(part) if isinstance(content, dict) else None
    if not isinstance(weights, dict) or not all(isinstance(tensor, Tensor) for tensor in weights.values()):
        raise InputError(path, f"holds no {part!r} weights", "g_* files hold the generator, do_* files the rest")
    return {_present_name(name, weights): tensor for name, tensor in weights.items()}


def _present_name(name: str, weights: Weights) -> str:
    module, _, suffix = name.rpartition(".")
    norm = SPECTRAL_NORM if f"{module}.weight_orig" in weights else WEIGHT_NORM
    return f"{module}.{norm.get(suffix, suffix)}"
