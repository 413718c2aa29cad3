"""Smaller filters that learn from larger ones."""

import re
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from tools.teach_smaller import distances, filters_of, main, narrowed, spread
from tts.config.loader import load_config
from tts.errors import InputError
from tts.models.saved import find_checkpoint, load_vocoder, load_weights
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
    arguments = [tiny_corpus, large / "acoustic", large / "vocoder", tmp_path / "small", "--blocks", 2, "--hidden", 24]
    result = CliRunner().invoke(main, [*map(str, arguments), "--steps", "300"], catch_exceptions=False)
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


@pytest.mark.parametrize("asked", [("--blocks", "4"), ("--hidden", "33")])
def test_larger_filters_are_refused(large: Path, tiny_corpus: Path, tmp_path: Path, asked: tuple[str, str]) -> None:
    arguments = [str(path) for path in (tiny_corpus, large / "acoustic", large / "vocoder", tmp_path / "small")]
    with pytest.raises(InputError, match="has 3 blocks of 32"):
        CliRunner().invoke(main, [*arguments, "--hidden", "24", *asked], catch_exceptions=False)
    assert not (tmp_path / "small").exists()


def test_what_is_equal_is_no_distance(large: Path) -> None:
    generator, _ = load_vocoder(large / "vocoder")
    assert isinstance(generator, SourceFilter)
    filters = filters_of(generator, torch.randn(2, generator.n_mels, 8) - 5)
    assert all(term.item() == 0 for term in distances(filters, filters).values())


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
