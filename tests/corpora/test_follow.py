"""Following speech in its text: what is said, passed over, and not written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tts.corpora.follow import Chain, Path, follow

PAUSE, SOUNDS = 0, 30
STATES = 3  # of each sound, which here are alike
FRAMES = 2  # of each state
SOUND = STATES * FRAMES


def sound_of(word: int) -> list[int]:
    """Four sounds, in an order that no other word has, of three states each."""
    random = np.random.default_rng(word)
    return np.repeat(random.integers(1, SOUNDS, 4), STATES).tolist()


def heard(words: list[int], seed: int = 0) -> np.ndarray:
    """Noisy log-likelihoods of what is said: words, with a pause between them."""
    classes = [PAUSE] * STATES * FRAMES + [
        c for word in words for c in [*np.repeat(sound_of(word), FRAMES), *[PAUSE] * STATES * FRAMES]
    ]
    scores = np.random.default_rng(seed).normal(-6.0, 1.0, (len(classes), SOUNDS)).astype(np.float32)
    scores[np.arange(len(classes)), classes] = -1.0
    return scores


def spoken(path: Path, chain: Chain) -> list[int]:
    """Words in the order in which they are said."""
    inside = path.places[~path.at_boundary(chain)]
    return list(dict.fromkeys(inside.tolist()))


@given(st.integers(2, 12), st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_missing_on_either_side_is_found(n_words: int, data: st.DataObject) -> None:
    unsaid = data.draw(st.sets(st.integers(0, n_words - 1), max_size=2)) if n_words > 4 else set()
    extra = data.draw(st.integers(0, n_words))
    said = [word for word in range(n_words) if word not in unsaid]
    at = sum(word < extra for word in said)
    words = [*said[:at], 100, 101, 102, *said[at:]]
    chain = Chain.of([sound_of(word) for word in range(n_words)], PAUSE)
    path = follow(heard(words), chain, to_the_end=True)
    assert spoken(path, chain) == said
    foreign = np.flatnonzero(path.states < 0)
    first = SOUND + at * 5 * SOUND
    assert abs(foreign[0] - first) <= SOUND and abs(foreign[-1] - (first + 15 * SOUND)) <= 2 * SOUND


@pytest.mark.parametrize("n_words", [1, 2, 9])
def test_every_word_is_where_it_is_said(n_words: int) -> None:
    chain = Chain.of([sound_of(word) for word in range(n_words)], PAUSE)
    path = follow(heard(list(range(n_words))), chain, to_the_end=True)
    for word in range(n_words):
        frames = np.flatnonzero((path.places == word) & ~path.at_boundary(chain))
        start = SOUND + word * 5 * SOUND
        assert abs(frames[0] - start) <= 1 and abs(frames[-1] - (start + 4 * SOUND - 1)) <= 1


def test_it_may_end_within_the_text() -> None:
    chain = Chain.of([sound_of(word) for word in range(20)], PAUSE)
    assert spoken(follow(heard([0, 1, 2]), chain, to_the_end=False), chain) == [0, 1, 2]


def test_a_recording_may_go_on_when_the_text_is_at_its_end() -> None:
    chain = Chain.of([], PAUSE)
    path = follow(heard([100, 101]), chain, to_the_end=True)
    assert (path.states < 0).mean() > 0.5 and path.at_boundary(chain)[0]
