from math import log
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tts.config.acoustic import AcousticConfig, FFTBlockConfig, PostnetConfig, PredictorConfig, VarianceConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.models.fastspeech2 import AcousticOutput, FastSpeech2

N_MELS, N_PHONES = 8, 20
LEVELS = pytest.mark.parametrize("level", ["phone", "frame"])


def moments(std: float) -> Moments:
    return Moments(mean=5.0, std=std, minimum=-2.0, maximum=3.0, count=9)


def statistics(std: float) -> SpeakerStatistics:
    return SpeakerStatistics(
        pitch={"phone": moments(std), "frame": moments(std)}, energy={"phone": moments(std), "frame": moments(std)}
    )


def make_model(n_speakers: int = 1, postnet: bool = True, **variance: Any) -> FastSpeech2:
    torch.manual_seed(0)
    blocks = FFTBlockConfig(n_blocks=2, n_heads=2, conv_channels=24, conv_kernels=(5, 3))
    predictor = PredictorConfig(channels=12)
    config = AcousticConfig(
        hidden=16,
        encoder=blocks,
        decoder=blocks,
        duration=predictor,
        pitch=VarianceConfig(n_bins=32, predictor=predictor, **variance),
        energy=VarianceConfig(n_bins=32, predictor=predictor, **variance),
        postnet=PostnetConfig(n_layers=2, channels=12) if postnet else None,
    )
    model = FastSpeech2(config, N_MELS, N_PHONES, [statistics(0.2 * (n + 1)) for n in range(n_speakers)]).eval()
    torch.nn.init.constant_(model.variance_adaptor.duration.projection.bias, 1.0)
    return model


def phones(lengths: list[int], n_phones: int) -> tuple[Tensor, Tensor, Tensor]:
    ids = torch.arange(n_phones)[None] % (N_PHONES - 1) + 1
    rows = torch.tensor(lengths)
    return ids * (torch.arange(n_phones) < rows[:, None]), rows, torch.zeros(len(lengths), dtype=torch.int64)


def infer(
    model: FastSpeech2, *inputs: Tensor, scale: float = 1.0, pitch: float = 0.0, energy: float = 0.0
) -> AcousticOutput:
    ones = torch.ones(inputs[0].shape)
    with torch.inference_mode():
        return model.infer(*inputs, ones * scale, ones * pitch, ones * energy)


@LEVELS
@settings(deadline=None, max_examples=15)
@given(extra=st.integers(0, 9), longest=st.integers(1, 12))
def test_padding_changes_nothing(level: str, extra: int, longest: int) -> None:
    model = make_model(level=level)
    ids, lengths, speakers = phones([longest], longest)
    alone = infer(model, ids, lengths, speakers)
    padded_ids, padded_lengths, padded_speakers = phones([longest, longest + extra], longest + extra)
    padded = infer(model, padded_ids, padded_lengths, padded_speakers)
    n_frames = int(alone.mel_lengths[0])
    assert padded.mel_lengths[0] == n_frames
    torch.testing.assert_close(
        padded.final_mel[0, :, :n_frames], alone.final_mel[0, :, :n_frames], atol=1e-5, rtol=1e-5
    )
    torch.testing.assert_close(padded.log_durations[0, :longest], alone.log_durations[0], atol=1e-5, rtol=1e-5)
    assert (padded.final_mel[0, :, n_frames:] == log(1e-5)).all()


@LEVELS
def test_training_ignores_padding_too(level: str) -> None:
    """Batch norm included: the statistics of the postnet come from real frames alone."""
    model = make_model(level=level).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    durations = torch.tensor([[2, 0, 3, 1]])
    values = torch.randn(1, 4 if level == "phone" else 6)
    ids, lengths, speakers = phones([4], 4)
    plain = model(ids, lengths, speakers, durations, values, values)
    ids, lengths, speakers = phones([4, 0], 7)
    wider = torch.zeros(2, 7, dtype=torch.int64)
    wider[0, :4] = durations
    padded_values = torch.zeros(2, 7 if level == "phone" else 6)
    padded_values[0, : values.shape[1]] = values
    padded = model(ids, lengths, speakers, wider, padded_values, padded_values)
    torch.testing.assert_close(padded.final_mel[:1], plain.final_mel, atol=1e-5, rtol=1e-5)


@LEVELS
def test_rows_without_frames_or_phones_are_silence(level: str) -> None:
    model = make_model(level=level)
    output = infer(model, *phones([3, 0], 3), scale=0.0)
    assert output.final_mel.shape == (2, N_MELS, 1) and not output.frame_mask.any()
    assert (output.final_mel == log(1e-5)).all()
    for name, value in output._asdict().items():
        assert value is None or value.isfinite().all(), name


def test_every_parameter_learns_from_finite_gradients() -> None:
    model = make_model(n_speakers=2, level="frame").train()
    ids, lengths, speakers = phones([5, 3, 0], 5)
    durations = torch.tensor([[1, 2, 0, 3, 1], [2, 2, 2, 0, 0], [0] * 5])
    values = torch.randn(3, 7)
    output = model(ids, lengths, speakers, durations, values, values)
    assert output.pitch.shape == output.energy.shape == output.frame_mask.shape == (3, 7)
    total = sum(
        x.square().mean() for x in (output.mel, output.final_mel, output.log_durations, output.pitch, output.energy)
    )
    total.backward()  # type: ignore[union-attr]
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name


def test_durations_follow_the_prediction_and_its_scale() -> None:
    model = make_model()
    inputs = phones([6, 2], 6)
    neutral, slow = infer(model, *inputs), infer(model, *inputs, scale=3.0)
    frames = (neutral.log_durations.exp() - 1) * 3
    assert torch.equal(slow.durations, (frames.round().clamp(min=0) * neutral.phone_mask).long())
    assert torch.equal(slow.mel_lengths, slow.durations.sum(1))
    assert not slow.durations[1, 2:].any()


@LEVELS
def test_shifts_are_semitones_and_decibels_of_each_speaker(level: str) -> None:
    model = make_model(n_speakers=2, level=level)
    ids, lengths, _ = phones([4, 4], 4)
    speakers = torch.tensor([0, 1])  # standard deviations 0.2 and 0.4
    neutral = infer(model, ids, lengths, speakers)
    higher = infer(model, ids, lengths, speakers, pitch=12.0)
    octave = ((higher.pitch - neutral.pitch) * torch.tensor([[0.2], [0.4]]))[:, 0]
    torch.testing.assert_close(octave, torch.full((2,), log(2)))
    louder = infer(model, ids, lengths, speakers, energy=20.0)
    tenfold = ((louder.energy - neutral.energy) * torch.tensor([[0.2], [0.4]]))[:, 0]
    torch.testing.assert_close(tenfold, torch.full((2,), log(10)))
    assert not torch.allclose(higher.mel[0, :, 0], neutral.mel[0, :, 0])


def test_bins_interpolate_and_saturate() -> None:
    embedding = make_model().variance_adaptor.pitch.embedding
    torch.nn.init.normal_(embedding.embedding)
    centres = torch.linspace(-2.0, 3.0, 32)
    torch.testing.assert_close(embedding(centres[None])[0], embedding.embedding.T, atol=1e-4, rtol=1e-4)
    between = embedding((centres[None, :-1] + centres[None, 1:]) / 2)[0]
    torch.testing.assert_close(
        between, (embedding.embedding.T[:-1] + embedding.embedding.T[1:]) / 2, atol=1e-4, rtol=1e-4
    )
    torch.testing.assert_close(embedding(torch.tensor([[-99.0, 99.0]]))[0], embedding.embedding.T[[0, -1]])


def test_any_length() -> None:
    model = make_model(postnet=False)
    output = infer(model, *phones([700], 700))
    assert output.postnet_mel is None and output.mel.shape[2] > 1000 and output.mel.isfinite().all()


def test_published_size() -> None:
    """ming024 counts 11.90 M in its encoder, 360 symbols and a table of 1,001 positions included."""
    encoder = FastSpeech2(AcousticConfig(), 80, 80, [statistics(0.2)]).encoder
    n_parameters = sum(p.numel() for p in encoder.parameters()) + (360 + 1001) * 256
    assert n_parameters / 1e6 == pytest.approx(11.90, abs=0.005)
