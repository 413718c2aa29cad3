"""Filters that learn to copy people and keep what their teacher taught them."""

from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from preprocess.pipeline import run
from tools.teach_people import main
from tts.audio.mel import LogMel
from tts.config.loader import load_config
from tts.data.store import FeatureStore
from tts.demo.corpus import make_corpus
from tts.errors import InputError
from tts.models.saved import load_vocoder
from tts.models.source_filter import SourceFilter
from tts.training.acoustic_task import train_acoustic
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[1] / "configs" / "tiny.yaml"
VOICES = ("en-us", "en-us+f1")
NETWORKS = (
    "vocoder.generator={kind: source_filter, channels: 16, hidden_channels: 32, n_blocks: 2, "
    "f0: {channels: 16, hidden_channels: 32, n_blocks: 1}}",
    "training.vocoder.weights={f0: 1, multi_scale_mel: 0}",
    "training.vocoder.stft={mel_windows: [64, 512]}",
    "training.vocoder.validation_clips=0",
    "training.vocoder.steps=0",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features of both voices, of either alone, and models of which the acoustic one knows the first."""
    folder, config = tmp_path_factory.mktemp("made"), load_config([TINY], NETWORKS)
    make_corpus(folder / "both", 6, voices=VOICES)
    for voice in VOICES:
        (folder / f"only {voice}").mkdir()
        (folder / f"only {voice}" / voice).symlink_to(folder / "both" / voice)
        run(folder / f"only {voice}", folder / f"features of {voice}", config, workers=1)
    run(folder / "both", folder / "features", config, workers=1)
    train_acoustic(folder / "features of en-us", folder / "acoustic", config)
    train_vocoder(folder / "features", folder / "vocoder", config)
    return folder


def teach(made: Path, features: str, out: Path, steps: int) -> None:
    names = (features, "both/en-us", "acoustic", "vocoder", "vocoder")
    arguments = [*(str(made / name) for name in names), str(out), "--steps", str(steps)]
    CliRunner().invoke(main, arguments, catch_exceptions=False)


def distance(vocoder: SourceFilter, store: FeatureStore) -> float:
    """Of mels of copies from those of the recordings, of which no model has learned."""
    heard = LogMel(load_config([TINY], NETWORKS).audio)
    mels = [torch.tensor(store.read_mel(row))[None] for row in store.split("validation")]
    with torch.no_grad():
        return sum((heard(vocoder(mel)[:, 0]) - mel).abs().mean().item() for mel in mels)


def test_copies_come_nearer_and_the_f0_is_heard_as_before(made: Path, tmp_path: Path) -> None:
    teach(made, "features", tmp_path / "taught", 40)
    (taught, _), (before, _) = load_vocoder(tmp_path / "taught"), load_vocoder(made / "vocoder")
    assert isinstance(taught, SourceFilter) and isinstance(before, SourceFilter)
    store = FeatureStore(made / "features")
    assert distance(taught, store) < distance(before, store)  # not by much: the larger filters hold these back
    some = torch.randn(1, before.n_mels, 20) - 5
    assert taught.f0(some).equal(before.f0(some))


@pytest.mark.parametrize(("of", "missing"), [("en-us", "people"), ("en-us+f1", "of en-us")])
def test_who_is_missing_is_named(made: Path, tmp_path: Path, of: str, missing: str) -> None:
    with pytest.raises(InputError, match=f"has no recordings of {missing}"):
        teach(made, f"features of {of}", tmp_path / "taught", 1)
    assert not (tmp_path / "taught").exists()
