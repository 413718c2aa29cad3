import numpy as np
import pytest
import torch
import torchaudio

from tts.audio.mel import LogMel
from tts.config.audio import AudioConfig
from tts.config.training import STFTLossConfig
from tts.losses.spectral import POWER_EPSILON, MultiResolutionSTFT, mel_scale

CONFIG, AUDIO = STFTLossConfig(), AudioConfig()
SEGMENT = 4096


@pytest.fixture(scope="module")
def loss() -> MultiResolutionSTFT:
    return MultiResolutionSTFT(CONFIG, AUDIO)


def noise(seed: int, n_segments: int = 2, amplitude: float = 0.1) -> torch.Tensor:
    return amplitude * torch.randn(n_segments, SEGMENT, generator=torch.Generator().manual_seed(seed))


def numpy_magnitude(audio: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Frames written out one by one, in double precision."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(audio.astype(np.float64), ((0, 0), (n_fft // 2, n_fft // 2)), mode="reflect")
    starts = range(0, padded.shape[1] - n_fft + 1, hop)
    frames = np.stack([padded[:, start : start + n_fft] * window for start in starts], axis=1)
    return np.sqrt(np.abs(np.fft.rfft(frames)) ** 2 + POWER_EPSILON)


def test_spectral_terms_equal_the_papers_formulas(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0), noise(1)
    convergence, log_magnitude, magnitude = [], [], []
    for n_fft, hop in zip(CONFIG.n_ffts, CONFIG.hop_lengths, strict=True):
        p, t = numpy_magnitude(prediction.numpy(), n_fft, hop), numpy_magnitude(target.numpy(), n_fft, hop)
        convergence.append(np.linalg.norm(t - p) / np.linalg.norm(t))
        log_magnitude.append(np.abs(np.log(t) - np.log(p)).mean())
        magnitude.append(np.abs(t - p).mean())
    terms = loss(prediction, target)
    assert terms["spectral_convergence"].item() == pytest.approx(np.mean(convergence), rel=1e-5)
    assert terms["log_magnitude"].item() == pytest.approx(np.mean(log_magnitude), rel=1e-5)
    assert terms["magnitude"].item() == pytest.approx(np.mean(magnitude), rel=1e-5)


@pytest.mark.parametrize("amplitude", [0.003, 0.1, 1.0])
def test_spectral_terms_equal_those_of_auraloss(loss: MultiResolutionSTFT, amplitude: float) -> None:
    auraloss = pytest.importorskip("auraloss")
    prediction, target = noise(0, amplitude=amplitude), noise(1, amplitude=amplitude)
    found = []
    for n_fft, hop, window in zip(CONFIG.n_ffts, CONFIG.hop_lengths, CONFIG.win_lengths, strict=True):
        reference = auraloss.freq.STFTLoss(n_fft, hop, window, w_lin_mag=1.0, output="full")
        found.append(reference(prediction[:, None], target[:, None])[1:4])
    expected = dict(zip(("spectral_convergence", "log_magnitude", "magnitude"), np.mean(found, axis=0), strict=True))
    terms = loss(prediction, target)
    assert {name: terms[name].item() for name in expected} == pytest.approx(expected, rel=2e-3)


def test_of_each_item_is_what_it_is_alone(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0, 3), noise(1, 3)
    target[1] *= 0.01
    found = loss.per_item(prediction, target)
    alone = [loss(prediction[i : i + 1], target[i : i + 1]) for i in range(3)]
    for name, values in found.items():
        torch.testing.assert_close(values, torch.stack([terms[name] for terms in alone]))


def test_mel_term_sees_the_full_band(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0), noise(1)
    full_band = LogMel(AudioConfig(fmax=AUDIO.sample_rate / 2))
    expected = (full_band(prediction) - full_band(target)).abs().mean()
    torch.testing.assert_close(loss(prediction, target)["mel"], expected)


def test_multi_scale_mel_is_the_mean_over_torchaudios_mels() -> None:
    windows = (32, 256, 2048)
    prediction, target = noise(0), noise(1)
    expected = []
    for window in windows:
        mel = torchaudio.transforms.MelSpectrogram(
            AUDIO.sample_rate, window, window, window // 4, n_mels=5 * window // 32, power=1.0, norm="slaney",
            mel_scale="slaney", pad=(window - window // 4) // 2, center=False,
        )  # fmt: skip
        ours, inside = LogMel(mel_scale(window, AUDIO)), slice(2, -2)  # at the edges torchaudio pads with zeros
        torch.testing.assert_close(ours(target)[..., inside], mel(target).clamp(min=1e-5).log()[..., inside])
        expected.append((ours(prediction) - ours(target)).abs().mean().item())
    terms = MultiResolutionSTFT(STFTLossConfig(mel_windows=windows), AUDIO)(prediction, target)
    assert terms["multi_scale_mel"].item() == pytest.approx(np.mean(expected), rel=1e-5)


def test_equal_audio_gives_zero_and_finite_gradients(loss: MultiResolutionSTFT) -> None:
    prediction = noise(0).requires_grad_()
    terms = loss(prediction, noise(0))
    assert all(term.item() == 0.0 for term in terms.values())
    sum(terms.values()).backward()
    assert prediction.grad.isfinite().all()


def test_gradients_reach_the_prediction_only(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0).requires_grad_(), noise(1).requires_grad_()
    for term in loss(prediction, target).values():
        to_prediction, to_target = torch.autograd.grad(term, (prediction, target), allow_unused=True, retain_graph=True)
        assert to_prediction.abs().sum() > 0
        assert to_target is None


@pytest.mark.parametrize("prediction_amplitude", [0.0, 1e-4, 0.1])
@pytest.mark.parametrize("target_amplitude", [0.0, 0.1])
def test_digital_silence_neither_breaks_nor_explodes(
    loss: MultiResolutionSTFT, prediction_amplitude: float, target_amplitude: float
) -> None:
    def gradient_norms(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, float]:
        prediction.requires_grad_()
        terms = loss(prediction, target)
        assert all(term.isfinite() for term in terms.values())
        return {n: torch.autograd.grad(t, prediction, retain_graph=True)[0].norm().item() for n, t in terms.items()}

    usual = gradient_norms(noise(0), noise(1))
    found = gradient_norms(noise(0, amplitude=prediction_amplitude), noise(1, amplitude=target_amplitude))
    limits = {"spectral_convergence": 200, "log_magnitude": 1500, "magnitude": 2, "mel": 1500}
    assert all(found[name] <= limits[name] * usual[name] for name in usual)


def test_a_silent_segment_does_not_drown_the_others(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0), noise(1)
    alone = loss(prediction[:1], target[:1])["spectral_convergence"]
    target[1] = 0.0
    together = loss(prediction, target)["spectral_convergence"]
    assert together < 2 * alone


def test_louder_or_quieter_alike_is_the_same_convergence(loss: MultiResolutionSTFT) -> None:
    scaled = loss(0.1 * noise(0), 0.1 * noise(1))["spectral_convergence"]
    torch.testing.assert_close(scaled, loss(noise(0), noise(1))["spectral_convergence"], rtol=1e-3, atol=0)


def test_lower_precision_in_training_does_not_lower_it_here(loss: MultiResolutionSTFT) -> None:
    prediction, target = noise(0), noise(1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = loss(prediction, target)
    torch.testing.assert_close(mixed, loss(prediction, target))


def test_shortest_segment_works_and_a_shorter_one_is_refused(loss: MultiResolutionSTFT) -> None:
    assert loss.shortest == 1025
    assert all(term.isfinite() for term in loss(noise(0)[:, :1025], noise(1)[:, :1025]).values())
    with pytest.raises(ValueError, match="segments of 1024 samples; these FFTs need at least 1025"):
        loss(noise(0)[:, :1024], noise(1)[:, :1024])


def test_different_shapes_are_refused(loss: MultiResolutionSTFT) -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        loss(noise(0), noise(1)[:1])
