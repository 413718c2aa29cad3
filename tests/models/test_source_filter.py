from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.audio.f0 import extract_f0
from tts.config.audio import AudioConfig, PitchConfig
from tts.config.loader import load_config
from tts.config.vocoder import F0PredictorConfig, ISTFTConfig, SourceFilterConfig
from tts.errors import InputError
from tts.export.onnx_file import write_graph
from tts.models.source_filter import BLUR, F0Predictor, SourceFilter
from tts.runtime import contract

AUDIO = AudioConfig()


@pytest.fixture(scope="module", params=[1, 4])
def config(request: pytest.FixtureRequest) -> SourceFilterConfig:
    n_filters: int = request.param
    return SourceFilterConfig(
        channels=16,
        hidden_channels=32,
        n_blocks=2,
        f0=F0PredictorConfig(channels=16, hidden_channels=16, n_blocks=1),
        filters_per_frame=n_filters,
        istft=ISTFTConfig(n_fft=1024 // n_filters, hop_length=256 // n_filters),
    )


@pytest.fixture(scope="module")
def predictor() -> F0Predictor:
    return F0Predictor(F0PredictorConfig(channels=8, hidden_channels=8, n_blocks=1), n_mels=80)


@pytest.fixture(scope="module")
def generator(config: SourceFilterConfig) -> SourceFilter:
    torch.manual_seed(0)
    return SourceFilter(config, AUDIO).eval()


START = torch.zeros(1, dtype=torch.int64), torch.zeros(1, dtype=torch.float64)  # of an utterance


def filters(generator: SourceFilter) -> torch.Tensor:
    """Where the last layer begins: (filters per frame, 3, bins)."""
    return generator.filter.linear_post.bias.view(generator.config.filters_per_frame, 3, -1)


@torch.no_grad()
def test_it_speaks_at_the_f0_it_is_given(config: SourceFilterConfig) -> None:
    log_f0 = torch.linspace(np.log(120.0), np.log(240.0), 100)[None]
    noiseless = SourceFilter(config, AUDIO)
    filters(noiseless)[:, 2] = -20.0
    audio, terms = noiseless.train_forward(torch.zeros(1, 80, 100), log_f0, *START)
    assert audio.shape == (1, 1, 100 * 256) and terms.keys() == config.terms
    heard = extract_f0(audio[0, 0].numpy(), AUDIO, PitchConfig(method="harvest"))
    cents = 1200 * np.log2(heard / log_f0[0].exp().numpy())
    assert np.nanmedian(np.abs(cents)) < 10 and np.isfinite(cents).mean() > 0.9


@given(st.floats(100.0, 700.0), st.floats(-30.0, 30.0))
def test_glides_are_heard_between_the_steps_of_the_grid(start: float, cents_per_frame: float) -> None:
    predictor = F0Predictor(F0PredictorConfig(channels=8, hidden_channels=8, n_blocks=1), n_mels=80)
    log_f0 = np.log(start) + np.arange(20) * cents_per_frame / 1200 * np.log(2)
    log_f0 = torch.from_numpy(log_f0).clamp(np.log(65.0), np.log(750.0))
    blurred = -((predictor.log_f0[:, None] - log_f0) / BLUR).square() / 2  # what the loss teaches
    cents = 1200 / np.log(2) * (predictor.choose(blurred.float()[None])[0].log() - log_f0)
    assert cents.abs().max() < 11 and cents.diff().abs().max() < 6  # half a step off at most, without stairs


def test_rounding_errors_of_the_f0_do_not_add_up() -> None:
    predictor = F0Predictor(F0PredictorConfig(channels=8, hidden_channels=8, n_blocks=1), n_mels=80)
    generator = torch.Generator().manual_seed(0)
    n_steps = len(predictor.log_f0)
    logits = 3 * torch.randn(1, n_steps, 4000, generator=generator)
    higher = logits + 1e-4 * torch.arange(n_steps)[:, None] / n_steps  # what errs always to one side adds up soonest
    assert torch.equal(logits.argmax(1), higher.argmax(1))
    drift = (predictor.choose(higher) - predictor.choose(logits)).cumsum(1).abs()[0]
    assert 0 < drift[2000:].mean() < 1.5 * drift[:2000].mean()


@torch.no_grad()
def test_gains_of_the_filters_are_gains(config: SourceFilterConfig) -> None:
    """With a gain of 1 for noise and next to none for pulses, the noise comes out as it is."""
    plain = SourceFilter(config, AUDIO).eval()
    plain.filter.linear_post.weight.zero_()
    filters(plain)[:] = torch.tensor([-30.0, 0.0, 0.0])[:, None]
    audio = plain(torch.zeros(1, 80, 20))[0, 0]
    noise = plain.istft(*plain.noise(torch.tensor([0]), 20))[0, 0]
    assert torch.allclose(audio[1024:-1024], noise[1024:-1024], atol=1e-5)


@torch.no_grad()
def test_each_filter_has_its_time(config: SourceFilterConfig) -> None:
    """With noise in the first filters of the frames alone, audio is loudest where those are."""
    bursts = SourceFilter(config, AUDIO).eval()
    bursts.filter.linear_post.weight.zero_()
    filters(bursts)[:] = -30.0
    filters(bursts)[0, 2] = 0.0
    power = bursts(torch.zeros(1, 80, 200))[0, 0].view(200, config.filters_per_frame, -1).square().mean((0, 2))
    assert power.argmax() == 0 and (config.filters_per_frame == 1 or power[1] < 0.8 * power[0])


@torch.no_grad()
def test_a_stretch_sounds_as_in_the_whole(generator: SourceFilter) -> None:
    mel = torch.randn(1, 80, 90) - 5
    whole = generator(mel)[0, 0]
    zero, context, first = torch.zeros(1, dtype=torch.int64), generator.receptive_field, 40
    left, right = first - context, 60 + context
    unasked = torch.zeros(1, 1).double()
    audio, phases, f0 = generator.go_on(mel[:, :, :60], zero, zero.double(), zero, unasked)
    assert f0.shape == (1, 60)
    assert torch.allclose(audio[0, 0, : (60 - context) * 256], whole[: (60 - context) * 256], atol=1e-6)
    at, anchor = torch.tensor([left]), torch.tensor([context])
    stretch, *_ = generator.go_on(mel[:, :, left:right], at, phases[:, first], anchor, unasked)
    kept = stretch[0, 0, context * 256 : -context * 256]
    assert torch.allclose(kept, whole[first * 256 : 60 * 256], atol=1e-6)


def test_the_context_is_that_of_filters_where_they_see_more(config: SourceFilterConfig) -> None:
    torch.manual_seed(0)
    generator = SourceFilter(config.model_copy(update={"n_blocks": 5}), AUDIO).double()
    mel = torch.randn(1, AUDIO.n_mels, 91, dtype=torch.float64, requires_grad=True)
    audio, _ = generator.train_forward(mel, torch.full((1, 91), 5.0, dtype=torch.float64), *START)
    audio[0, 0, 45 * 256 : 46 * 256].square().sum().backward()
    assert mel.grad is not None
    reached = mel.grad[0].abs().sum(0).nonzero().flatten() - 45
    assert (-reached.min(), reached.max()) == (generator.receptive_field, generator.receptive_field)


def test_what_it_learns_from_the_mel_does_not_reach_back_through_the_f0(generator: SourceFilter) -> None:
    audio, terms = generator.train_forward(torch.zeros(1, 80, 40), torch.full((1, 40), 5.0), *START)
    audio.square().mean().backward()
    assert all(parameter.grad is None for parameter in generator.f0.parameters())
    terms["f0"].backward()
    assert all(parameter.grad is not None for parameter in generator.f0.parameters())
    generator.zero_grad()


@torch.no_grad()
def test_what_hears_the_f0_is_frozen_and_makes_the_pulses_as_when_speaking(config: SourceFilterConfig) -> None:
    frozen, mel = SourceFilter(config, AUDIO), torch.randn(1, 80, 40)
    frozen.f0.requires_grad_(False)
    audio, _ = frozen.train_forward(mel, torch.full((1, 40), 5.0), *START)
    assert torch.equal(audio, frozen(mel))


@pytest.mark.slow
def test_the_graph_goes_on_where_it_is_told_to(generator: SourceFilter, tmp_path: Path) -> None:
    write_graph(tmp_path / "vocoder.onnx", generator.graph(), {})
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(tmp_path / "vocoder.onnx", options)
    assert [given.name for given in session.get_inputs()] == [contract.MEL]
    mel = np.random.default_rng(0).normal(-5, 1, (1, 80, 90)).astype(np.float32)
    whole, phases = session.run([contract.AUDIO, contract.PHASES], {contract.MEL: mel})
    with torch.no_grad():
        assert np.abs(whole - generator(torch.from_numpy(mel))[:, 0].numpy()).max() < 1e-5
    context = generator.receptive_field
    state = {contract.FIRST_FRAME: np.array([50 - context]), contract.PHASE: phases[0, 50:51]}
    (rest,) = session.run([contract.AUDIO], {contract.MEL: mel[:, :, 50 - context :], **state})
    assert np.abs(rest[0, context * 256 :] - whole[0, 50 * 256 :]).max() < 1e-5


def test_the_graph_speaks_at_the_f0_that_it_is_given(generator: SourceFilter, tmp_path: Path) -> None:
    write_graph(tmp_path / "vocoder.onnx", generator.graph(), {})
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(tmp_path / "vocoder.onnx", options)
    mel = np.random.default_rng(0).normal(-5, 1, (1, 80, 90)).astype(np.float32)
    whole, heard = session.run([contract.AUDIO, contract.F0], {contract.MEL: mel})
    (same,) = session.run([contract.AUDIO], {contract.MEL: mel, contract.GIVEN_F0: heard})
    assert np.array_equal(whole, same)
    given = np.where(np.arange(90) < 40, 0.0, np.linspace(100.0, 200.0, 90))[None]
    audio, phases = session.run([contract.AUDIO, contract.PHASES], {contract.MEL: mel, contract.GIVEN_F0: given})
    spoken = np.where(given > 0, given, heard)[0]
    cycles = (spoken[1:] + spoken[:-1]) / 2 * 256 / 22050
    steps = np.diff(phases[0]) - cycles
    assert np.abs(steps - steps.round()).max() < 1e-6
    context = generator.receptive_field
    first = 50 - context
    state = {contract.FIRST_FRAME: np.array([first]), contract.PHASE: phases[0, 50:51]}
    state |= {contract.MEL: mel[:, :, first:], contract.GIVEN_F0: given[:, first:]}
    (rest,) = session.run([contract.AUDIO], state)
    assert np.abs(rest[0, context * 256 :] - audio[0, 50 * 256 :]).max() < 1e-5


def test_another_hop_needs_another_transform() -> None:
    with pytest.raises(InputError, match=r"multiply to 256, but audio\.hop_length is 200"):
        load_config(overrides=["vocoder.generator={kind: source_filter}", "audio.hop_length=200"])


def test_the_term_of_the_f0_equals_the_formula(predictor: F0Predictor) -> None:
    torch.manual_seed(0)
    grid = predictor.log_f0.numpy()
    logits, log_f0 = torch.randn(2, len(grid), 7), torch.rand(2, 7) + 4.6
    cents = 1200 / np.log(2) * (grid[:, None] - log_f0.numpy()[:, None])
    target = np.exp(-0.5 * (cents / 25) ** 2)
    target /= target.sum(1, keepdims=True)
    shares = np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(1, keepdims=True)
    assert np.isclose(predictor.cross_entropy(logits, log_f0), -(target * np.log(shares)).sum(1).mean(1)).all()


def test_the_right_step_scores_best_and_near_misses_score_better_than_far_ones(predictor: F0Predictor) -> None:
    log_f0, n_steps = predictor.log_f0[100].float()[None, None], len(predictor.log_f0)
    choices = torch.nn.functional.one_hot(torch.arange(n_steps), n_steps).float() * 20
    losses = torch.cat([predictor.cross_entropy(choice[None, :, None], log_f0) for choice in choices[100:106]])
    assert (losses.diff() > 0).all()


@pytest.mark.parametrize(("off", "decided"), [(0.0, False), (1e-9, False), (1e-6, True), (-1e-6, True)])
def test_no_mel_is_compared_whose_highest_harmonic_hangs_on_rounding(
    generator: SourceFilter, monkeypatch: pytest.MonkeyPatch, off: float, decided: bool
) -> None:
    f0 = torch.full((1, 4), AUDIO.sample_rate / 2 / 80 * (1 + off), dtype=torch.float64)
    monkeypatch.setattr(generator.f0, "choose", lambda logits: f0)
    torch.manual_seed(0)
    assert generator.is_decided(torch.randn(1, 80, 4)) == decided
