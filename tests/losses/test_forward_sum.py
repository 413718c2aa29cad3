from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tts.losses.alignment import Chain, forward_sum


def paths(optional: list[bool], n_states: int, n_frames: int) -> list[tuple[int, ...]]:
    """Every allowed sequence of states, by going through all sequences."""
    n = len(optional) * n_states

    def may_follow(before: int, after: int) -> bool:
        skipped = range(before + 1, after)
        whole_phone = len(skipped) == n_states and after % n_states == 0 and optional[skipped[0] // n_states]
        return after in (before, before + 1) or whole_phone

    starts = {0} | ({n_states} if optional[0] else set())
    ends = {n - 1} | ({n - 1 - n_states} if optional[-1] else set())
    return [
        path
        for path in product(range(n), repeat=n_frames)
        if path[0] in starts and path[-1] in ends and all(map(may_follow, path, path[1:]))
    ]


def enumerated(scores: Tensor, optional: list[bool], n_states: int) -> Tensor:
    sums = [sum(scores[t, state] for t, state in enumerate(path)) for path in paths(optional, n_states, len(scores))]
    return torch.logsumexp(torch.stack(sums), 0)


CASES = [
    ([True, False, True], 1, 4),
    ([True, False, False, True, False, True], 1, 5),
    ([False, False], 2, 5),
    ([True, False, True], 2, 5),
    ([False], 3, 4),
    ([False, True, False], 1, 3),
]


@pytest.mark.parametrize(("optional", "n_states", "n_frames"), CASES)
def test_sum_and_gradient_equal_enumeration(optional: list[bool], n_states: int, n_frames: int) -> None:
    torch.manual_seed(0)
    scores = torch.randn(n_frames, len(optional) * n_states, requires_grad=True)
    expected = enumerated(scores, optional, n_states)
    (expected_gradient,) = torch.autograd.grad(expected, scores)
    chain = Chain(torch.tensor([optional]), torch.tensor([len(optional)]), torch.tensor([n_frames]), n_states)
    total, occupancy = forward_sum(scores[None], chain)
    (gradient,) = torch.autograd.grad(total.sum(), scores)
    torch.testing.assert_close(total[0], expected)
    torch.testing.assert_close(gradient, expected_gradient)
    torch.testing.assert_close(occupancy[0], expected_gradient)


def test_padding_changes_nothing() -> None:
    torch.manual_seed(0)
    optional, n_phones, n_frames = torch.tensor([True, False, True, False, True]), 5, 30
    scores = torch.randn(n_frames, n_phones * 3)
    short = Chain(optional[None], torch.tensor([n_phones]), torch.tensor([n_frames]), 3)
    padded = 100 * torch.rand(2, n_frames + 9, (n_phones + 2) * 3)
    padded[0, :n_frames, : n_phones * 3] = scores
    chain = Chain(
        torch.stack([torch.cat([optional, torch.tensor([False, True])])] * 2),
        torch.tensor([n_phones, n_phones + 2]),
        torch.tensor([n_frames, n_frames + 9]),
        3,
    )
    (total,), (occupancy,) = forward_sum(scores[None], short)
    totals, occupancies = forward_sum(padded, chain)
    torch.testing.assert_close(totals[0], total)
    torch.testing.assert_close(occupancies[0, :n_frames, : n_phones * 3], occupancy)
    assert occupancies[0, n_frames:].sum() == 0 and occupancies[0, :, n_phones * 3 :].sum() == 0
    assert occupancies.isfinite().all()


def test_with_optional_blanks_it_is_ctc() -> None:
    torch.manual_seed(0)
    log_probs = torch.randn(12, 1, 6).log_softmax(-1)
    target = torch.tensor([[3, 1, 4, 5]])  # no repetitions, for which CTC has a rule of its own
    ctc = torch.nn.functional.ctc_loss(log_probs, target, torch.tensor([12]), torch.tensor([4]), reduction="sum")
    with_blanks = torch.tensor([0, 3, 0, 1, 0, 4, 0, 5, 0])
    chain = Chain((with_blanks == 0)[None], torch.tensor([9]), torch.tensor([12]), 1)
    total, _ = forward_sum(log_probs[:, :, with_blanks].transpose(0, 1), chain)
    torch.testing.assert_close(-total[0], ctc)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(0, 20), st.integers(0, 2**31))
def test_every_frame_is_taken_and_no_phone_is_shorter_than_its_states(n_words: int, spare: int, seed: int) -> None:
    torch.manual_seed(seed)
    optional = torch.tensor([True, *[False, False, True] * n_words])
    n_frames = 2 * n_words * 3 + spare
    chain = Chain(optional[None], torch.tensor([len(optional)]), torch.tensor([n_frames]), 3)
    _, occupancy = forward_sum(10 * torch.randn(1, n_frames, len(optional) * 3), chain)
    torch.testing.assert_close(occupancy.sum(2), torch.ones(1, n_frames), atol=1e-3, rtol=0.0)
    durations = occupancy.unflatten(2, (-1, 3)).sum((1, 3))[0]
    assert (durations[~optional] > 3 - 1e-3).all()


def test_evidence_that_is_far_behind_the_best_path_still_counts() -> None:
    """The scores alone would go through the chain in its first frames; the last state's time comes only at the end."""
    scores = torch.zeros(1, 2000, 2)
    scores[:, :, 1] = -30.0
    scores[:, -1, 1] = 0.0
    chain = Chain(torch.zeros(1, 2, dtype=torch.bool), torch.tensor([2]), torch.tensor([2000]), 1)
    _, occupancy = forward_sum(scores, chain)
    assert occupancy[0, -1, 1] == pytest.approx(1.0) and occupancy[0, :-1, 0].min() > 0.99
