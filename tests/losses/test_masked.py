from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.losses.masked import masked_l1, masked_mse

Loss = Callable[..., torch.Tensor]
FORMULAS = {
    masked_l1: lambda p, t: np.abs(p - t),
    masked_mse: lambda p, t: (p - t) ** 2,
}
LOSSES = pytest.mark.parametrize("loss", FORMULAS, ids=lambda loss: loss.__name__)


def ragged(lengths: list[int], seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shape = (len(lengths), 3, max(lengths))
    prediction = torch.randn(shape, generator=generator)
    target = torch.rand(shape, generator=generator)
    return prediction, target, torch.arange(shape[-1]) < torch.tensor(lengths)[:, None]


@LOSSES
def test_equals_the_formula_over_real_positions(loss: Loss) -> None:
    prediction, target, mask = ragged([4, 7, 1], seed=0)
    p, t = (
        np.concatenate([x[i, :, :n].numpy().ravel() for i, n in enumerate([4, 7, 1])]).astype(np.float64)
        for x in (prediction, target)
    )
    assert loss(prediction, target, mask[:, None]).item() == pytest.approx(FORMULAS[loss](p, t).mean(), rel=1e-5)


@LOSSES
def test_of_each_item_is_what_it_is_alone(loss: Loss) -> None:
    prediction, target, mask = ragged([4, 7, 1], seed=0)
    found = loss(prediction, target, mask[:, None], per_item=True)
    alone = [loss(prediction[i : i + 1], target[i : i + 1], mask[i : i + 1, None]) for i in range(3)]
    torch.testing.assert_close(found, torch.stack(alone))


@LOSSES
@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    extra=st.integers(0, 9),
    padding=st.sampled_from([0.0, 7.0, -1e30, float("nan"), float("inf")]),
    seed=st.integers(0, 99),
)
def test_padding_changes_neither_loss_nor_gradient(
    loss: Loss, lengths: list[int], extra: int, padding: float, seed: int
) -> None:
    prediction, target, mask = ragged(lengths, seed)
    longer = torch.nn.functional.pad(mask, (0, extra))

    def padded(x: torch.Tensor) -> torch.Tensor:
        x = torch.nn.functional.pad(x, (0, extra))
        return x.masked_fill(~longer[:, None], padding)

    tight, wide = prediction.clone().requires_grad_(), padded(prediction).requires_grad_()
    expected, found = loss(tight, target, mask[:, None]), loss(wide, padded(target), longer[:, None])
    expected.backward()
    found.backward()
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(wide.grad[..., : tight.shape[-1]], tight.grad, rtol=1e-5, atol=1e-7)
    assert not wide.grad.masked_select(~longer[:, None].expand_as(wide)).any()


@LOSSES
def test_without_real_positions_it_is_zero_and_differentiable(loss: Loss) -> None:
    prediction = torch.randn(2, 3, 4, requires_grad=True)
    value = loss(prediction, torch.rand(2, 3, 4), torch.zeros(2, 1, 4, dtype=torch.bool))
    value.backward()
    assert value.item() == 0.0
    assert not prediction.grad.any()


@pytest.mark.parametrize("loss", [masked_l1, masked_mse])
def test_equal_inputs_give_zero(loss: Loss) -> None:
    x = torch.randn(2, 5)
    assert loss(x, x.clone(), torch.ones(2, 5, dtype=torch.bool)).item() == 0.0


@LOSSES
def test_different_shapes_are_refused_rather_than_broadcast(loss: Loss) -> None:
    with pytest.raises(ValueError, match=r"\(2, 5\) and target \(2, 1\)"):
        loss(torch.zeros(2, 5), torch.zeros(2, 1), torch.ones(2, 5, dtype=torch.bool))
