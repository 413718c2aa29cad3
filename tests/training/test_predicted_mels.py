"""From an acoustic run to a vocoder tuned on the mels it predicts, on a tiny corpus."""

from pathlib import Path

import pytest
import torch

from tts.audio.mel import LogMel
from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.models.saved import list_checkpoints, load_acoustic, load_vocoder
from tts.training.acoustic_task import train_acoustic
from tts.training.predicted_mels import PREDICTED_MELS_FOLDER, PredictedMels
from tts.training.vocoder_task import train_vocoder

pytestmark = pytest.mark.slow  # trains four times

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"


def config(task: str, steps: int) -> Config:
    rate = {"acoustic": 5e-3, "vocoder": 1e-3}[task]
    values = {"steps": steps, "n_samples": 0, "validate_every": 1000, "checkpoint_every": 1000, "learning_rate": rate}
    overrides = [f"training.{task}.{name}={value}" for name, value in values.items()]
    return load_config([TINY], [*overrides, "training.vocoder.start_steps={adversarial: 1000, feature_matching: 1000}"])


@pytest.fixture(scope="module")
def runs(tiny_features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``acoustic``, ``vocoder``, and two that go on from it: ``tuned`` on predicted, ``longer`` on recorded mels."""
    folder = tmp_path_factory.mktemp("runs")
    vocoder, acoustic = folder / "vocoder", folder / "acoustic"
    train_acoustic(tiny_features, acoustic, config("acoustic", steps=10))
    train_vocoder(tiny_features, vocoder, config("vocoder", steps=10))
    train_vocoder(tiny_features, folder / "longer", config("vocoder", steps=20), vocoder)
    for steps in (10, 20):
        train_vocoder(tiny_features, folder / "tuned", config("vocoder", steps), vocoder, acoustic)
    return folder


@torch.no_grad()
def mel_error(vocoder: Path, store: FeatureStore) -> float:
    """Mean absolute difference between the mels of speech from predicted mels and of the recordings."""
    generator, meta = load_vocoder(vocoder)
    log_mel, recorded, errors = LogMel(meta.resolved_config(vocoder).audio), FeatureStore(store.folder), []
    for row in store.split("validation"):
        audio = generator(torch.tensor(store.read_mel(row))[None])[:, 0]
        errors.append((log_mel(audio)[0] - torch.tensor(recorded.read_mel(row))).abs().mean().item())
    return sum(errors) / len(errors)


@pytest.mark.slow
def test_tuning_lowers_the_error_on_predicted_mels(runs: Path, tiny_features: Path) -> None:
    store = PredictedMels(tiny_features, runs / "tuned" / PREDICTED_MELS_FOLDER)
    before, longer, tuned = (mel_error(runs / name, store) for name in ("vocoder", "longer", "tuned"))
    print(f"mel L1 on predicted mels: {before:.3f} before, {longer:.3f} with recorded ones, {tuned:.3f} tuned")
    assert tuned < min(before, longer)


@torch.inference_mode()
def test_every_utterance_has_its_own_prediction(runs: Path, tiny_features: Path) -> None:
    predicted = PredictedMels(tiny_features, runs / "tuned" / PREDICTED_MELS_FOLDER)
    model, meta = load_acoustic(runs / "acoustic")
    dataset = AcousticDataset(FeatureStore(tiny_features), "validation", meta.resolved_config(runs).acoustic)
    for index, row in enumerate(dataset.rows):
        batch = dataset.batch([index])
        output = model(
            batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy
        )
        torch.testing.assert_close(torch.tensor(predicted.read_mel(row)), output.final_mel[0])


def test_the_f0_is_taught_on_predicted_mels_too(runs: Path, tiny_features: Path, tmp_path: Path) -> None:
    small = "{channels: 16, hidden_channels: 32, n_blocks: 1}"
    overrides = [
        f"vocoder.generator={{kind: source_filter, {small[1:-1]}, f0: {small}}}",
        "training.vocoder={steps: 0, validation_clips: 0, weights: {f0: 1}}",
    ]
    train_vocoder(tiny_features, tmp_path / "base", load_config([TINY], overrides))
    lessons = load_config([TINY], [*overrides, "training.vocoder.f0_lessons={steps: 1, n_frames: 16}"])
    assert train_vocoder(tiny_features, tmp_path / "taught", lessons, tmp_path / "base", runs / "acoustic")


def test_a_run_keeps_to_the_mels_it_began_with(runs: Path, tiny_features: Path, tmp_path: Path) -> None:
    tuned, more = runs / "tuned", config("vocoder", steps=21)
    with pytest.raises(InputError, match="is trained on predicted mels; give --gta"):
        train_vocoder(tiny_features, tuned, more)
    with pytest.raises(InputError, match="is trained on recorded mels; leave out --gta"):
        train_vocoder(tiny_features, runs / "vocoder", more, None, runs / "acoustic")
    train_acoustic(tiny_features, tmp_path / "other", config("acoustic", steps=1))
    with pytest.raises(InputError, match="predicted by other weights"):
        train_vocoder(tiny_features, tuned, more, None, tmp_path / "other")
    with pytest.raises(InputError, match="holds the vocoder model, the acoustic model is needed"):
        train_vocoder(tiny_features, tuned, more, None, runs / "vocoder")
    assert list_checkpoints(tuned)[-1].name == "step_00000020"


def test_what_is_predicted_stays(runs: Path, tiny_features: Path) -> None:
    (file,) = (runs / "tuned" / PREDICTED_MELS_FOLDER).glob("*.npy")
    written = file.stat().st_mtime_ns
    train_vocoder(tiny_features, runs / "tuned", config("vocoder", steps=22), runs / "vocoder", runs / "acoustic")
    assert file.stat().st_mtime_ns == written
