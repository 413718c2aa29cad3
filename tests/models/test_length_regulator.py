import torch
from hypothesis import given
from hypothesis import strategies as st

from tts.models.length_regulator import expand, mean_of_frames, phone_of_frame

ROWS = st.integers(1, 6).flatmap(
    lambda n_phones: st.lists(st.lists(st.integers(0, 9), min_size=n_phones, max_size=n_phones), min_size=1, max_size=4)
)


@given(ROWS)
def test_equals_repeating_each_phone(rows: list[list[int]]) -> None:
    durations = torch.tensor(rows)
    hidden = torch.randn(*durations.shape, 3)
    expanded = expand(hidden, phone_of_frame(durations))
    assert expanded.shape == (len(rows), max(1, int(durations.sum(1).max())), 3)
    for row, length in enumerate(durations.sum(1).tolist()):
        assert torch.equal(expanded[row, :length], hidden[row].repeat_interleave(durations[row], dim=0))


@given(ROWS)
def test_the_mean_of_a_phones_frames_is_what_it_was_before_it_was_expanded(rows: list[list[int]]) -> None:
    durations = torch.tensor(rows)
    hidden = torch.randn(*durations.shape, 3)
    means = mean_of_frames(expand(hidden, phone_of_frame(durations)), durations)
    torch.testing.assert_close(means, hidden * (durations > 0)[:, :, None])


def test_frames_beyond_the_end_belong_to_the_last_phone() -> None:
    index = phone_of_frame(torch.tensor([[2, 0, 1], [0, 1, 0]]))
    assert index.tolist() == [[0, 0, 2], [1, 2, 2]]


def test_gradients_sum_over_the_frames_of_a_phone() -> None:
    hidden = torch.zeros(1, 3, 1, requires_grad=True)
    expand(hidden, phone_of_frame(torch.tensor([[2, 0, 5]]))).sum().backward()
    assert hidden.grad is not None and hidden.grad.flatten().tolist() == [2, 0, 5]
