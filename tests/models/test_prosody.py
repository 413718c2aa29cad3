from typing import Literal

import pytest
import torch
from test_fastspeech2 import N_MELS, N_PHONES, phones, statistics

from tts.config.acoustic import AcousticConfig, FFTBlockConfig, PredictorConfig, ProsodyConfig, VarianceConfig
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2

Level = Literal["phone", "utterance"]
LEVELS = pytest.mark.parametrize("level", ["phone", "utterance"])
SIZE = 3


def make_model(level: Level | None) -> FastSpeech2:
    torch.manual_seed(0)
    blocks = FFTBlockConfig(n_blocks=1, conv_channels=16, conv_kernels=(3, 1), dropout=0.0)
    predictor = PredictorConfig(channels=8, dropout=0.0)
    config = AcousticConfig(
        hidden=16,
        encoder=blocks,
        decoder=blocks,
        duration=predictor,
        pitch=VarianceConfig(n_bins=32, predictor=predictor),
        energy=VarianceConfig(n_bins=32, predictor=predictor),
        prosody=ProsodyConfig(level=level, size=SIZE, channels=8) if level else None,
    )
    model = FastSpeech2(config, N_MELS, N_PHONES, [statistics(0.2)])
    torch.nn.init.constant_(model.variance_adaptor.duration.projection.bias, 1.0)
    return model.eval()


def stirred(level: Level) -> FastSpeech2:
    """As if it had learned something."""
    model = make_model(level)
    assert model.prosody
    torch.nn.init.normal_(model.prosody.embedding.weight)
    return model


def say(model: FastSpeech2, lengths: list[int], prosody: torch.Tensor | None = None) -> AcousticOutput:
    ids, rows, speakers = phones(lengths, max(lengths))
    ones = torch.ones(ids.shape)
    with torch.inference_mode():
        return model.infer(ids, rows, speakers, ones, 0 * ones, 0 * ones, prosody)


def hear(model: FastSpeech2, lengths: list[int], seed: int = 0) -> AcousticOutput:
    """Teacher-forced with a made-up recording."""
    random = torch.Generator().manual_seed(seed)
    ids, rows, speakers = phones(lengths, max(lengths))
    durations = torch.randint(1, 4, ids.shape, generator=random) * (ids > 0)
    values = torch.randn(ids.shape, generator=random)
    mel = torch.randn(len(lengths), N_MELS, int(durations.sum(1).max()), generator=random)
    return model(ids, rows, speakers, durations, values, values, mel)


@LEVELS
def test_a_new_one_changes_nothing(level: Level) -> None:
    plain, varied = make_model(None), make_model(level)
    varied.load_state_dict({**varied.state_dict(), **plain.state_dict()})
    torch.testing.assert_close(say(varied, [5, 3], torch.randn(2, 5, SIZE)).mel, say(plain, [5, 3]).mel)


@LEVELS
def test_what_is_asked_for_is_said_and_nothing_is_the_likeliest(level: Level) -> None:
    model = stirred(level)
    likeliest = say(model, [6]).pitch
    torch.testing.assert_close(say(model, [6], torch.zeros(1, 6, SIZE)).pitch, likeliest)
    once, again, other = (say(model, [6], torch.full((1, 6, SIZE), v)).pitch for v in (1.0, 1.0, -1.0))
    torch.testing.assert_close(once, again)
    assert (once - likeliest).abs().max() > 0.01 and (once - other).abs().max() > 0.01


@LEVELS
def test_training_draws_from_the_posterior_and_judging_does_not(level: Level) -> None:
    model = stirred(level)
    first, second = hear(model, [5, 2]), hear(model, [5, 2])
    torch.testing.assert_close(first.pitch, second.pitch)
    assert first.latent and first.latent.posterior.mean.shape == (2, 5 if level == "phone" else 1, SIZE)
    model.train()
    drawn = [hear(model, [5, 2]).pitch for _ in range(2)]
    assert (drawn[0] - drawn[1]).abs().max() > 1e-3


@LEVELS
def test_the_posterior_hears_the_recording_and_the_prior_does_not(level: Level) -> None:
    model = stirred(level)
    one, other = (hear(model, [5, 2], seed).latent for seed in (0, 1))
    assert one and other
    torch.testing.assert_close(one.prior.mean, other.prior.mean)
    assert (one.posterior.mean - other.posterior.mean).abs().max() > 1e-3


@LEVELS
def test_padding_changes_nothing(level: Level) -> None:
    model, prosody = stirred(level), torch.randn(2, 7, SIZE)
    together, alone = say(model, [7, 3], prosody), say(model, [3], prosody[1:, :3])
    n_frames = int(alone.mel_lengths)
    torch.testing.assert_close(together.mel[1, :, :n_frames], alone.mel[0], atol=1e-5, rtol=1e-5)
    assert together.durations[1, :3].equal(alone.durations[0])
