"""Pictures are drawn whole: the files are PNG, and every phone, boundary and term is in them."""

import json
from pathlib import Path

import numpy as np
import pytest

from tts.config.audio import AudioConfig
from tts.training.pictures import Spoken, draw_alignment, draw_difference, draw_losses, draw_mels, draw_utterance

CONFIG = AudioConfig()
PHONES = ["sil", "t͡ʃ", "ˈɔɪ", "s", "sil"]
DURATIONS = np.array([3, 5, 0, 7, 2])


def spoken(n_values: int) -> Spoken:
    rng = np.random.default_rng(n_values)
    n_frames = int(DURATIONS.sum())
    return Spoken(rng.normal(size=(80, n_frames)), rng.normal(size=n_values), rng.normal(size=n_values))


@pytest.mark.slow
def test_utterance_shows_every_phone_at_both_levels(tmp_path: Path) -> None:
    for n_values in (len(PHONES), int(DURATIONS.sum())):
        figure = draw_utterance(spoken(n_values), spoken(n_values), PHONES, DURATIONS, CONFIG)
        figure.savefig(tmp_path / "utterance.png")
        titles = [axis.get_title() for axis in figure.axes[:4]]
        assert titles == ["target mel", "predicted mel", "pitch", "energy"]
        assert [text.get_text() for text in figure.axes[0].texts] == PHONES
        assert (tmp_path / "utterance.png").read_bytes().startswith(b"\x89PNG")


def test_alignment_gives_every_frame_to_one_phone() -> None:
    figure = draw_alignment(PHONES, DURATIONS, spoken(5).mel, CONFIG)
    drawn = figure.axes[1].images[0].get_array()
    assert drawn is not None
    np.testing.assert_array_equal(drawn.sum(axis=0), 1.0)
    np.testing.assert_array_equal(drawn.sum(axis=1), DURATIONS)


def test_mels_share_the_colour_scale_of_the_target() -> None:
    target = spoken(5).mel
    figure = draw_mels(target, 2 * target, CONFIG)
    assert {axis.images[0].get_clim() for axis in figure.axes[:2]} == {(target.min(), target.max())}


def test_losses_show_training_beside_validation(tmp_path: Path) -> None:
    rows = [
        {"step": step, "split": split, "time": 0.0, "epoch": 0, "mel": 1.0 / step, "duration": 2.0 / step}
        for step in (1, 2, 3)
        for split in ("train", "validation")
    ]
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    panels = [axis for axis in draw_losses(path).axes if axis.get_title()]
    assert [axis.get_title() for axis in panels] == ["mel", "duration"]
    assert all([line.get_label() for line in axis.lines] == ["train", "validation"] for axis in panels)


def test_a_run_without_metrics_draws_an_empty_picture(tmp_path: Path) -> None:
    assert not any(axis.get_title() for axis in draw_losses(tmp_path / "metrics.jsonl").axes)


def test_difference_is_drawn_in_decibels_around_zero() -> None:
    recorded = spoken(5).mel
    figure = draw_difference(recorded, recorded + np.log(10) / 20, CONFIG)
    (image,) = figure.axes[2].images
    np.testing.assert_allclose(image.get_array(), 1.0)
    low, high = image.get_clim()
    assert low == -high
    assert [axis.get_title() for axis in figure.axes[:2]] == ["recorded", "generated"]
    assert "1.0 dB" in figure.axes[2].get_title()
