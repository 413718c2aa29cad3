"""Learning rates over whole published schedules, on a corpus as large as LJSpeech."""

from itertools import pairwise
from math import cos, pi
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.config.loader import load_config
from tts.config.training import AcousticTrainingConfig, VocoderTrainingConfig
from tts.data.sampler import BucketSampler
from tts.training.schedule import inverse_square_root, vocoder_rate

CLIPS = 13_100 - 655  # of LJSpeech that are trained on
CONFIGS = Path(__file__).parents[2] / "configs"


def test_peak_is_reached_at_the_end_of_the_warm_up() -> None:
    rates = [inverse_square_root(step, 2.0, 4000) for step in range(20_000)]
    assert max(rates) == rates[3999] == 2.0
    assert rates[0] == pytest.approx(2 / 4000)
    assert rates[15_999] == pytest.approx(1.0)


@given(step=st.integers(0, 10**6), warmup_steps=st.integers(1, 10**5), hidden=st.sampled_from([256, 384]))
def test_shape_is_the_papers(step: int, warmup_steps: int, hidden: int) -> None:
    def paper(n: int) -> float:
        return hidden**-0.5 * min(n**-0.5, n * warmup_steps**-1.5)

    assert inverse_square_root(step, paper(warmup_steps), warmup_steps) == pytest.approx(paper(step + 1))


def test_fastspeech_2_over_its_160000_steps() -> None:
    """With a hidden size of 256 and 4,000 steps of warm-up the paper's peak is 0.000988."""
    config = AcousticTrainingConfig()
    assert config.learning_rate == pytest.approx(256**-0.5 * 4000**-0.5, rel=0.02)
    rates = [inverse_square_root(step, config.learning_rate, config.warmup_steps) for step in range(config.steps)]
    assert rates.index(max(rates)) == 3999
    assert rates[-1] == pytest.approx(config.learning_rate * (4000 / 160_000) ** 0.5)


@pytest.mark.parametrize("recipe", [[], ["hifigan.yaml"]])
def test_hifi_gan_over_its_2500000_steps(recipe: list[str]) -> None:
    """16 segments a step, 777 steps an epoch: 0.999 to the power of 3,217 epochs."""
    config = load_config([CONFIGS / name for name in recipe]).training.vocoder
    per_epoch = BucketSampler([32] * CLIPS, config.batch_size, config.seed).n_batches
    rates = [vocoder_rate(step, step // per_epoch, config) for step in range(0, config.steps, 100)]
    assert rates[0] == config.learning_rate == 2e-4
    assert all(later <= earlier for earlier, later in pairwise(rates))
    final = vocoder_rate(config.steps - 1, (config.steps - 1) // per_epoch, config)
    assert final / rates[0] == pytest.approx(0.999**3217) == pytest.approx(0.040, abs=0.0005)


def test_vocos_over_its_million_steps() -> None:
    config = load_config([CONFIGS / "vocos.yaml"]).training.vocoder
    for step in range(0, 1_000_001, 50_000):
        assert vocoder_rate(step, 7, config) == pytest.approx(5e-4 * 0.5 * (1 + cos(pi * step / 1e6)), abs=1e-12)


def test_a_rate_never_grows_again_after_the_last_step_of_a_cosine() -> None:
    assert vocoder_rate(150, 0, VocoderTrainingConfig(steps=100, schedule="cosine")) == 0.0
