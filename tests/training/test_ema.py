from pathlib import Path

import pytest
import torch
from torch import nn

from tts.config.loader import load_config
from tts.config.root import Config
from tts.models.saved import list_checkpoints, load_vocoder, load_weights
from tts.training.ema import update_average
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"


def config(steps: int) -> Config:
    return load_config([TINY], ["training.vocoder.ema_decay=0.9", f"training.vocoder.steps={steps}"])


def test_the_average_by_hand() -> None:
    average, learner = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    nn.init.zeros_(average.weight)
    expected = 0.0
    for step in range(100):
        nn.init.constant_(learner.weight, step)
        update_average(average, learner, decay=0.5, step=step)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * step
    assert average.weight.item() == pytest.approx(expected)
    assert learner.weight.item() == 99


@pytest.mark.slow
def test_a_run_resumes_its_average_and_the_average_is_exported(tiny_features: Path, tmp_path: Path) -> None:
    train_vocoder(tiny_features, tmp_path / "whole", config(8))
    train_vocoder(tiny_features, tmp_path / "parts", config(4))
    train_vocoder(tiny_features, tmp_path / "parts", config(8))
    whole, parts = (load_weights(list_checkpoints(tmp_path / name)[-1]) for name in ("whole", "parts"))
    for module, weights in whole.items():
        assert all(torch.equal(value, parts[module][name]) for name, value in weights.items())
    loaded = load_vocoder(tmp_path / "whole")[0].state_dict()
    assert all(torch.equal(value, whole["generator_ema"][name]) for name, value in loaded.items())
    assert not torch.equal(loaded["conv_post.bias"], whole["generator"]["conv_post.bias"])
