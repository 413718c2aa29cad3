from hypothesis import given
from hypothesis import strategies as st

from tts.data.sampler import BucketSampler

LENGTHS = st.lists(st.integers(1, 2000), min_size=1, max_size=200)


@given(lengths=LENGTHS, batch_size=st.integers(1, 32), epoch=st.integers(0, 5))
def test_an_epoch_repeats_nothing_and_drops_less_than_a_batch(lengths: list[int], batch_size: int, epoch: int) -> None:
    batches = BucketSampler(lengths, batch_size, seed=7).batches(epoch)
    indices = [index for batch in batches for index in batch]
    assert len(indices) == len(set(indices))
    assert len(lengths) - len(indices) < batch_size
    assert all(len(batch) == min(batch_size, len(lengths)) for batch in batches)


@given(lengths=LENGTHS, batch_size=st.integers(1, 16))
def test_order_is_a_function_of_seed_and_epoch(lengths: list[int], batch_size: int) -> None:
    one, other = BucketSampler(lengths, batch_size, seed=7), BucketSampler(lengths, batch_size, seed=7)
    assert one.batches(3) == other.batches(3)
    assert len(lengths) < 50 or one.batches(3) != one.batches(4)


@given(lengths=st.lists(st.integers(1, 2000), min_size=8, max_size=100), batch_size=st.integers(1, 4))
def test_two_processes_share_the_batches_of_one_with_twice_the_size(lengths: list[int], batch_size: int) -> None:
    whole = BucketSampler(lengths, 2 * batch_size, seed=7).batches(0)
    parts = [BucketSampler(lengths, batch_size, seed=7, rank=rank, n_ranks=2).batches(0) for rank in range(2)]
    assert [sorted(a + b) for a, b in zip(*parts, strict=True)] == [sorted(batch) for batch in whole]


def test_batches_hold_utterances_of_similar_length() -> None:
    lengths = [(37 * i) % 997 + 3 for i in range(512)]
    batches = BucketSampler(lengths, 8, seed=7).batches(0)
    padded = sum(max(lengths[i] for i in batch) * len(batch) for batch in batches)
    assert padded < 1.15 * sum(lengths)


def test_the_longest_utterance_takes_part() -> None:
    lengths = [10, 11, 12, 13, 9999]
    seen = {i for epoch in range(20) for batch in BucketSampler(lengths, 2, seed=7).batches(epoch) for i in batch}
    assert seen == {0, 1, 2, 3, 4}
