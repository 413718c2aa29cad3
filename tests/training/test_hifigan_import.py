"""Files as the published program writes them, and its generator written once more from the paper."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from click.testing import CliRunner
from torch import Tensor

from tts.cli import main
from tts.config.loader import load_config
from tts.config.root import Config
from tts.config.vocoder import PeriodConfig, ScaleConfig
from tts.errors import InputError
from tts.models.discriminators import Discriminators
from tts.models.saved import fill, list_checkpoints, load_vocoder, load_weights, read_meta, step_of
from tts.training.hifigan_import import import_hifigan, read_config, read_weights

AUDIO = {"sampling_rate": 22050, "n_fft": 1024, "win_size": 1024, "hop_size": 256, "num_mels": 80, "fmin": 0}
TRAINING = {"seed": 1234, "batch_size": 16, "segment_size": 8192, "learning_rate": 0.0002, "lr_decay": 0.999}
UNUSED = {
    "num_gpus": 0, "num_workers": 4, "dist_config": {"world_size": 1}, "num_freq": 1025, "fmax_for_loss": None,
    "fmax_loss": None, "resblock_initial_channel": 64,
}  # fmt: skip
COMMON = {**AUDIO, **TRAINING, **UNUSED, "fmax": 8000, "adam_b1": 0.8, "adam_b2": 0.99}
BLOCK_1 = {
    "resblock": "1",
    "resblock_kernel_sizes": [3, 7, 11],
    "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
    "upsample_rates": [8, 8, 2, 2],
    "upsample_kernel_sizes": [16, 16, 4, 4],
}
BLOCK_2 = {
    "resblock": "2",
    "resblock_kernel_sizes": [3, 5, 7],
    "resblock_dilation_sizes": [[1, 2], [2, 6], [3, 12]],
    "upsample_rates": [8, 8, 4],
    "upsample_kernel_sizes": [16, 16, 8],
}
V1 = {**COMMON, **BLOCK_1, "upsample_initial_channel": 64}
V2 = {**COMMON, **BLOCK_1, "upsample_initial_channel": 32}
V3 = {**COMMON, **BLOCK_2, "upsample_initial_channel": 32}


def published_shapes(config: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Layer to (first and second size of its kernel, kernel size, channels of its bias)."""
    channels = config["upsample_initial_channel"]
    shapes = {"conv_pre": (channels, config["num_mels"], 7, channels)}
    n_kernels = len(config["resblock_kernel_sizes"])
    for stage, kernel in enumerate(config["upsample_kernel_sizes"]):
        half = channels // 2
        shapes[f"ups.{stage}"] = (channels, half, kernel, half)
        channels = half
        for index, size in enumerate(config["resblock_kernel_sizes"]):
            for position in range(len(config["resblock_dilation_sizes"][index])):
                for convs in ("convs1", "convs2") if config["resblock"] == "1" else ("convs",):
                    name = f"resblocks.{stage * n_kernels + index}.{convs}.{position}"
                    shapes[name] = (channels, channels, size, channels)
    return {**shapes, "conv_post": (1, channels, 7, 1)}


def random_weights(config: dict[str, Any]) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(0)
    weights = {}
    for name, (first, second, kernel, n_biases) in published_shapes(config).items():
        weights[f"{name}.bias"] = 0.1 * torch.randn(n_biases, generator=random)
        weights[f"{name}.weight_g"] = 0.5 + torch.rand(first, 1, 1, generator=random)
        weights[f"{name}.weight_v"] = torch.randn(first, second, kernel, generator=random)
    return weights


def published_generator(config: dict[str, Any], weights: dict[str, Tensor], mel: Tensor) -> Tensor:
    def layer(name: str) -> tuple[Tensor, Tensor]:
        g, v = weights[f"{name}.weight_g"], weights[f"{name}.weight_v"]
        return g * v / v.flatten(1).norm(dim=1)[:, None, None], weights[f"{name}.bias"]

    def conv(x: Tensor, name: str, dilation: int = 1) -> Tensor:
        weight, bias = layer(name)
        return F.conv1d(x, weight, bias, padding=dilation * (weight.shape[2] - 1) // 2, dilation=dilation)

    def block(x: Tensor, name: str, dilations: list[int]) -> Tensor:
        for position, dilation in enumerate(dilations):
            if config["resblock"] == "1":
                inner = conv(F.leaky_relu(x, 0.1), f"{name}.convs1.{position}", dilation)
                x = x + conv(F.leaky_relu(inner, 0.1), f"{name}.convs2.{position}")
            else:
                x = x + conv(F.leaky_relu(x, 0.1), f"{name}.convs.{position}", dilation)
        return x

    x = conv(mel, "conv_pre")
    dilations = config["resblock_dilation_sizes"]
    for stage, rate in enumerate(config["upsample_rates"]):
        weight, bias = layer(f"ups.{stage}")
        x = F.conv_transpose1d(F.leaky_relu(x, 0.1), weight, bias, rate, padding=(weight.shape[2] - rate) // 2)
        blocks = [block(x, f"resblocks.{stage * len(dilations) + i}", d) for i, d in enumerate(dilations)]
        x = torch.stack(blocks).mean(0)
    return conv(F.leaky_relu(x, 0.01), "conv_post").tanh()


def write_published(folder: Path, config: dict[str, Any], weights: dict[str, Tensor]) -> tuple[Path, Path]:
    config_file, generator = folder / "config.json", folder / "g_02500000"
    config_file.write_text(json.dumps(config))
    torch.save({"generator": weights}, generator, _use_new_zipfile_serialization=False)  # as torch 1.4 wrote them
    return config_file, generator


@pytest.mark.parametrize("config", [V1, V2, V3], ids=["V1", "V2", "V3"])
def test_speaks_as_the_published_generator(config: dict[str, Any], tmp_path: Path) -> None:
    weights = random_weights(config)
    result = CliRunner().invoke(
        main, ["import", "hifigan", *map(str, write_published(tmp_path, config, weights)), str(tmp_path / "run")]
    )
    assert result.exit_code == 0, result.output
    assert f"ignored, since it does not change the network: {', '.join(sorted(UNUSED))}" in result.output
    generator, meta = load_vocoder(tmp_path / "run")
    assert meta.step == 2_500_000
    mel = torch.randn(2, 80, 9, generator=torch.Generator().manual_seed(1)) * 2 - 5
    with torch.no_grad():
        expected = published_generator(config, weights, mel)
        difference = (generator(mel) - expected).abs().max().item()
    assert difference < 1e-5 and expected.std() > 0.05


@pytest.mark.parametrize(
    ("name", "step"),
    [("g_00000007", 7), ("g_999999999", 999_999_999), ("g_" + "9" * 20, 0), ("g_٣", 0), ("g", 0), ("g_1_2", 2)],
)
def test_the_step_is_what_the_name_says_if_training_can_reach_it(name: str, step: int, tmp_path: Path) -> None:
    config_file, generator = write_published(tmp_path, V3, random_weights(V3))
    checkpoint = import_hifigan(config_file, generator.rename(tmp_path / name), tmp_path / "run")
    assert list_checkpoints(tmp_path / "run") == [checkpoint]
    assert read_meta(checkpoint).step == step_of(checkpoint) == step


def test_the_config_is_kept(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({**V3, "sampling_rate": 16000, "fmax": None, "adam_b1": 0.7}))
    config = read_config(tmp_path / "config.json")
    assert (config.audio.sample_rate, config.audio.fmax) == (16000, 8000.0)
    assert config.vocoder.generator.resblock_dilations == ((1, 2), (2, 6), (3, 12))
    assert config.training.vocoder.betas == (0.7, 0.99)
    (tmp_path / "published").mkdir()
    run = tmp_path / "run"
    found = import_hifigan(*write_published(tmp_path / "published", V3, random_weights(V3)), run)
    assert load_config([run / "config.yaml"]) == read_meta(found).resolved_config(found)


def test_a_config_of_the_network_alone_is_enough(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        json.dumps({**AUDIO, **BLOCK_1, "upsample_initial_channel": 32, "fmax": 8000})
    )
    config = read_config(tmp_path / "config.json")
    assert config.vocoder.generator.channels == 32 and config.training == Config().training


@pytest.mark.corpus
def test_the_checkpoint_that_was_published_for_ljspeech(corpus_data: Path, tmp_path: Path) -> None:
    folder = corpus_data.parent / "published" / "hifigan_LJ_V2"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    import_hifigan(folder / "config.json", folder / "generator_v2", tmp_path / "run")
    generator, _ = load_vocoder(tmp_path / "run")
    assert generator.receptive_field == 13


def test_discriminators_with_either_norm(tmp_path: Path) -> None:
    members = (PeriodConfig(periods=(2,), width=1 / 16), ScaleConfig(n_scales=2, width=1 / 16))
    ours = Discriminators(members)
    old_names = {
        "parametrizations.weight.original0": "weight_g",
        "parametrizations.weight.original1": "weight_v",
        "parametrizations.weight.original": "weight_orig",
        "parametrizations.weight.0._u": "weight_u",
        "parametrizations.weight.0._v": "weight_v",
    }
    published: dict[str, dict[str, Tensor]] = {"mpd": {}, "msd": {}}
    for name, tensor in ours.state_dict().items():
        part, _, name = name.partition(".")
        new = next((new for new in old_names if name.endswith(new)), None)
        published[part][name.replace(new, old_names[new]) if new else name] = tensor
    assert "discriminators.0.convs.0.weight_orig" in published["msd"]
    assert published["msd"]["discriminators.1.convs.0.weight_g"].shape == (8, 1, 1)
    torch.save({**published, "steps": 2_500_000, "epoch": 3000}, tmp_path / "do_02500000")
    theirs = Discriminators(members)
    parts = {part: read_weights(tmp_path / "do_02500000", part) for part in published}
    fill(theirs, {f"{part}.{name}": tensor for part, weights in parts.items() for name, tensor in weights.items()}, "")
    assert all(torch.equal(tensor, theirs.state_dict()[name]) for name, tensor in ours.state_dict().items())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"activation": "snakebeta"}, "has activation 'snakebeta'"),
        ({"upsample_rates": [8, 8, 2]}, "multiply to 128, but audio.hop_length is 256"),
        ({"resblock": "3"}, "generator.resblock"),
        ({"resblock_dilation_sizes": [[1], [2], [3]]}, "has 2 dilations"),
        ({"fmax": 12000}, "above half of sample_rate"),
    ],
)
def test_a_config_of_another_network_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({**V3, **change}))
    with pytest.raises(InputError, match=message):
        read_config(tmp_path / "config.json")


def test_wrong_files_are_refused_in_one_line(tmp_path: Path) -> None:
    config_file, generator = write_published(tmp_path, V3, random_weights(V3))
    whole = generator.read_bytes()
    for name, content in (("empty", b""), ("text", b"not a checkpoint"), ("half", whole[: len(whole) // 2])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="is not a checkpoint, or a damaged one"):
            import_hifigan(config_file, tmp_path / name, tmp_path / "run")
    torch.save({"state_dict": {}}, tmp_path / "other")
    torch.save({"generator": random_weights(V2)}, tmp_path / "v2")
    for name, message in (
        ("other", "holds no 'generator' weights"),
        ("v2", r"does not fit .*: 'resblocks.0.convs.0.bias' is missing \(and \d+ more\)"),
        ("absent", "cannot be read"),
    ):
        with pytest.raises(InputError, match=message) as error:
            import_hifigan(config_file, tmp_path / name, tmp_path / "run")
        assert "\n" not in str(error.value)
    config_file.write_text('{"resblock": "1"')
    with pytest.raises(InputError, match="not valid JSON"):
        import_hifigan(config_file, generator, tmp_path / "run")
    config_file.write_text('{"resblock": "1"}')
    with pytest.raises(InputError, match="lacks fmax, fmin"):
        import_hifigan(config_file, generator, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_import_overwrites_nothing(tmp_path: Path) -> None:
    files = write_published(tmp_path, V3, random_weights(V3))
    found = import_hifigan(*files, tmp_path / "run")
    assert load_weights(found).keys() == {"generator"}
    with pytest.raises(InputError, match="exists already"):
        import_hifigan(*files, tmp_path / "run")
