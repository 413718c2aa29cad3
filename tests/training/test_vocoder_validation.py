"""What a vocoder's validation tells while it trains is what ``tts evaluate`` tells afterwards."""

from pathlib import Path

import pytest

from tts.config.loader import load_config
from tts.evaluation.report import summarise
from tts.evaluation.vocoder import evaluate_vocoder
from tts.models.saved import read_meta
from tts.training.metrics_log import read_metrics
from tts.training.tracker import LossTracker


@pytest.mark.slow
def test_whole_clips_are_measured_as_the_command_measures_them(tiny_features: Path, tiny_voice: Path) -> None:
    run = tiny_voice.parent / "vocoder"
    row = [row for row in read_metrics(run / "metrics.jsonl") if row["split"] == "validation"][-1]
    checkpoint = run / "checkpoints" / f"step_{row['step']:08d}"
    report = evaluate_vocoder(
        checkpoint, tiny_features, load_config([run / "config.yaml"]).training.vocoder.validation_clips
    )
    for name, summary in summarise(report.clips.values()).items():
        assert row[name] == pytest.approx(summary.mean, rel=1e-3, abs=1e-3), name
    assert read_meta(checkpoint).validation_loss == pytest.approx(row["reconstruction"])  # decides, now as ever


def test_the_best_is_what_is_nearest_to_ideal() -> None:
    tracker = LossTracker(0, 10)
    for step, (snr, amplitude, mel) in enumerate([(-1.0, 0.5, 2.0), (3.0, 1.1, 1.0), (1.0, 1.4, 3.0)], start=1):
        tracker.begin(0, 1e-3)
        assert tracker.step == step
        tracker.validation({"snr_db": snr, "amplitude_ratio": amplitude, "mel_l1": mel}, 0.0)
    assert {name: best for name, (_, best) in tracker.state_dict()["best"].items()} == {
        "snr_db": 2,
        "amplitude_ratio": 2,
        "mel_l1": 2,
    }
