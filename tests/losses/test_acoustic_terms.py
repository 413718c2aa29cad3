import numpy as np
import pytest
import torch

from tts.data.batches import AcousticBatch
from tts.losses.acoustic import acoustic_terms
from tts.models.fastspeech2 import AcousticOutput
from tts.models.masks import length_mask

PHONE_LENGTHS, MEL_LENGTHS = [3, 2], [9, 6]


def example(pitch_level: str, postnet: bool) -> tuple[AcousticOutput, AcousticBatch]:
    generator = torch.Generator().manual_seed(0)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator).requires_grad_()

    durations = torch.tensor([[2, 3, 4], [5, 1, 0]])
    pitch_length = 3 if pitch_level == "phone" else 9
    phone_lengths, mel_lengths = torch.tensor(PHONE_LENGTHS), torch.tensor(MEL_LENGTHS)
    output = AcousticOutput(
        mel=noise(2, 4, 9),
        postnet_mel=noise(2, 4, 9) if postnet else None,
        log_durations=noise(2, 3),
        durations=durations,
        pitch=noise(2, pitch_length),
        energy=noise(2, 3),
        phone_mask=length_mask(phone_lengths, 3),
        frame_mask=length_mask(mel_lengths, 9),
        mel_lengths=mel_lengths,
    )
    batch = AcousticBatch(
        ids=("a", "b"),
        phone_ids=torch.ones(2, 3, dtype=torch.int64),
        phone_lengths=phone_lengths,
        speaker_ids=torch.zeros(2, dtype=torch.int64),
        durations=durations,
        pitch=noise(2, pitch_length).detach(),
        energy=noise(2, 3).detach(),
        mel=noise(2, 4, 9).detach(),
        mel_lengths=mel_lengths,
    )
    return output, batch


def real(x: torch.Tensor, lengths: list[int]) -> np.ndarray:
    return np.concatenate([row[..., :n].detach().numpy().ravel() for row, n in zip(x, lengths, strict=True)])


@pytest.mark.parametrize("pitch_level", ["phone", "frame"])
def test_each_term_is_the_papers(pitch_level: str) -> None:
    output, batch = example(pitch_level, postnet=True)
    terms = acoustic_terms(output, batch)

    def l1(prediction: torch.Tensor, target: torch.Tensor, lengths: list[int]) -> float:
        return np.abs(real(prediction, lengths) - real(target, lengths)).mean()

    def mse(prediction: torch.Tensor, target: torch.Tensor, lengths: list[int]) -> float:
        return ((real(prediction, lengths) - real(target, lengths)) ** 2).mean()

    pitch_lengths = PHONE_LENGTHS if pitch_level == "phone" else MEL_LENGTHS
    expected = {
        "mel": l1(output.mel, batch.mel, MEL_LENGTHS),
        "duration": mse(output.log_durations, torch.log(batch.durations + 1.0), PHONE_LENGTHS),
        "pitch": mse(output.pitch, batch.pitch, pitch_lengths),
        "energy": mse(output.energy, batch.energy, PHONE_LENGTHS),
        "postnet_mel": l1(output.postnet_mel, batch.mel, MEL_LENGTHS),
    }
    assert {name: term.item() for name, term in terms.items()} == pytest.approx(expected, rel=1e-5)


def test_of_each_utterance_is_what_it_is_alone() -> None:
    output, batch = example("frame", postnet=True)
    found = acoustic_terms(output, batch, per_item=True)
    mel = [np.abs(real(output.mel, MEL_LENGTHS) - real(batch.mel, MEL_LENGTHS))]
    first, second = np.split(mel[0], [4 * MEL_LENGTHS[0]])
    assert found["mel"].tolist() == pytest.approx([first.mean(), second.mean()], rel=1e-5)
    assert all(values.shape == (2,) for values in found.values())


def test_without_a_postnet_there_is_no_term_for_it() -> None:
    assert acoustic_terms(*example("phone", postnet=False)).keys() == {"mel", "duration", "pitch", "energy"}


def test_each_term_teaches_its_own_prediction() -> None:
    output, batch = example("phone", postnet=True)
    predictions = [output.mel, output.log_durations, output.pitch, output.energy, output.postnet_mel]
    for index, term in enumerate(acoustic_terms(output, batch).values()):
        gradients = torch.autograd.grad(term, predictions, allow_unused=True, retain_graph=True)
        assert [gradient is not None for gradient in gradients] == [i == index for i in range(5)]
