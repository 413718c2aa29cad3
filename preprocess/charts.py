"""Small charts as SVG text, for a page that stands alone. Colours come from the page's style sheet."""

from collections.abc import Callable, Collection, Sequence
from html import escape

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 16, 34  # margins around the plot
N_BINS = 32
WAVE_WIDTH, WAVE_HEIGHT = 220, 36


def histogram(values: Sequence[float], unit: str, limits: Collection[float] = ()) -> str:
    """How many of ``values`` lie where. ``limits`` are drawn as lines where they are in sight."""
    if not values:
        return _svg(_text(WIDTH / 2, HEIGHT / 2, "nothing to draw"))
    low, high = min(values), max(values)
    pad = 0.02 * (high - low) or max(abs(high) * 0.05, 0.5)
    counts, edges = np.histogram(values, N_BINS, (low - pad, high + pad))
    x = _scale(edges[0], edges[-1], LEFT, WIDTH - RIGHT)
    parts = _y_axis(int(counts.max()), WIDTH)
    for count, start, end in zip(counts, edges[:-1], edges[1:], strict=True):
        label = f"{start:.4g} to {end:.4g} {unit}: {count}"
        parts += [_bar(x(start) + 0.5, x(end) - x(start) - 1, count / counts.max(), label)] if count else []
    parts += [f'<line class="limit" x1="{x(at):.1f}" x2="{x(at):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
              for at in limits if edges[0] <= at <= edges[-1]]  # fmt: skip
    parts += [_text(x(tick), HEIGHT - BOTTOM + 14, f"{tick:.4g}") for tick in _ticks(edges[0], edges[-1])]
    return _svg("".join(parts) + _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, unit, "axis"))


def bars(counts: Sequence[tuple[str, float]], unit: str, low: Collection[str] = (), width: int = WIDTH) -> str:
    """One bar per name; those in ``low`` stand out."""
    highest = max((count for _, count in counts), default=0.0) or 1.0
    step = (width - LEFT - RIGHT) / max(len(counts), 1)
    thickness = min(0.8 * step, 60.0)
    parts = _y_axis(highest, width)
    for index, (name, count) in enumerate(counts):
        middle = LEFT + (index + 0.5) * step
        kind = "bar low" if name in low else "bar"
        parts.append(_bar(middle - thickness / 2, thickness, count / highest, f"{name}: {count:.4g} {unit}", kind))
        parts.append(_text(middle, HEIGHT - BOTTOM + 14, name, "low" if name in low else ""))
    return _svg("".join(parts) + _text(width / 2, HEIGHT - 4, unit, "axis"), width)


def waveform(audio: npt.NDArray[np.float32]) -> str:
    """The envelope of samples (S,) in [-1, 1]."""
    pieces = np.array_split(audio, min(WAVE_WIDTH, len(audio)))
    middle = WAVE_HEIGHT / 2
    upper = [f"{index},{middle * (1 - piece.max()):.1f}" for index, piece in enumerate(pieces)]
    lower = [f"{index},{middle * (1 - piece.min()) + 0.5:.1f}" for index, piece in enumerate(pieces)]
    points = " ".join(upper + lower[::-1])
    return f'<svg class="wave" viewBox="0 0 {WAVE_WIDTH} {WAVE_HEIGHT}"><polygon points="{points}"/></svg>'


def _svg(content: str, width: int = WIDTH) -> str:
    return f'<svg viewBox="0 0 {width} {HEIGHT}" role="img">{content}</svg>'


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(text)}</text>'


def _bar(x: float, width: float, share: float, label: str, kind: str = "bar") -> str:
    height = max(share * (HEIGHT - TOP - BOTTOM), 1.0)  # what is not zero is seen
    y = HEIGHT - BOTTOM - height
    size = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {size}><title>{escape(label)}</title></rect>'


def _y_axis(highest: float, width: int) -> list[str]:
    y = _scale(0, highest, HEIGHT - BOTTOM, TOP)
    parts = []
    for tick in _ticks(0, highest):
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(_text(LEFT - 6, y(tick) + 3, f"{tick:.4g}", "count"))
    return parts


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers between both."""
    rough = (high - low) / 5
    if rough < np.finfo(float).tiny:  # too close together for the logarithm
        return [low]
    magnitude = 10.0 ** np.floor(np.log10(rough))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= rough)
    return [float(tick) for tick in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0]


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """The linear map of ``low`` to ``start`` and ``high`` to ``end``."""
    factor = (end - start) / ((high - low) or 1.0)
    return lambda value: float(start + (value - low) * factor)
