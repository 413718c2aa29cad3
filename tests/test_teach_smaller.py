"""Smaller networks of a source filter that learn from larger ones."""

import re
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from tools.teach_smaller import (
    Reader,
    compare_filters,
    compare_logits,
    filters_of,
    main,
    narrowed,
    shrunk,
    spread,
    teach,
)
from tts.config.loader import load_config
from tts.errors import InputError
from tts.models.saved import find_checkpoint, load_acoustic, load_vocoder, load_weights
from tts.models.source_filter import SourceFilter
from tts.models.vocos import ConvNeXtBlock
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[1] / "configs" / "tiny.yaml"
NETWORKS = (
    "acoustic.sharpness=0.25",
    "vocoder.generator={kind: source_filter, channels: 16, hidden_channels: 32, n_blocks: 3, "
    "f0: {channels: 16, hidden_channels: 32, n_blocks: 1}}",
    "training.vocoder.weights={f0: 1}",
    "training.vocoder.validation_clips=0",
    "training.vocoder.steps=0",
)


@pytest.fixture(scope="module")
def large(tiny_features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, config = tmp_path_factory.mktemp("large"), load_config([TINY], NETWORKS)
    train_acoustic(tiny_features, folder / "acoustic", config)
    train_vocoder(tiny_features, folder / "vocoder", config)
    return folder


def test_filters_learn_to_sound_the_same(large: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    arguments = ["filter", tiny_corpus, large / "acoustic", large / "vocoder", tmp_path / "small"]
    arguments += ["--blocks", 2, "--hidden", 24, "--steps", 300]
    result = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    errors = [float(value) for value in re.findall(r"share ([\d.]+)", result.output)]
    assert errors[-1] < 0.7 * errors[0]
    generator, _ = load_vocoder(tmp_path / "small")
    assert isinstance(generator, SourceFilter) and generator.filter.blocks[1].widen.out_features == 24
    before, _ = load_vocoder(large / "vocoder")
    assert isinstance(before, SourceFilter)
    mel = torch.randn(1, before.n_mels, 20) - 5
    assert generator.f0(mel).equal(before.f0(mel))  # what hears the F0 is as it was
    kept, there = (
        load_weights(path)["discriminators"] for path in (tmp_path / "small", find_checkpoint(large / "vocoder"))
    )
    assert kept.keys() == there.keys() and all(kept[name].equal(there[name]) for name in there)


def test_what_hears_the_f0_is_taught_alone(large: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    arguments = ["f0", tiny_corpus, large / "acoustic", large / "vocoder", tmp_path / "small"]
    arguments += ["--blocks", 1, "--hidden", 24, "--steps", 8]
    CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    (generator, _), (before, _) = load_vocoder(tmp_path / "small"), load_vocoder(large / "vocoder")
    assert isinstance(generator, SourceFilter) and isinstance(before, SourceFilter)
    assert generator.f0.network.blocks[0].widen.out_features == 24
    mel = torch.randn(1, before.n_mels, 20) - 5
    assert not generator.f0(mel).equal(before.f0(mel))
    assert generator.filter(mel).equal(before.filter(mel))  # what filters is as it was


def test_the_f0_is_heard_the_same(large: Path) -> None:
    torch.manual_seed(0)
    model, _ = load_acoustic(find_checkpoint(large / "acoustic"))
    generator, _ = load_vocoder(find_checkpoint(large / "vocoder"))
    reader = Reader(model, [[1, 2, 3] * 9])
    assert isinstance(generator, SourceFilter)
    network = generator.f0.network
    with torch.no_grad():
        network.linear_post.weight.mul_(30)  # as decided as a trained one
        smaller, mel = shrunk(network, 1, 24), torch.stack([mel[:, :40] for mel in reader.read()])
        smaller.linear_post.weight.zero_()  # of an untrained network, the smaller one hears nearly the same at once
        before = compare_logits(smaller(mel), network(mel))["divergence"]
    teach(network, smaller, compare_logits, 6, reader, 400)
    with torch.no_grad():
        assert compare_logits(smaller(mel), network(mel))["divergence"] < 0.7 * before


@pytest.mark.parametrize(
    ("part", "blocks", "hidden", "there"),
    [("filter", 4, 24, "3 blocks of 32"), ("filter", 2, 33, "3 blocks of 32"), ("f0", 2, 24, "1 blocks of 32")],
)
def test_larger_networks_are_refused(
    large: Path, tiny_corpus: Path, tmp_path: Path, part: str, blocks: int, hidden: int, there: str
) -> None:
    arguments = [part, tiny_corpus, large / "acoustic", large / "vocoder", tmp_path / "small"]
    arguments += ["--blocks", blocks, "--hidden", hidden]
    with pytest.raises(InputError, match=f"has {there}"):
        CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert not (tmp_path / "small").exists()


def test_what_is_equal_is_no_distance(large: Path) -> None:
    generator, _ = load_vocoder(large / "vocoder")
    assert isinstance(generator, SourceFilter)
    mel = torch.randn(2, generator.n_mels, 8) - 5
    filters, logits = filters_of(generator.config, generator.filter(mel)), generator.f0(mel)
    assert all(term.item() == 0 for term in compare_filters(filters, filters).values())
    assert compare_logits(logits, logits)["divergence"].item() == 0


def test_hidden_units_that_weigh_nothing_are_not_missed() -> None:
    block = ConvNeXtBlock(8, 16, 3, 1.0)
    with torch.no_grad():
        block.narrow.weight[:, 1::2] = 0
        x = torch.randn(1, 8, 12)
        narrow = narrowed(block, 8)
        assert torch.allclose(narrow(x), block(x), atol=1e-6)
    assert narrow.widen.out_features == 8


@pytest.mark.parametrize(("there", "kept", "expected"), [(8, 4, [0, 2, 5, 7]), (6, 4, [0, 2, 3, 5]), (3, 3, [0, 1, 2])])
def test_blocks_that_stay_are_spread(there: int, kept: int, expected: list[int]) -> None:
    blocks = torch.nn.ModuleList(torch.nn.Identity() for _ in range(there))
    assert spread(blocks, kept) == [blocks[i] for i in expected]
