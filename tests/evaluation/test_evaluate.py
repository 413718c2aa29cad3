"""The command on everything that it takes, and on what it must refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner, Result

from tts.cli import main
from tts.config.root import Config
from tts.data.store import FeatureStore
from tts.evaluation.acoustic import (
    Rendition,
    TrainedModel,
    VoiceFolder,
    compare_forced,
    compare_free,
    pause_ratios,
    recorded,
)
from tts.evaluation.metrics import IDEAL
from tts.evaluation.vocoder import evaluate_vocoder
from tts.export.variants import Wanted, copy_with_variants
from tts.models.saved import best_checkpoint, list_checkpoints, standing

pytestmark = pytest.mark.slow


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_a_run_its_checkpoint_its_graph_and_its_voice_score_alike(
    tiny_features: Path, tiny_voice: Path, tmp_path: Path
) -> None:
    run = tiny_voice.parent / "vocoder"
    means = []
    for index, model in enumerate((run, list_checkpoints(run)[-1], tiny_voice / "vocoder.onnx", tiny_voice)):
        path = tmp_path / f"{index}.json"
        result = evaluate("vocoder", model, tiny_features, "--clips", 1, "--json", path)
        assert result.exit_code == 0, result.output
        tree = json.loads(path.read_text())
        means.append({name: entry["mean"] for name, entry in tree["summary"].items()})
        assert len(tree["clips"]) == 1 and "mcd_db" in result.output
    for name, value in means[0].items():
        assert all(other[name] == pytest.approx(value, rel=1e-3, abs=1e-3) for other in means[1:]), name


def test_a_voice_without_fp32_graphs(tiny_features: Path, tiny_voice: Path, tmp_path: Path) -> None:
    copy_with_variants(tiny_voice, tmp_path / "fp16", Wanted(("fp16",), tiny_features, force=True, only=True))
    result = evaluate("vocoder", tmp_path / "fp16", tiny_features, "--clips", 1)
    assert result.exit_code == 0 and "vocoder.fp16.onnx" in result.output, result.output


def test_the_mels_of_the_recordings_are_those_of_the_features(tiny_features: Path, tiny_voice: Path) -> None:
    """A vocoder that returns the recording itself is ideal: features and evaluation share every definition."""
    store = FeatureStore(tiny_features)
    row = store.split("validation")[0]
    report = evaluate_vocoder(tiny_voice, tiny_features, 1)
    assert list(report.clips) == [row.id]
    from tts.evaluation.clips import Listener

    config = Config()
    clip = Listener(config.audio, config.preprocess.pitch).analyse(store.read_audio(row))
    np.testing.assert_allclose(clip.mel, store.read_mel(row), atol=1e-5)
    np.testing.assert_array_equal(np.isfinite(clip.f0), store.read(row, "voiced"))
    np.testing.assert_allclose(clip.f0, recorded(store, row).f0, rtol=1e-5)


def test_an_acoustic_run_and_its_voice(tiny_features: Path, tiny_voice: Path) -> None:
    run = tiny_voice.parent / "acoustic"
    result = evaluate("acoustic", run, tiny_features, "--clips", 1)
    assert result.exit_code == 0, result.output
    assert all(f"{kind}/mcd_db" in result.output for kind in ("forced", "free"))
    store = FeatureStore(tiny_features)
    model, voice = TrainedModel(run, store), VoiceFolder(tiny_voice, store)
    row = store.split("validation")[0]
    trained, spoken = model.free(row), voice.free(row)
    np.testing.assert_array_equal(trained.durations, spoken.durations)
    np.testing.assert_allclose(trained.mel, spoken.mel, atol=1e-3)
    assert trained.f0.shape == spoken.f0.shape == (trained.mel.shape[1],)
    assert voice.forced(row) is None
    voiced = evaluate("acoustic", tiny_voice, tiny_features, "--clips", 1)
    assert voiced.exit_code == 0 and "forced/" not in voiced.output, voiced.output


def test_a_recording_compared_with_itself_is_ideal(tiny_features: Path) -> None:
    store = FeatureStore(tiny_features)
    row = store.split("validation")[0]
    target = recorded(store, row)
    scores = {**compare_forced(target, target), **compare_free(target, target, store.read(row, "phones"), 11.6)}
    assert {name: round(value, 6) for name, value in scores.items()} == {
        name: IDEAL[name.rpartition("/")[2]] for name in scores
    }


def test_pauses_by_kind_are_those_within_the_sentence() -> None:
    phones = ["sil", "Y", ",", "Y", ",", "Y", ";", "Y", "?"]
    target, free = (
        Rendition(np.zeros((1, sum(durations))), np.array(durations), np.ones(sum(durations)), None)
        for durations in ([9, 5, 10, 5, 0, 5, 0, 5, 30], [9, 5, 8, 5, 7, 5, 3, 5, 90])
    )
    assert pause_ratios(target, free, phones) == {"comma": 1.5}  # no semicolon is heard, and the end is free


def test_forced_figures_are_the_losses_of_training(tiny_features: Path, tiny_voice: Path) -> None:
    """By way of the loss, which knows nothing of hertz and decibels."""
    store = FeatureStore(tiny_features)
    model = TrainedModel(tiny_voice.parent / "acoustic", store)
    row = store.split("validation")[0]
    batch = model.dataset.batch([0])
    with torch.inference_mode():
        output = model.model(
            batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy
        )
    forced, target = model.forced(row), recorded(store, row)
    scores = compare_forced(target, forced)
    assert scores["forced/mel_l1"] == pytest.approx((output.final_mel - batch.mel).abs().mean().item(), rel=1e-5)
    std = store.manifest.statistics[store.read(row, "speaker")].pitch["phone"].std
    z_error = (output.pitch - batch.pitch)[0].numpy()
    phone_errors = 1200 / np.log(2) * std * np.repeat(z_error, store.read(row, "durations"))
    means = np.repeat(np.exp(store.read(row, "phone_log_f0")), store.read(row, "durations"))
    np.testing.assert_allclose(1200 * np.log2(forced.f0 / means), phone_errors, atol=0.1)


def test_what_cannot_be_evaluated_is_refused_in_one_line(tiny_features: Path, tiny_voice: Path, tmp_path: Path) -> None:
    runs, garbage = tiny_voice.parent, tmp_path / "x.onnx"
    garbage.write_bytes(b"no graph")
    for arguments, reason in (
        (("vocoder", runs / "acoustic", tiny_features), "holds the acoustic model"),
        (("acoustic", runs / "vocoder", tiny_features), "holds the vocoder model"),
        (("vocoder", tiny_voice / "acoustic.onnx", tiny_features), "is not a vocoder"),
        (("vocoder", garbage, tiny_features), "is not an ONNX graph"),
        (("vocoder", tmp_path / "nothing", tiny_features), "holds no checkpoint"),
        (("vocoder", tiny_voice, tmp_path / "nothing"), "has no features.json"),
        (
            ("vocoder", tiny_voice, tiny_features, "--clips", 1, "--json", tmp_path),
            "is a folder; give the name of a file",
        ),
    ):
        result = evaluate(*arguments)
        assert result.exit_code == 2 and reason in result.output, result.output
        assert "Traceback" not in result.output


def test_a_checkpoint_is_named_with_its_standing(tiny_voice: Path) -> None:
    run = tiny_voice.parent / "vocoder"
    first, last = list_checkpoints(run)
    best = best_checkpoint(run)
    assert standing(last).startswith(f"{last} (newest, best by validation")
    assert (best == first) == standing(first).endswith("(best by validation)")
