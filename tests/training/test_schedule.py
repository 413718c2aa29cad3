import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.training.schedule import inverse_square_root


def test_peak_is_one_at_the_end_of_the_warm_up() -> None:
    factors = [inverse_square_root(step, 4000) for step in range(20_000)]
    assert max(factors) == factors[3999] == 1.0
    assert factors[0] == pytest.approx(1 / 4000)
    assert factors[15_999] == pytest.approx(0.5)


@given(step=st.integers(0, 10**6), warmup_steps=st.integers(1, 10**5), hidden=st.sampled_from([256, 384]))
def test_shape_is_the_papers(step: int, warmup_steps: int, hidden: int) -> None:
    def paper(n: int) -> float:
        return hidden**-0.5 * min(n**-0.5, n * warmup_steps**-1.5)

    assert inverse_square_root(step, warmup_steps) == pytest.approx(paper(step + 1) / paper(warmup_steps))
