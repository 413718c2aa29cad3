"""Alarms over a vocoder's run: what they say of recorded values, and of runs that are broken on purpose."""

from math import log
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tts.config.loader import load_config
from tts.config.training import AdversarialConfig, VocoderTrainingConfig
from tts.errors import InputError
from tts.models.saved import list_checkpoints, load_weights, step_of
from tts.training.health import HOPELESS, KINDS, PATIENCE, Health, validation_symptoms, window_symptoms
from tts.training.metrics_log import read_metrics
from tts.training.vocoder_task import train_vocoder

TINY = Path(__file__).parents[2] / "configs" / "tiny.yaml"
WINDOW = VocoderTrainingConfig().alarm_window
GUESSING = {"least_squares": 0.5, "hinge": 2.0, "bce": 2 * log(2)}
NORMS = {"generator_gradient_norm": 300.0, "discriminators_gradient_norm": 1.0}


def game(losses: float = 0.4, features: float = 0.5, **norms: float) -> dict[str, float]:
    """What a step reports of two discriminators; ``losses``: on recordings and generated audio together."""
    values = {"mel": 1.5, "discriminator": losses, **NORMS, **norms}
    for name in ("period_2", "scale_1"):
        values |= {f"discriminator/{name}/real": 0.5 * losses, f"discriminator/{name}/fake": 0.5 * losses}
        values |= {f"feature_matching/{name}/relative": features}
    return values


def config(**values: Any) -> VocoderTrainingConfig:
    return VocoderTrainingConfig.model_validate(values)


def kinds(values: dict[str, float], **settings: Any) -> set[str]:
    return {symptom.partition("/")[0] for symptom in window_symptoms(values, NORMS, config(**settings))}


def after(windows: list[dict[str, float]], judge: Health | None = None) -> list[str]:
    """The alarms at the end of windows of equal steps."""
    judge = judge or Health(config())
    for index, values in enumerate(windows):
        for step in range(index * WINDOW + 1, (index + 1) * WINDOW + 1):
            judge.update(values, step)
    judge.news(len(windows) * WINDOW)
    return [str(alarm) for alarm in judge.lasting()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (game(), set()),
        (game(losses=0.47), set()),  # a good generator against good discriminators
        ({"mel": 1.5, **NORMS}, set()),  # the others have not started
        (game(losses=1.0), {"stuck"}),  # fresh; no alarm, as it does not last
        (game(losses=0.5), {"stuck"}),
        (game(losses=0.5, features=0.08), {"stuck", "vanished"}),
        (game(losses=0.5, features=0.004), {"stuck", "dead"}),
        (game(features=0.08), set()),  # narrow discriminators, not stuck
        (game(losses=0.01), {"won"}),
        (game(losses=8.0), {"diverged"}),
        (game(generator_gradient_norm=1e4), {"exploded"}),
        (game(discriminators_gradient_norm=30.0), {"exploded"}),
        (game(generator_gradient_norm=0.01), {"generator_flat"}),
        (game(discriminators_gradient_norm=1e-5), {"discriminators_flat"}),
    ],
)
def test_symptoms_of_a_window(values: dict[str, float], expected: set[str]) -> None:
    assert kinds(values) == expected


@pytest.mark.parametrize("criterion", GUESSING)
def test_guessing_is_known_for_each_criterion(criterion: str) -> None:
    """A discriminator whose scores are all alike, at best, costs as much as the losses themselves say."""
    from tts.losses.adversarial import discriminator_terms

    score = {"scale_1": torch.full((2, 9), 0.5 if criterion == "least_squares" else 0.0)}
    terms = {
        name: float(term)
        for name, term in discriminator_terms(score, score, AdversarialConfig(criterion=criterion)).items()
    }
    assert kinds(terms, adversarial={"criterion": criterion}) == {"stuck"}
    assert kinds(game(0.8 * GUESSING[criterion]), adversarial={"criterion": criterion}) == set()


def test_discriminators_that_none_opposes_win() -> None:
    watching = {"mel": 45.0, "adversarial": 0.0, "feature_matching": 0.0}
    assert kinds(game(losses=0.01), weights=watching) == {"unopposed"}


def test_symptoms_of_a_validation() -> None:
    best = {"loss": 1.5, "snr_db": 4.0}
    good = {"amplitude_ratio": 0.9, "snr_db": 1.0}
    assert validation_symptoms(good, 1.6, best) == validation_symptoms({}, 1.6, best) == {}
    assert validation_symptoms(good | {"amplitude_ratio": 0.2, "snr_db": -3.0}, 1.6, {**best, "snr_db": 0.0}) == {}
    found = validation_symptoms({"amplitude_ratio": 0.01, "snr_db": -2.5}, 2.5, best)
    assert found.keys() == {"collapsed", "noisy", "worse"}
    assert found["collapsed"] == "amplitude 1.0% of the recordings'"
    assert "collapsed" in validation_symptoms({"amplitude_ratio": 9.0}, 1.5, best)


def test_a_symptom_becomes_an_alarm_when_it_lasts() -> None:
    assert after([game(1.0), game(0.5), game(0.46)]) == []  # as healthy discriminators begin
    stuck = [game()] * 2 + [game(0.5)] * PATIENCE
    assert after(stuck[:-1]) == []
    (alarm,) = after(stuck)
    assert alarm == (
        f"{KINDS['stuck'].what}, since step 201: period_2 0.500 (0.5 is guessing), scale_1 0.500 (0.5 is guessing)"
    )


def test_an_alarm_is_news_when_it_begins_and_when_it_ends() -> None:
    judge, told = Health(config()), []
    for index, values in enumerate([game(8.0), game(8.0), game(), game()]):
        for step in range(index * WINDOW + 1, (index + 1) * WINDOW + 1):
            judge.update(values, step)
            told += [(step, alarm.since, alarm.until) for alarm in judge.news(step)]
    assert told == [(100, 1, None), (300, 1, 200)]
    assert judge.lasting() == []


def test_exploding_gradients_do_not_become_usual() -> None:
    (alarm,) = after([game()] * 3 + [game(generator_gradient_norm=1e4)] * 4)
    assert alarm.endswith("since step 301: generator_gradient_norm 1e+04 after 3e+02")


@settings(max_examples=15)
@given(st.lists(st.sampled_from([0.3, 0.5, 8.0]), min_size=1, max_size=6), st.data())
def test_a_resumed_run_raises_the_same_alarms(losses: list[float], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(losses) * WINDOW - 1))
    straight, first, second = Health(config()), Health(config()), Health(config())
    for step in range(len(losses) * WINDOW):
        values = game(losses[step // WINDOW])
        straight.update(values, step + 1)
        if step == cut:
            second.load_state_dict(first.state_dict())
        (first if step < cut else second).update(values, step + 1)
    assert second.news(len(losses) * WINDOW) == straight.news(len(losses) * WINDOW)
    assert second.lasting() == straight.lasting()


def test_only_what_nothing_recovers_from_ends_a_run_and_not_soon() -> None:
    judge = Health(config())
    for step in range(1000, 5000, 1000):
        judge.validation({"amplitude_ratio": 0.01, "snr_db": 0.0}, 1.5, step)
        assert (judge.hopeless is not None) == (step - 1000 >= HOPELESS * WINDOW)
    judge.validation({"amplitude_ratio": 0.5, "snr_db": 0.0}, 1.5, 6000)
    assert judge.hopeless is None
    stuck = Health(config())
    assert after([game(0.5, features=0.0)] * (2 * HOPELESS), stuck)
    assert stuck.hopeless is None


UNGROUPED = "vocoder.discriminators=[{kind: scale, n_scales: 1, width: 0.0625, max_groups: 1}]"
OVER_GROUPED = "vocoder.discriminators=[{kind: scale, n_scales: 1, width: 0.01, max_groups: 256}]"


QUICK = 20  # steps in a window
SMALL = (
    "vocoder.generator.channels=8",
    "training.vocoder.segment_length=1024",
    "training.vocoder.stft={n_ffts: [256], hop_lengths: [64], win_lengths: [256]}",
)


def alarms(features: Path, run: Path, *overrides: str, steps: int) -> dict[str, dict[str, Any]]:
    """Of a tiny game, which is decided sooner, by kind."""
    game = [
        f"training.vocoder.alarm_window={QUICK}",
        "training.vocoder.start_steps={adversarial: 0, feature_matching: 0}",
        f"training.vocoder={{steps: {steps}, validate_every: {steps}, n_samples: 0, validation_clips: 0}}",
    ]
    assert train_vocoder(features, run, load_config([TINY], [*game, *overrides]))
    return {row["alarm"]: row for row in read_metrics(run / "metrics.jsonl") if row["split"] == "health"}


@pytest.mark.slow
def test_a_healthy_run_raises_no_alarm(tiny_features: Path, tmp_path: Path) -> None:
    assert alarms(tiny_features, tmp_path / "run", *SMALL, UNGROUPED, steps=QUICK * PATIENCE) == {}


@pytest.mark.slow
def test_an_over_grouped_discriminator_is_stuck(tiny_features: Path, tmp_path: Path) -> None:
    found = alarms(tiny_features, tmp_path / "run", *SMALL, OVER_GROUPED, steps=QUICK * PATIENCE)
    assert {"stuck", "vanished"} <= found.keys()
    assert (found["stuck"]["since"], found["stuck"]["until"]) == (1, None)


@pytest.mark.slow
def test_a_hundred_times_the_learning_rate_is_told(tiny_features: Path, tmp_path: Path) -> None:
    discriminators = (
        "vocoder.discriminators=[{kind: period, periods: [2, 3], width: 0.125},"
        " {kind: scale, n_scales: 1, width: 0.0625, max_groups: 1}]"
    )
    rate = ("training.vocoder.segment_length=4096", "training.vocoder.learning_rate=2.0e-2")
    found = alarms(tiny_features, tmp_path / "run", discriminators, *rate, steps=20)
    assert (found["diverged"]["since"], found["diverged"]["until"]) == (1, None)


@pytest.mark.slow
def test_a_collapsed_generator_ends_the_run_and_leaves_what_was_saved(tiny_features: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    saturating = "training.vocoder={learning_rate: 1.0, steps: 100, validate_every: 5, checkpoint_every: 5}"
    given = load_config(
        [TINY], [*SMALL, UNGROUPED, saturating, "training.vocoder={n_samples: 0, validation_clips: 1, alarm_window: 1}"]
    )
    with pytest.raises(InputError, match=r"^step \d\d: stopped, as the generator has (collapsed|no gradient).*; start"):
        train_vocoder(tiny_features, run, given)
    assert [step_of(path) for path in list_checkpoints(run)][-1] == 20
    assert "generator" in load_weights(list_checkpoints(run)[-1])
    rows = read_metrics(run / "metrics.jsonl")
    last = rows[-1]["step"]  # of a chaos: a generator that is saturated may have no gradient either, which ends it too
    assert 20 < last <= 25 and {row["alarm"] for row in rows if "alarm" in row} >= {"collapsed"}
    # Closed, or the last minutes were missing.
    events = EventAccumulator(str(run / "tensorboard"))
    events.Reload()
    assert [event.step for event in events.Scalars("reconstruction/validation")] == [5, 10, 15, 20, 25][: last // 5]
