"""The pitch that markup asks for, with a vocoder that can be given an F0: that of the voice of the package."""

import numpy as np
import pytest

from tts.runtime.synthesizer import join
from tts.runtime.voice import Voice

PLAIN = "<speak>The old window stood near the river.</speak>"
HIGHER = PLAIN.replace("window", '<prosody pitch="+4st">window</prosody>')


@pytest.fixture(scope="module")
def voice() -> Voice:
    return Voice.load()


def test_the_f0_of_a_word_is_that_of_the_plain_sentence_shifted(voice: Voice) -> None:
    (plain,), (higher,) = (list(voice.compose(text, markup="ssml")) for text in (PLAIN, HIGHER))
    assert plain.f0 is None and higher.f0 is not None
    np.testing.assert_array_equal(higher.durations, plain.durations)
    edges = np.concatenate(([0], np.cumsum(plain.durations)))
    (place,) = (place for place in higher.script.places if place.word.text == "window")
    word = slice(edges[place.first], edges[place.after])
    semitones = 12 * np.log2(higher.f0 / voice.synthesizer._heard_f0(plain))
    assert semitones[word] == pytest.approx(4)
    semitones[word] = 0
    assert semitones == pytest.approx(0)
    others = np.arange(plain.n_frames) < edges[place.first]
    np.testing.assert_array_equal(higher.mel[:, :, others], plain.mel[:, :, others])


def test_a_stream_is_the_same(voice: Voice) -> None:
    whole, streamed = voice.synthesize(HIGHER, markup="ssml"), join(voice.stream(HIGHER, markup="ssml"))
    np.testing.assert_allclose(streamed.audio, whole.audio, atol=1e-5)
