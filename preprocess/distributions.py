"""How durations, pitch and energy are distributed, speaker by speaker: a picture to look at before training."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from math import e, log10
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

from tts.config.root import Config
from tts.text.marks import PAUSES

Array = npt.NDArray[Any]
Counts = Mapping[str, Mapping[str, Array]]  # quantity, speaker: how many values in each bin

DB = 20 * log10(e)  # dB per unit of natural logarithm
COLOUR = "#4c78a8"
ROW_INCHES, MOST_INCHES = 0.7, 80.0  # of a speaker, and of all
LEGIBLE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 1.0}
FILLED = 0.88  # of a row's height, at its highest bin
PITCH_TICKS = (60, 80, 100, 150, 200, 300, 400, 600, 800)  # Hz
DPI = 110


@dataclass(frozen=True)
class Quantity:
    """A column of the picture."""

    title: str
    unit: str
    edges: Array  # (N + 1,) of its bins; the first and last also count what lies beyond


def quantities(config: Config) -> dict[str, Quantity]:
    pitch, frame_ms = config.preprocess.pitch, 1000 * config.audio.hop_length / config.audio.sample_rate
    return {
        "utterance": Quantity("utterances", "seconds", np.linspace(0, 30, 61)),
        "phone": Quantity(
            "phones without pauses", "milliseconds", frame_ms * (np.arange(round(400 / frame_ms) + 2) - 0.5)
        ),
        "pitch": Quantity("pitch of voiced frames", "Hz", np.geomspace(pitch.floor, pitch.ceiling, 121)),
        "energy": Quantity("energy of frames", "dB", np.linspace(-65, 55, 121)),
    }


def draw_distributions(tables: Iterable[pa.Table], config: Config) -> bytes:
    """PNG with a row per speaker and a column per quantity. Reads one shard at a time and keeps counts alone."""
    columns = quantities(config)
    counts = _count(tables, columns, 1000 * config.audio.hop_length / config.audio.sample_rate)
    n_speakers = len(counts["utterance"])
    height = 1.4 + min(ROW_INCHES * max(n_speakers, 2), MOST_INCHES)
    figure = Figure(figsize=(14, height), dpi=DPI)
    margins = {"bottom": 0.55 / height, "top": 1 - 0.35 / height, "left": 0.09, "right": 0.99, "wspace": 0.06}
    axes = figure.subplots(1, len(columns), sharey=True, gridspec_kw=margins)
    for axis, (name, quantity) in zip(axes, columns.items(), strict=True):
        _draw_column(axis, quantity, counts[name])
    axes[0].set_yticks([-row for row in range(n_speakers)], sorted(counts["utterance"]), va="bottom")
    image = BytesIO()
    figure.savefig(image, format="png")
    return image.getvalue()


def _count(tables: Iterable[pa.Table], columns: Mapping[str, Quantity], frame_ms: float) -> Counts:
    counts: dict[str, dict[str, Array]] = {name: {} for name in columns}
    for table in tables:
        for row in range(table.num_rows):
            speaker = str(table["speaker"][row])
            for name, values in _values(table, row, frame_ms).items():
                edges = columns[name].edges
                counted = np.histogram(values.clip(edges[0], edges[-1]), edges)[0]
                counts[name][speaker] = counts[name].get(speaker, 0) + counted
    return counts


def _values(table: pa.Table, row: int, frame_ms: float) -> dict[str, Array]:
    durations, voiced, energy = (np.asarray(table[name][row].values) for name in ("durations", "voiced", "energy"))
    spoken = np.array([phone not in PAUSES for phone in table["phones"][row].as_py()])
    log_f0 = np.asarray(table["log_f0"][row].values)[voiced] if voiced.any() else np.empty(0)
    return {
        "utterance": np.array([durations.sum() * frame_ms / 1000]),
        "phone": durations[spoken] * frame_ms,
        "pitch": np.exp(log_f0),
        "energy": energy * DB,
    }


def _draw_column(axis: Axes, quantity: Quantity, counts: Mapping[str, Array]) -> None:
    """Speakers from top to bottom, each scaled to its own highest bin, with a line at the median and its value."""
    middles = (quantity.edges[:-1] + quantity.edges[1:]) / 2
    for row, speaker in enumerate(sorted(counts)):
        n_values, bottom = counts[speaker], -float(row)
        axis.fill_between(
            middles, bottom, bottom + FILLED * n_values / max(n_values.max(), 1), step="mid", color=COLOUR, linewidth=0
        )
        if n_values.any():
            median = middles[np.searchsorted(n_values.cumsum(), n_values.sum() / 2)]
            axis.vlines(median, bottom, bottom + FILLED, color="black", linewidth=1)
            axis.text(1.0, bottom + FILLED, f"median {median:.3g}", transform=axis.get_yaxis_transform(), fontsize=8,
                      ha="right", va="top", bbox=LEGIBLE)  # fmt: skip
    used = np.flatnonzero(sum(counts.values()))
    axis.set(title=quantity.title, xlabel=quantity.unit, ylim=(0.95 - len(counts), 1.0))
    axis.set_xlim(quantity.edges[used[0]], quantity.edges[used[-1] + 1])
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", alpha=0.3)
    axis.spines[["top", "right", "left"]].set_visible(False)
    if quantity.unit == "Hz":
        axis.set_xscale("log")
        axis.xaxis.set_major_locator(FixedLocator(PITCH_TICKS))
        axis.xaxis.set_major_formatter(ScalarFormatter())
        axis.xaxis.set_minor_locator(NullLocator())
