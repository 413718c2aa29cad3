from pathlib import Path

import onnx
import pytest
import torch

from tts.config.acoustic import AcousticConfig, FFTBlockConfig, PostnetConfig
from tts.config.features import Moments, SpeakerStatistics
from tts.export.acoustic_graph import export_acoustic
from tts.export.quantise import with_8_bit_weights
from tts.models.fastspeech2 import FastSpeech2
from tts.models.sharpening import Sharpening

N_MELS = 100  # so that the matrix is large enough to be stored once, as weights are
BLOCKS = FFTBlockConfig(n_blocks=1, conv_channels=16, conv_kernels=(3, 1), dropout=0.0)
MOMENTS = Moments(mean=0.0, std=1.0, minimum=-1.0, maximum=1.0, count=9)
STATISTICS = SpeakerStatistics(pitch={"phone": MOMENTS, "frame": MOMENTS}, energy={"phone": MOMENTS, "frame": MOMENTS})


def make_model(sharpness: float, postnet: bool = False) -> FastSpeech2:
    torch.manual_seed(0)
    post = PostnetConfig(n_layers=2, channels=8) if postnet else None
    config = AcousticConfig(hidden=16, encoder=BLOCKS, decoder=BLOCKS, postnet=post, sharpness=sharpness)
    model = FastSpeech2(config, N_MELS, 9, [STATISTICS]).eval()
    torch.nn.init.constant_(model.variance_adaptor.duration.projection.bias, 1.0)
    return model


def test_what_stands_out_stands_out_more_and_a_flat_mel_stays() -> None:
    sharpen = Sharpening(N_MELS, 0.5)
    flat = torch.full((1, N_MELS, 3), -7.0)
    torch.testing.assert_close(sharpen(flat), flat)
    formant = flat + torch.exp(-0.5 * ((torch.arange(N_MELS) - 50.0) / 2) ** 2)[None, :, None]
    change = (sharpen(formant) - formant)[0, :, 0]
    assert change[50] == change.max() > 0.1 and change[42] < 0 and change[58] < 0
    torch.testing.assert_close(change.sum(), torch.tensor(0.0), atol=1e-4, rtol=0)  # no louder, no darker
    torch.testing.assert_close(change[1:], change.flip(0)[:-1])  # around band 50


@pytest.mark.parametrize("postnet", [False, True])
def test_it_is_for_what_is_spoken_and_training_does_not_see_it(postnet: bool) -> None:
    plain, sharp = make_model(0.0, postnet), make_model(0.4, postnet)
    sharp.load_state_dict(plain.state_dict())  # it has no weights
    ids, lengths, speakers = torch.tensor([[1, 2, 3, 4], [5, 6, 0, 0]]), torch.tensor([4, 2]), torch.zeros(2).long()
    ones = torch.ones(2, 4)
    durations = torch.tensor([[2, 1, 3, 1], [2, 2, 0, 0]])
    with torch.inference_mode():
        spoken, plainly = (model.infer(ids, lengths, speakers, ones, 0 * ones, 0 * ones) for model in (sharp, plain))
        taught, plainly_taught = (model(ids, lengths, speakers, durations, ones, ones) for model in (sharp, plain))
    torch.testing.assert_close(spoken.final_mel, Sharpening(N_MELS, 0.4)(plainly.final_mel))
    torch.testing.assert_close(taught.final_mel, plainly_taught.final_mel)
    torch.testing.assert_close(sharp.sharpened(taught).final_mel, Sharpening(N_MELS, 0.4)(taught.final_mel))
    assert plain.sharpened(taught) is taught


def test_graphs_of_8_bits_keep_it_exact(tmp_path: Path) -> None:
    model = make_model(0.4)
    export_acoustic(tmp_path / "acoustic.onnx", model, {})
    small = with_8_bit_weights(onnx.load(tmp_path / "acoustic.onnx"))
    assert model.sharpening
    kept = [onnx.numpy_helper.to_array(t) for t in small.graph.initializer if tuple(t.dims) == (N_MELS, N_MELS)]
    assert any((values == model.sharpening.matrix.numpy()).all() for values in kept)
