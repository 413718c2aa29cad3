"""What an item is worth in a validation does not depend on what it is judged beside."""

from pathlib import Path

import pytest
import torch

from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.datasets import AcousticDataset, BatchSource, SegmentDataset
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.training.acoustic_task import AcousticTask
from tts.training.loop import make_fabric
from tts.training.task import Task
from tts.training.validation import item_means, validate
from tts.training.vocoder_task import VocoderTask

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
CPU = [
    "training.acoustic.accelerator=cpu",
    "training.vocoder={accelerator: cpu, validation_clips: 0, peaks: [0.5, 0.9]}",
]


def acoustic(features: Path, config: Config) -> tuple[Task, BatchSource]:
    store = FeatureStore(features)
    train = AcousticDataset(store, "train", config.acoustic)
    return AcousticTask(make_fabric(config.training.acoustic), config, store, train), train


def vocoder(features: Path, config: Config) -> tuple[Task, BatchSource]:
    store, training = FeatureStore(features), config.training.vocoder
    train = SegmentDataset(store, "train", 32, 256, training.seed, training.peaks)
    return VocoderTask(make_fabric(training), config, store), train


@pytest.mark.parametrize("make", [acoustic, vocoder])
@torch.no_grad()
def test_any_batch_size_gives_the_same(make, tiny_features: Path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    task, source = make(tiny_features, load_config([TINY], CPU))
    for module in task.modules.values():
        module.eval()
    items = list(range(7))
    alone, together = (item_means(task, source, items, size) for size in (1, 3))
    assert together == pytest.approx(alone, rel=1e-4)
    by_hand = [task.validate(source.batch([item], epoch=0)) for item in items]
    expected = {name: sum(terms[name].item() for terms in by_hand) / len(items) for name in alone}
    assert alone == pytest.approx(expected, rel=1e-5)


def test_it_is_bounded_and_leaves_the_model_in_training(tiny_features: Path) -> None:
    config = load_config([TINY], [*CPU, "training.vocoder.validation_items=3"])
    task, source = vocoder(tiny_features, config)
    judged: list[str] = []
    judge = task.validate
    task.validate = lambda batch: judged.extend(batch.ids) or judge(batch)  # type: ignore[method-assign,func-returns-value]
    terms, loss = validate(task, source, config.training.vocoder)
    assert len(judged) == 3 and terms["reconstruction"] == loss
    weights = config.training.vocoder.weights
    assert loss == pytest.approx(sum(weight * terms[name] for name, weight in weights.items() if name in terms))
    assert all(module.training for module in task.modules.values())


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has such a device")
def test_devices_that_are_not_there_are_one_line() -> None:
    with pytest.raises(InputError, match="accelerator 'gpu' with 1 devices: cannot be used here"):
        make_fabric(load_config([], ["training.acoustic.accelerator=gpu"]).training.acoustic)


def test_more_processes_than_cores_are_one_line() -> None:
    with pytest.raises(InputError, match=r"devices: on a CPU each is a process; 5000 are more than its \d+ cores"):
        make_fabric(
            load_config(
                [], [f"training.acoustic.{value}" for value in ("devices=5000", "accelerator=cpu")]
            ).training.acoustic
        )


def test_what_trains_within_a_larger_command_is_one_process() -> None:
    with pytest.raises(InputError, match=r"training\.aligner\.devices: Input should be 1"):
        load_config([], ["training.aligner.devices=2"])
