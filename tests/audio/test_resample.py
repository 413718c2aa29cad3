import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.audio.resample import Resampler, resampled_length

RATES = st.sampled_from([8000, 16_000, 22_050, 24_000, 44_100, 48_000])


@given(blocks=st.lists(st.integers(0, 5000), min_size=1, max_size=8), from_rate=RATES, to_rate=RATES)
def test_length_is_known_before(blocks: list[int], from_rate: int, to_rate: int) -> None:
    resampler = Resampler(from_rate, to_rate)
    parts = [resampler.feed(np.zeros(size, np.float32)) for size in blocks] + [resampler.finish()]
    assert sum(map(len, parts)) == resampled_length(sum(blocks), from_rate, to_rate)


def test_blocks_leave_no_borders() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050).astype(np.float32)
    whole, parts = Resampler(22_050, 24_000), Resampler(22_050, 24_000)
    one = np.concatenate([whole.feed(tone), whole.finish()])
    several = np.concatenate([*(parts.feed(block) for block in np.split(tone, [7, 300, 9000])), parts.finish()])
    assert several == pytest.approx(one, abs=1e-6)
