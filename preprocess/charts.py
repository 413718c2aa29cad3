"""Small charts as SVG text, for a page that stands alone. Colours are those of ``tts/page/report.css``."""

import warnings
from collections.abc import Collection, Sequence
from io import StringIO

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH, HEIGHT = 420, 190
WAVE_WIDTH, WAVE_HEIGHT = 220, 36
N_BINS = 32
FONT_SIZE = 9
LABEL_WIDTH = 30
LOWEST_TOP = 0.01  # of the vertical axis

# matplotlib draws in these, which then become variables of the style sheet, so that a dark page has its own.
TEXT, MUTED, LINE, BAR, LOW = "#010101", "#020202", "#030303", "#040404", "#050505"
VARIABLES = {TEXT: "--ink", MUTED: "--faint", LINE: "--line", BAR: "--bar", LOW: "--warning"}


def histogram(values: Sequence[float], unit: str, limits: Collection[float] = ()) -> str:
    """How many of ``values`` lie where. ``limits`` are drawn as lines where they are in sight."""
    figure, axes = _chart(unit, WIDTH)
    if values:
        low, high = min(values), max(values)
        pad = max(0.02 * (high - low), 1e-3 * max(abs(low), abs(high)), LOWEST_TOP)
        low, high = low - pad, high + pad
        axes.hist(values, N_BINS, range=(low, high), color=BAR, rwidth=0.95)
        axes.set_xlim(low, high)
        for limit in limits:
            if low <= limit <= high:
                axes.axvline(limit, color=LOW, linestyle="--")
    return _svg(figure)


def bars(counts: Sequence[tuple[str, float]], unit: str, low: Collection[str] = (), width: int = WIDTH) -> str:
    """One bar per name; those in ``low`` stand out."""
    figure, axes = _chart(unit, width)
    places, heights = range(len(counts)), [count for _, count in counts]
    axes.bar(places, heights, min(0.8, 0.14 * len(counts)), color=[LOW if name in low else BAR for name, _ in counts])
    axes.set_ylim(0, max(1.05 * max(heights, default=0.0), LOWEST_TOP))
    axes.set_xlim(-0.5, max(len(counts), 1) - 0.5)
    crowded = len(counts) * LABEL_WIDTH > width
    axes.set_xticks(places, [name for name, _ in counts], parse_math=False, rotation=90 if crowded else 0)
    for label in axes.get_xticklabels():
        label.set_color(LOW if label.get_text() in low else TEXT)
    return _svg(figure)


def waveform(audio: npt.NDArray[np.float32]) -> str:
    """The envelope of samples (S,) in [-1, 1]."""
    figure = Figure((WAVE_WIDTH / 72, WAVE_HEIGHT / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_ylim(-1, 1)
    pieces = np.array_split(audio, min(WAVE_WIDTH, len(audio)))
    lower, upper = [piece.min() for piece in pieces], [piece.max() for piece in pieces]
    axes.fill_between(range(len(pieces)), lower, upper, color=BAR, linewidth=0.5)
    return _svg(figure)


def _chart(unit: str, width: int) -> tuple[Figure, Axes]:
    """``width`` in units of the picture, of which an inch has 72."""
    figure = Figure((width / 72, HEIGHT / 72), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[:].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=LINE)
    axes.tick_params(length=0, labelsize=FONT_SIZE, labelcolor=TEXT)
    axes.set_xlabel(unit, fontsize=FONT_SIZE, color=MUTED)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The element alone. Text stays text, in the reader's own fonts."""
    figure.patch.set_visible(False)
    for axes in figure.axes:
        axes.patch.set_visible(False)
    drawn = StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # the browser has it
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = drawn.getvalue()
    text = text[text.index("<svg") :]
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    return text
