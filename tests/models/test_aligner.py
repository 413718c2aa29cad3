import pytest
import torch

from tts.config.aligner import AlignerConfig
from tts.models.aligner import Aligner


@pytest.fixture
def model() -> Aligner:
    torch.manual_seed(0)
    model = Aligner(AlignerConfig(channels=16), n_phones=5).eval()
    torch.nn.init.normal_(model.classifier.weight)
    return model


def test_padding_changes_nothing(model: Aligner) -> None:
    mel = torch.randn(2, 40, 30)
    lengths = torch.tensor([20, 30])
    alone = model(mel[:1, :, :20], lengths[:1])
    torch.testing.assert_close(model(mel, lengths)[0, :20], alone[0])


def test_a_new_aligner_finds_all_states_alike(model: Aligner) -> None:
    fresh = Aligner(model.config, n_phones=5)
    log_posteriors = fresh(torch.randn(1, 40, 10), torch.tensor([10]))
    torch.testing.assert_close(log_posteriors.exp(), torch.full((1, 10, 15), 1 / 15))


def test_scores_are_those_of_the_phones_divided_by_their_frequency(model: Aligner) -> None:
    phone_ids = torch.tensor([[1, 3, 1]])
    occupancy = torch.zeros(1, 8, 9)
    occupancy[:, :, 3:6] = 1 / 3  # all time spent on phone 3
    model.update_prior(occupancy, phone_ids, decay=0.5)
    prior = model.log_prior.exp()
    assert prior.sum() == pytest.approx(1.0) and prior[9:12] == pytest.approx([0.5 / 15 + 0.5 / 3] * 3)
    log_posteriors = torch.randn(1, 8, 15)
    scores = model.scores(log_posteriors, phone_ids)
    expected = (log_posteriors - model.config.prior_scale * model.log_prior)[:, :, [3, 4, 5, 9, 10, 11, 3, 4, 5]]
    torch.testing.assert_close(scores, expected)
