"""Each choice that a recipe has trains: discriminators, a source, criteria, precisions, sample rates."""

from math import log
from pathlib import Path

import pytest
import torch
from tiny_runs import TINY, TRAIN, config, weights

from tts.config.loader import load_config
from tts.models.saved import list_checkpoints, load_acoustic, load_weights
from tts.training.acoustic_task import train_acoustic
from tts.training.loop import is_slow
from tts.training.metrics_log import read_metrics
from tts.training.vocoder_task import train_vocoder

SOURCE_FILTER = (
    "vocoder.generator={kind: source_filter, channels: 16, hidden_channels: 32, n_blocks: 1,"
    " f0: {channels: 32, hidden_channels: 32, n_blocks: 1}}"
)
EVERYTHING = [
    SOURCE_FILTER,
    "vocoder.discriminators=[{kind: period, periods: [2], width: 0.06}, {kind: scale, n_scales: 2, width: 0.06},"
    " {kind: complex_stft, n_ffts: [256], width: 0.1}, {kind: multi_resolution, n_ffts: [256], hop_lengths: [64],"
    " win_lengths: [200], width: 0.1}]",
    "training.vocoder.peaks=[0.5, 0.9]",
    "training.vocoder.adversarial={criterion: hinge, reduction: sum}",
    "training.vocoder.feature_matching={criterion: charbonnier, layers: [0, -2], reduction: sum}",
    "training.vocoder.stft.mel_windows=[64, 256]",
    "training.vocoder.weights={multi_scale_mel: 1.0, f0: 1.0, magnitude: 1.0, mel: 1.0}",
    "training.vocoder.start_steps={adversarial: 2, feature_matching: 3}",
    "training.vocoder.balancer={decay: 0.9}",
]


@pytest.mark.slow
def test_every_choice_of_the_vocoder_together_resumes_exactly(tiny_features: Path, tmp_path: Path) -> None:
    for run, steps in (("whole", 6), ("parts", 4), ("parts", 6)):
        overrides = [*EVERYTHING, f"training.vocoder.steps={steps}", "training.vocoder.validate_every=3"]
        assert train_vocoder(tiny_features, tmp_path / run, load_config([TINY], overrides))
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert whole.keys() == parts.keys() and whole["balancer.counts"].all()
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    row = [row for row in read_metrics(tmp_path / "whole" / "metrics.jsonl") if row["split"] == "train"][-1]
    for name in ("period_2", "scale_1", "scale_2", "stft_256", "resolution_256"):
        assert {f"discriminator/{name}/real", f"discriminator/{name}/fake"} <= row.keys()
        assert {f"adversarial/{name}", f"feature_matching/{name}"} <= row.keys()


MEL_DISCRIMINATORS = [
    "acoustic.discriminators={windows: [8, 16], channels: 4}",
    "training.acoustic.weights.adversarial=0.1",
    "training.acoustic.weights.feature_matching=0.5",
]
WITHOUT_DROPOUT = [
    f"acoustic.{part}.dropout=0" for part in ("encoder", "decoder", "duration", "pitch.predictor", "energy.predictor")
]


@pytest.mark.slow
def test_an_acoustic_model_against_discriminators_resumes_exactly(tiny_features: Path, tmp_path: Path) -> None:
    for run, steps in (("whole", 6), ("parts", 4), ("parts", 6)):
        overrides = [*MEL_DISCRIMINATORS, "training.acoustic.ema_decay=0.9", f"training.acoustic.steps={steps}"]
        assert train_acoustic(tiny_features, tmp_path / run, load_config([TINY], overrides))
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    assert any(name.startswith("discriminators.") for name in whole)
    loaded = load_acoustic(tmp_path / "whole")[0].state_dict()
    assert all(torch.equal(value, whole[f"acoustic_ema.{name}"]) for name, value in loaded.items())
    assert any(not torch.equal(value, whole[f"acoustic.{name}"]) for name, value in loaded.items())
    row = next(row for row in read_metrics(tmp_path / "whole" / "metrics.jsonl") if row["split"] == "train")
    for name in ("mel_8", "mel_16"):
        assert {f"discriminator/{name}/real", f"adversarial/{name}", f"feature_matching/{name}"} <= row.keys()


@pytest.mark.slow
def test_discriminators_of_mels_change_what_the_acoustic_model_learns(tiny_features: Path, tmp_path: Path) -> None:
    """With weights of 0 they only watch."""
    watching = ["training.acoustic.weights.adversarial=0", "training.acoustic.weights.feature_matching=0"]
    runs = {"alone": [], "watched": [*MEL_DISCRIMINATORS, *watching], "against": MEL_DISCRIMINATORS}
    for run, overrides in runs.items():
        given = load_config([TINY], [*overrides, "training.acoustic.steps=2", *WITHOUT_DROPOUT])
        train_acoustic(tiny_features, tmp_path / run, given)
    alone, watched, against = (weights(tmp_path / run)["acoustic.mel_projection.weight"] for run in runs)
    assert torch.equal(alone, watched) and not torch.equal(alone, against)


@pytest.mark.slow
def test_a_vocoder_with_a_source_learns_the_f0(tiny_features: Path, tmp_path: Path) -> None:
    changes = [
        SOURCE_FILTER,
        "training.vocoder.weights.f0=1",
        "training.vocoder.learning_rate=0.003",
        "training.vocoder.ema_decay=0.9",
    ]
    train_vocoder(tiny_features, tmp_path / "run", load_config([TINY], changes))
    rows = read_metrics(tmp_path / "run" / "metrics.jsonl")
    judged = [row["reconstruction"] for row in rows if row["split"] == "validation"]
    assert judged[-1] < judged[0]
    row = [row for row in rows if row["split"] == "train"][-1]
    n_choices = len(load_weights(list_checkpoints(tmp_path / "run")[-1])["generator"]["f0.network.linear_post.bias"])
    assert row["f0"] < log(n_choices) - 0.5  # what it would be for guesses


@pytest.mark.slow
def test_a_weight_of_zero_only_watches(tiny_features: Path, tmp_path: Path) -> None:
    watched = ["adversarial=0", "feature_matching=0"]
    starts = "training.vocoder.start_steps={adversarial: 0, feature_matching: 0}"
    for run, overrides in (
        ("watched", [starts, *(f"training.vocoder.weights.{weight}" for weight in watched)]),
        ("alone", ["training.vocoder.start_steps={adversarial: 9, feature_matching: 9}"]),
    ):
        train_vocoder(tiny_features, tmp_path / run, load_config([TINY], [*overrides, "training.vocoder.steps=3"]))
    found, expected = weights(tmp_path / "watched"), weights(tmp_path / "alone")
    assert all(torch.equal(found[name], expected[name]) for name in found if name.startswith("generator."))
    assert "feature_matching/period_2" in read_metrics(tmp_path / "watched" / "metrics.jsonl")[-1]


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAIN)
def test_bfloat16_learns_too(task: str, tiny_features: Path, tmp_path: Path) -> None:
    given = config(task, steps=20, validate_every=10, precision="bf16-mixed")
    TRAIN[task](tiny_features, tmp_path / "run", given)
    rows = [row for row in read_metrics(tmp_path / "run" / "metrics.jsonl") if row["split"] == "validation"]
    term = {"acoustic": "mel", "vocoder": "reconstruction"}[task]
    assert rows[-1][term] < rows[0][term]
    assert all(value.dtype != torch.bfloat16 for value in weights(tmp_path / "run").values())


@pytest.mark.parametrize(
    ("precision", "capabilities", "slow"),
    [
        ("bf16-mixed", {"avx2": True, "avx512_bf16": False}, True),
        ("bf16-mixed", {"avx2": True, "avx512_bf16": True}, False),
        ("32-true", {"avx2": True}, False),
    ],
)
def test_bfloat16_is_slow_without_its_instructions(precision: str, capabilities: dict[str, bool], slow: bool) -> None:
    assert is_slow(precision, capabilities) is slow


def test_slow_bfloat16_is_warned_of(tiny_features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = config("acoustic", steps=1, precision="bf16-mixed", accelerator="cpu", n_samples=0)
    assert train_acoustic(tiny_features, tmp_path / "run", given)
    slow = is_slow("bf16-mixed", torch.cpu.get_capabilities())
    assert ("no bfloat16 instructions" in capsys.readouterr().err) is slow


@pytest.mark.slow
def test_another_sample_rate_and_hop(tiny_corpus: Path, tmp_path: Path) -> None:
    from preprocess.pipeline import run

    overrides = [
        "audio={sample_rate: 16000, n_fft: 800, win_length: 800, hop_length: 200, n_mels: 40}",
        "vocoder.generator={upsample_rates: [5, 5, 4, 2], upsample_kernels: [11, 11, 8, 4]}",
        "training.vocoder={steps: 3, segment_length: 6000, start_steps: {adversarial: 0, feature_matching: 0}}",
    ]
    given = load_config([TINY], overrides)
    run(tiny_corpus, tmp_path / "features", given, workers=1)
    assert train_vocoder(tmp_path / "features", tmp_path / "run", given)
