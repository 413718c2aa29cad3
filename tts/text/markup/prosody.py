"""The values of SSML's attributes, in our units."""

import re
from collections.abc import Mapping
from math import inf, isfinite, log2, log10

from tts.errors import InputError
from tts.text.sentences import Direction, Pause

LONGEST_BREAK_S = 60.0
RATES = {"x-slow": 0.5, "slow": 0.8, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}  # semitones
VOLUMES = {
    "silent": -inf,
    "x-soft": -12.0,
    "soft": -6.0,
    "medium": 0.0,
    "default": 0.0,
    "loud": 4.0,
    "x-loud": 8.0,
}  # dB
EMPHASES = {
    "strong": Direction(rate=0.85, pitch=2.0, volume=3.0),
    "moderate": Direction(rate=0.92, pitch=1.0, volume=1.5),
    "none": Direction(),
    "reduced": Direction(rate=1.08, pitch=-1.0, volume=-2.0),
}
BREAKS = {
    "none": Pause.NONE,
    "x-weak": Pause.COMMA,
    "weak": Pause.COMMA,
    "medium": Pause.SEMICOLON,
    "strong": Pause.FULL_STOP,
    "x-strong": Pause.PARAGRAPH,
}
RATE_RANGE, PITCH_RANGE, VOLUME_RANGE = (0.25, 4.0), (-12.0, 12.0), (-60.0, 20.0)
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"


def seconds(written: str, where: object) -> float:
    """``700ms`` or ``0.7s``."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)(ms|s)", written.strip())
    if not match:
        raise InputError(where, f"time {written!r} is not a length of time", "write it as 700ms or 0.7s")
    length_s = float(match[1]) / (1000 if match[2] == "ms" else 1)
    if length_s > LONGEST_BREAK_S:
        raise InputError(where, f"time {written!r} is longer than {LONGEST_BREAK_S:g} s")
    return length_s


def prosody(attributes: Mapping[str, str], where: object) -> Direction:
    """Of ``rate``, ``pitch`` and ``volume``; the other attributes of SSML have no meaning here."""
    return Direction(
        rate=_rate(attributes.get("rate", "medium").strip(), where),
        pitch=_pitch(attributes.get("pitch", "medium").strip(), where),
        volume=_volume(attributes.get("volume", "medium").strip(), where),
    )


def _rate(written: str, where: object) -> float:
    """``slow``, ``80%``, ``+10%`` or ``1.2``."""
    if written in RATES:
        return RATES[written]
    if match := re.fullmatch(rf"({NUMBER})(%?)", written):
        value = float(match[1]) / 100 if match[2] else float(match[1])
        return _within(1 + value if written[0] in "+-" else value, RATE_RANGE, f"rate {written!r}", where)
    raise _unknown(f"rate {written!r}", where, "80%, +10%, slow or fast")


def _pitch(written: str, where: object) -> float:
    """``high``, ``+2st`` or ``+10%``; hertz would need to know how high the voice is."""
    if written in PITCHES:
        return PITCHES[written]
    if match := re.fullmatch(rf"({NUMBER})(st|%)", written):
        if match[2] == "st":
            return _within(float(match[1]), PITCH_RANGE, f"pitch {written!r}", where)
        factor = float(match[1]) / 100 + (1 if written[0] in "+-" else 0)
        return _within(12 * log2(factor) if factor > 0 else -inf, PITCH_RANGE, f"pitch {written!r}", where)
    raise _unknown(f"pitch {written!r}", where, "+2st, -10%, low or high")


def _volume(written: str, where: object) -> float:
    """``loud``, ``+6dB``, or, as in SSML 1.0, a number up to 100."""
    if written in VOLUMES:
        return VOLUMES[written]
    if match := re.fullmatch(rf"({NUMBER})(dB|%)?", written):
        value = float(match[1])
        if match[2] == "dB":
            return _within(value, VOLUME_RANGE, f"volume {written!r}", where)
        factor = value / 100 + (1 if written[0] in "+-" else 0)
        return (
            -inf
            if factor == 0
            else _within(20 * log10(factor) if factor > 0 else inf, VOLUME_RANGE, f"volume {written!r}", where)
        )
    raise _unknown(f"volume {written!r}", where, "+6dB, soft or loud")


def _within(value: float, limits: tuple[float, float], what: str, where: object) -> float:
    low, high = limits
    if not (isfinite(value) and low <= value <= high):
        raise InputError(where, f"{what} is not between {low:g} and {high:g}")
    return value


def _unknown(what: str, where: object, examples: str) -> InputError:
    return InputError(where, f"{what} is not known", f"write, for instance, {examples}")
