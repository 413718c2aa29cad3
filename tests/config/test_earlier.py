"""What earlier versions wrote is read from checkpoints, and refused with today's words in recipes."""

import re
from pathlib import Path
from typing import Any

import pytest

from tts.config.earlier import modernised
from tts.config.loader import config_from_tree, load_config
from tts.config.root import Config
from tts.errors import InputError


def earlier() -> dict[str, Any]:
    """The whole config of a source filter, as its checkpoint had it before the objective became one dictionary."""
    recipe = Path(__file__).parents[2] / "configs" / "source_filter.yaml"
    tree = load_config([recipe]).model_dump(mode="json")
    vocoder = tree["training"]["vocoder"]
    vocoder["weights"] = {"stft": 10.0, "adversarial": 1.0, "feature_matching": 3.0}
    vocoder["start_steps"] = {"stft": 0, "adversarial": 100, "feature_matching": 0}
    vocoder["stft"]["weights"] = {"mel": 1.0, "spectral_convergence": 0.5, "log_magnitude": 0.5, "magnitude": 0.0}
    vocoder["adversarial"] = "hinge"
    vocoder["feature_matching"]["reduction"] = "published"
    return tree


def test_a_checkpoint_of_an_earlier_version_is_read() -> None:
    training = config_from_tree(earlier(), "checkpoint").training.vocoder
    assert training.weights == {
        "mel": 10.0, "spectral_convergence": 5.0, "log_magnitude": 5.0, "magnitude": 0.0,
        "adversarial": 1.0, "feature_matching": 6.0, "f0": 1.0,
    }  # fmt: skip
    assert training.start_steps == {"adversarial": 100, "feature_matching": 0}
    assert (training.adversarial.criterion, training.adversarial.reduction) == ("hinge", "mean")
    assert training.feature_matching.reduction == "sum"


def test_todays_configs_stay_as_they_are() -> None:
    tree = Config().model_dump(mode="json")
    assert modernised(tree) == tree and modernised({}) == {} and modernised({"training": None}) == {"training": None}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("adversarial=hinge", "training.vocoder.adversarial: hinge -> {'criterion': 'hinge'}"),
        ("feature_matching.reduction=published", "training.vocoder.feature_matching.reduction: published -> sum"),
        ("weights.stft=30", "training.vocoder.weights.log_magnitude: None -> 30.0"),
        ("stft.weights.mel=2", "'mel': 90.0"),
        ("start_steps.stft=100", "training.vocoder.start_steps.stft: 100 -> None"),
    ],
)
def test_a_recipe_of_an_earlier_version_is_refused_with_what_to_write(override: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        load_config([], [f"training.vocoder.{override}"])


def test_what_was_never_right_is_refused_as_ever() -> None:
    with pytest.raises(InputError, match=r"training\.vocoder\.weights\.stft"):
        load_config([], ["training.vocoder.weights.stft=loud"])
