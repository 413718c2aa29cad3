import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal
from torch.distributions import kl_divergence as exact_kl

from tts.losses.latent import kl_divergence


def example(lengths: list[int], seed: int = 0) -> tuple[list[torch.Tensor], torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    values = [torch.randn(len(lengths), 3, max(lengths), generator=generator) for _ in range(4)]
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    return values, mask[:, None]


def test_equals_the_formula_over_real_positions() -> None:
    (z_p, logs_q, m_p, logs_p), mask = example([4, 7, 1])
    total = 0.0
    for row, n in enumerate([4, 7, 1]):
        z, lq, m, lp = (x[row, :, :n].double().numpy() for x in (z_p, logs_q, m_p, logs_p))
        total += (lp - lq - 0.5 + (z - m) ** 2 / (2 * torch.tensor(lp).exp().numpy() ** 2)).sum()
    assert kl_divergence(z_p, logs_q, m_p, logs_p, mask).item() == pytest.approx(total / 12, rel=1e-5)


def test_averages_to_the_exact_divergence() -> None:
    generator = torch.Generator().manual_seed(0)
    posterior, prior = Normal(torch.tensor(0.3), torch.tensor(0.5)), Normal(torch.tensor(-0.2), torch.tensor(1.5))
    z = 0.3 + 0.5 * torch.randn(1, 1, 200_000, generator=generator)
    parameters = [torch.full_like(z, value.item()) for value in (posterior.scale.log(), prior.loc, prior.scale.log())]
    found = kl_divergence(z, *parameters, torch.ones_like(z, dtype=torch.bool))
    assert found.item() == pytest.approx(exact_kl(posterior, prior).item(), rel=1e-2)


def test_equal_distributions_cost_nothing_on_average() -> None:
    z = torch.randn(1, 1, 200_000, generator=torch.Generator().manual_seed(0))
    zeros = torch.zeros_like(z)
    assert kl_divergence(z, zeros, zeros, zeros, torch.ones_like(z)).item() == pytest.approx(0.0, abs=1e-2)


@given(lengths=st.lists(st.integers(1, 5), min_size=1, max_size=3), extra=st.integers(0, 4), seed=st.integers(0, 99))
def test_padding_changes_neither_value_nor_gradient(lengths: list[int], extra: int, seed: int) -> None:
    values, mask = example(lengths, seed)
    wider = torch.nn.functional.pad(mask, (0, extra))
    padded = [torch.nn.functional.pad(x, (0, extra)).masked_fill(~wider, float("nan")) for x in values]
    for tensor in (*values, *padded):
        tensor.requires_grad_()
    expected, found = kl_divergence(*values, mask), kl_divergence(*padded, wider)
    torch.testing.assert_close(found, expected)
    expected.backward()
    found.backward()
    for x, y in zip(values, padded, strict=True):
        torch.testing.assert_close(y.grad[..., : x.shape[-1]], x.grad)
        assert not y.grad.masked_select(~wider).any()


def test_without_real_positions_it_is_zero() -> None:
    values, mask = example([2])
    assert kl_divergence(*values, torch.zeros_like(mask)).item() == 0.0
