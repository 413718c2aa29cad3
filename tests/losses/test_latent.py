import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal
from torch.distributions import kl_divergence as exact_kl

from tts.losses.latent import kl_divergence, latent_terms
from tts.models.prosody import Gaussian, Latent


def example(n_utterances: int, length: int, size: int = 3, seed: int = 0) -> Latent:
    random = torch.Generator().manual_seed(seed)
    values = [torch.randn(n_utterances, length, size, generator=random) for _ in range(4)]
    return Latent(Gaussian(*values[:2]), Gaussian(*values[2:]))


def test_equals_the_library() -> None:
    posterior, prior = example(2, 5)
    expected = exact_kl(Normal(posterior.mean, posterior.log_std.exp()), Normal(prior.mean, prior.log_std.exp()))
    torch.testing.assert_close(kl_divergence(posterior, prior), expected)
    assert kl_divergence(prior, prior).abs().max() < 1e-6


@given(st.lists(st.integers(1, 7), min_size=1, max_size=4), st.integers(0, 3))
def test_padding_changes_nothing(lengths: list[int], extra: int) -> None:
    latent = example(len(lengths), max(lengths) + extra)
    mask = torch.arange(max(lengths) + extra) < torch.tensor(lengths)[:, None]
    together = latent_terms(latent, mask, free_bits=0.1)
    for row, length in enumerate(lengths):
        alone = Latent(*(Gaussian(*(x[row : row + 1, :length] for x in gaussian)) for gaussian in latent))
        for name, value in latent_terms(alone, mask[row : row + 1, :length], free_bits=0.1).items():
            torch.testing.assert_close(value[0], together[name][row])


def test_free_bits_are_counted_but_not_learned() -> None:
    near = torch.tensor([[[0.01, 2.0]]], requires_grad=True)
    latent = Latent(Gaussian(near, torch.zeros(1, 1, 2)), Gaussian(torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)))
    terms = latent_terms(latent, torch.ones(1, 1, dtype=torch.bool), free_bits=0.5)
    assert terms["kl"].item() == pytest.approx(0.5 + 2.0) and terms["kl/nats"].item() == pytest.approx(2.0, abs=1e-3)
    terms["kl"].sum().backward()
    assert near.grad is not None and near.grad[0, 0].tolist() == pytest.approx([0.0, 2.0])
