"""Features, and what a run did, drawn. Figures are made without pyplot: none stays open, any thread may draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tts.config.audio import AudioConfig
from tts.data.store import FeatureStore, Row
from tts.files.whole import whole_file
from tts.training.metrics_log import read_metrics

TARGET, PREDICTED = "tab:blue", "tab:orange"  # one colour each in every picture
DPI = 120
INCHES_PER_SECOND, MIN_INCHES, MAX_INCHES = 4.5, 8.0, 30.0  # width of a picture of speech
INCHES_PER_PHONE = 0.17  # height in the alignment
DB = 20 / np.log(10)  # dB per unit of natural logarithm
MAX_DB = 20.0  # either way, in a picture of a difference
LOSS_COLUMNS = 3
NOT_TERMS = {"step", "split", "time", "epoch"}


@dataclass(frozen=True)
class Spoken:
    """One utterance, recorded or predicted. Pitch and energy per phone (P,) or per frame (T,)."""

    mel: np.ndarray  # (M, T)
    pitch: np.ndarray  # z-scored log-F0
    energy: np.ndarray  # z-scored log energy


def write_picture(path: Path, figure: Figure) -> None:
    """As PNG, whole or not at all. Raises ``InputError`` where it cannot be written."""
    with whole_file(path) as partial:
        figure.savefig(partial, format="png")


def draw_mels(target: np.ndarray, predicted: np.ndarray, config: AudioConfig) -> Figure:
    """Two mel spectrograms (M, T) above each other in one colour scale."""
    figure, axes = _speech_figure([3.0, 3.0], target.shape[1], config)
    _draw_mel_pair(figure, axes, target, predicted, config)
    axes[-1].set_xlabel("seconds")
    return figure


def draw_difference(recorded: np.ndarray, generated: np.ndarray, config: AudioConfig) -> Figure:
    """Two mel spectrograms (M, T), and beneath them where the generated one is louder (red) and quieter (blue)."""
    figure, axes = _speech_figure([2.5, 2.5, 2.5], recorded.shape[1], config)
    _draw_mel_pair(figure, axes, recorded, generated, config, ("recorded", "generated"))
    _draw_difference(figure, axes[2], generated - recorded, config)
    axes[2].set_xlabel("seconds")
    return figure


def draw_utterance(
    target: Spoken, predicted: Spoken, phones: Sequence[str], durations: np.ndarray, config: AudioConfig
) -> Figure:
    """Mel, pitch and energy of both over the same ``phones`` with the same ``durations`` (P,) in frames."""
    figure, axes = _speech_figure([3.0, 3.0, 1.5, 1.5], target.mel.shape[1], config)
    _draw_mel_pair(figure, axes, target.mel, predicted.mel, config)
    for axis, name in zip(axes[2:], ("pitch", "energy"), strict=True):
        for spoken, label, colour in ((target, "target", TARGET), (predicted, "predicted", PREDICTED)):
            values = getattr(spoken, name)
            frames = np.repeat(values, durations) if len(values) == len(durations) else values
            axis.stairs(frames, _seconds(np.arange(len(frames) + 1), config), baseline=None, color=colour, label=label)
        axis.set(title=name, ylabel="z-score")
    axes[2].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8, frameon=False)
    for axis in axes:
        _mark_boundaries(axis, durations, config)
    _label_phones(axes[0], phones, durations, config)
    axes[-1].set_xlabel("seconds")
    return figure


def draw_features(store: FeatureStore, row: Row) -> Figure:
    """One utterance as it is stored: waveform, mel, F0 where voiced and interpolated, energy, over its phones."""
    config = AudioConfig.model_validate(store.manifest.config["audio"])
    phones, durations = store.read(row, "phones"), store.read(row, "durations")
    figure, axes = _speech_figure([1.2, 3.0, 1.5, 1.5], row.n_frames, config)
    audio = store.read_audio(row)
    axes[0].plot(np.arange(len(audio)) / config.sample_rate, audio, color=TARGET, linewidth=0.4)
    axes[0].set(title="waveform", ylabel="full scale", ylim=(-1, 1))
    mel = _draw_mel(axes[1], store.read_mel(row), config, title="mel")
    figure.colorbar(mel, ax=axes[1], label="natural log", pad=0.01)
    seconds = _seconds(np.arange(row.n_frames) + 0.5, config)
    log_f0 = store.read(row, "log_f0")
    if log_f0 is not None:
        voiced = store.read(row, "voiced")
        axes[2].plot(seconds, np.exp(log_f0), color="0.75", linewidth=1, label="interpolated")
        axes[2].plot(
            seconds, np.where(voiced, np.exp(log_f0), np.nan), color=TARGET, label="voiced", marker=".", markersize=3
        )
        axes[2].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8, frameon=False)
    axes[2].set(title="pitch" if log_f0 is not None else "pitch: no voiced frame", ylabel="Hz")
    axes[3].plot(seconds, DB * store.read(row, "energy"), color=TARGET)
    axes[3].set(title="energy", ylabel="dB", xlabel="seconds")
    for axis in axes:
        _mark_boundaries(axis, durations, config)
    _label_phones(axes[0], phones, durations, config)
    speaker, text = store.read(row, "speaker"), store.read(row, "text")
    figure.suptitle(f"{row.id} ({speaker}, {row.split}): {text}", fontsize=10, wrap=True)
    return figure


def draw_alignment(phones: Sequence[str], durations: np.ndarray, mel: np.ndarray, config: AudioConfig) -> Figure:
    """Which frames belong to which phone: ``durations`` (P,) beneath the mel (M, T) whose frames they count."""
    n_frames = mel.shape[1]
    figure, axes = _speech_figure([2.5, max(2.5, INCHES_PER_PHONE * len(phones))], n_frames, config)
    _draw_mel(axes[0], mel, config, title="mel")
    taken = np.repeat(np.eye(len(phones)), durations, axis=1)  # (P, T)
    extent = (0.0, _seconds(n_frames, config), len(phones) - 0.5, -0.5)
    axes[1].imshow(taken, aspect="auto", extent=extent, cmap="Blues", interpolation="nearest")
    axes[1].set(title="alignment", xlabel="seconds", ylabel="phone")
    axes[1].set_yticks(range(len(phones)), list(phones), fontsize=8)
    for axis in axes:
        _mark_boundaries(axis, durations, config)
    return figure


def draw_losses(metrics: Path) -> Figure:
    """Every term of a ``metrics.jsonl`` over the steps, training beside validation."""
    rows = [row for row in read_metrics(metrics) if row["split"] != "health"]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in NOT_TERMS))
    n_rows = max(1, ceil(len(names) / LOSS_COLUMNS))
    figure = Figure(figsize=(4.0 * LOSS_COLUMNS, 2.8 * n_rows), dpi=DPI, layout="constrained")
    axes = figure.subplots(n_rows, LOSS_COLUMNS, squeeze=False).ravel()
    for axis, name in zip(axes, names, strict=False):
        _draw_term(axis, name, rows)
    for axis in axes[len(names) :]:
        axis.set_axis_off()
    return figure


def _speech_figure(heights: list[float], n_frames: int, config: AudioConfig) -> tuple[Figure, list[Axes]]:
    width = min(MAX_INCHES, max(MIN_INCHES, INCHES_PER_SECOND * _seconds(n_frames, config)))
    figure = Figure(figsize=(width, sum(heights)), dpi=DPI, layout="constrained")
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    return figure, list(axes)


def _draw_mel_pair(
    figure: Figure,
    axes: list[Axes],
    target: np.ndarray,
    predicted: np.ndarray,
    config: AudioConfig,
    titles: tuple[str, str] = ("target mel", "predicted mel"),
) -> None:
    scale = (float(target.min()), float(target.max()))
    for axis, mel, title in zip(axes, (target, predicted), titles, strict=False):
        image = _draw_mel(axis, mel, config, title, scale)
    figure.colorbar(image, ax=axes[:2], label="natural log", pad=0.01)


def _draw_mel(
    axis: Axes, mel: np.ndarray, config: AudioConfig, title: str, scale: tuple[float, float] | None = None
) -> Any:
    low, high = scale or (None, None)
    extent = (0.0, _seconds(mel.shape[1], config), 0.0, float(len(mel)))
    axis.set(title=title, ylabel="mel band")
    return axis.imshow(mel, origin="lower", aspect="auto", extent=extent, cmap="magma", vmin=low, vmax=high)


def _draw_difference(figure: Figure, axis: Axes, difference: np.ndarray, config: AudioConfig) -> None:
    """The same scale in every picture, so that pictures of different steps compare."""
    extent = (0.0, _seconds(difference.shape[1], config), 0.0, float(len(difference)))
    image = axis.imshow(
        DB * difference, origin="lower", aspect="auto", extent=extent, cmap="RdBu_r", vmin=-MAX_DB, vmax=MAX_DB
    )
    mean = DB * np.abs(difference).mean()
    axis.set(title=f"generated - recorded, {mean:.1f} dB apart on average", ylabel="mel band")
    figure.colorbar(image, ax=axis, label="dB", pad=0.01, extend="both")


def _mark_boundaries(axis: Axes, durations: np.ndarray, config: AudioConfig) -> None:
    for boundary in _seconds(np.cumsum(durations)[:-1], config):
        axis.axvline(boundary, color="0.7", linewidth=0.5, alpha=0.7)


def _label_phones(axis: Axes, phones: Sequence[str], durations: np.ndarray, config: AudioConfig) -> None:
    """Labels on top of the panel, in two heights so that short neighbours do not touch."""
    middles = _seconds(np.cumsum(durations) - np.asarray(durations) / 2, config)
    axis.set_title(axis.get_title(), pad=28)
    for index, (phone, middle) in enumerate(zip(phones, middles, strict=True)):
        height = 4 if index % 2 else 15  # points above the panel
        axis.annotate(
            phone, (middle, 1.0), (0, height), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", fontsize=9,
        )  # fmt: skip


def _draw_term(axis: Axes, name: str, rows: Sequence[dict[str, Any]]) -> None:
    for split, colour in (("train", TARGET), ("validation", PREDICTED)):
        points = [(row["step"], row[name]) for row in rows if row["split"] == split and name in row]
        if points:
            axis.plot(*zip(*points, strict=True), color=colour, label=split, marker=".", markersize=4)
    axis.set(title=name, xlabel="step")
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)


def _seconds(frames: Any, config: AudioConfig) -> Any:
    return frames * config.hop_length / config.sample_rate
