import gc
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, pairwise, repeat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from level_voice import LEVEL_PER_ID, SAMPLE_RATE, write_level_voice
from untrained_voice import TEXT, write_untrained_voice

from tts.config.loader import load_config
from tts.errors import InputError
from tts.runtime.catalogue import shipped_voices
from tts.runtime.speech import AudioChunk
from tts.runtime.synthesizer import EDGE_FADE_S, FIRST_CHUNK, GROWTH, LARGEST_CHUNK, LATER_CHUNK, growing_chunks, join
from tts.runtime.voice import Voice
from tts.text.passages import PassageReader

CONFIGS = Path(__file__).parent.parent.parent / "configs"
TOLERANCE = 1e-5


@pytest.mark.parametrize("how", [{}, {"speed": 0.4}, {"speaker": "ben", "speed": 2.0, "pitch": 3.0, "energy": -4.0}])
def test_a_stream_joins_to_the_whole(speaking: Voice, how: dict[str, float]) -> None:
    whole, streamed = speaking.synthesize(TEXT, **how), join(speaking.stream(TEXT, **how))
    assert np.abs(whole.audio).max() > 0.1
    np.testing.assert_allclose(streamed.audio, whole.audio, atol=TOLERANCE)
    assert (streamed.words, streamed.phones) == (whole.words, whole.phones)


QUICK = "source_filter_small"  # what the voice that ships has
OTHERS = ("hifigan_v2", "hifigan_v3", "hifigan_istft", "hifigan_istft_small", "vocos_small")


@pytest.mark.parametrize("recipe", [QUICK, *(pytest.param(recipe, marks=pytest.mark.slow) for recipe in OTHERS)])
def test_a_stream_joins_to_the_whole_with_every_generator(recipe: str, tmp_path: Path) -> None:
    config = load_config([CONFIGS / "tiny.yaml", CONFIGS / f"{recipe}.yaml"], ["vocoder.generator.channels=32"])
    voice = Voice.load(write_untrained_voice(tmp_path / "voice", config))
    whole, streamed = voice.synthesize(TEXT).audio, join(voice.stream(TEXT)).audio
    assert np.abs(whole).max() > 0.01
    np.testing.assert_allclose(streamed, whole, atol=TOLERANCE)


LONG = "The words, of which there are rather many here, go on for some seconds; the sentence ends at last. Does it?"


@pytest.mark.parametrize("folder", shipped_voices(), ids=lambda folder: folder.name)
def test_a_stream_of_what_ships_joins_to_the_whole(folder: Path) -> None:
    voice = Voice.load(folder)
    np.testing.assert_allclose(join(voice.stream(LONG)).audio, voice.synthesize(LONG).audio, atol=TOLERANCE)


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_chunks_of_any_size_join_to_the_whole(speaking: Voice, sizes: list[int]) -> None:
    scores = list(speaking.compose(TEXT, speaker="ann"))
    chunks = join(speaking.synthesizer.play(scores, repeat(cycle(sizes))))
    np.testing.assert_allclose(chunks.audio, speaking.synthesize(TEXT).audio, atol=TOLERANCE)


def test_chunks_begin_small_and_grow() -> None:
    for opening, smallest in ((True, FIRST_CHUNK), (False, LATER_CHUNK)):
        sizes = next(growing_chunks(opening=opening))
        first = [next(sizes) for _ in range(9)]
        assert first[0] == smallest and first[-1] == LARGEST_CHUNK
        assert all(later in (GROWTH * earlier, LARGEST_CHUNK) for earlier, later in pairwise(first))


def test_passages_are_spoken_as_in_the_whole_text(speaking: Voice) -> None:
    text = "It rained all day, and we stayed in, " * 6 + "and stayed. " + TEXT
    reader = PassageReader()
    parts = [part for letter in text for part in reader.feed(letter)] + reader.finish()
    assert len(parts) == 3
    heard: list[AudioChunk] = []
    for part in parts:
        scores = speaking.compose(part, opening=not heard, closing=part is parts[-1])
        heard += speaking.play(scores, opening=not heard)
    np.testing.assert_array_equal(join(heard).audio, join(speaking.stream(text)).audio)


def test_the_first_chunk_of_a_sentence_brings_its_times(speaking: Voice) -> None:
    chunks = list(speaking.stream(TEXT))
    assert len(chunks[0].audio) == FIRST_CHUNK * speaking.manifest.hop_length
    assert [len(chunk.words) for chunk in chunks if chunk.words] == [8, 4, 10]
    assert len(chunks) > 4 and all(chunk.phones for chunk in chunks if chunk.words)


def test_sentences_are_spoken_when_asked_for(speaking: Voice) -> None:
    chunks = speaking.stream("It rained all day. We stayed in. We stayed in 北京.", strict=True)
    with pytest.raises(InputError, match="北京"):
        for spoken, _ in enumerate(chunks, start=1):
            assert spoken
    with pytest.raises(InputError, match="speed"):
        speaking.stream(TEXT, speed=9.0)  # options are checked at once


@pytest.mark.slow
def test_a_long_stream_is_never_held(tmp_path: Path) -> None:
    voice = Voice.load(write_level_voice(tmp_path / "levels"))

    text = "Hello world. " * 160
    next(voice.stream(text))
    gc.freeze()  # collects only what the stream leaves, which is quick
    tracemalloc.start()
    n_samples = 0
    for chunk in voice.stream(text):
        n_samples += len(chunk.audio)
        gc.collect()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.unfreeze()
    assert peak < n_samples * np.float32().nbytes / 4


def test_sentences_begin_and_end_without_a_click(tmp_path: Path) -> None:
    audio = Voice.load(write_level_voice(tmp_path / "levels", gain=20.0)).synthesize("Hello. Hello!").audio
    level = 20 * LEVEL_PER_ID  # of a pause, which a trained voice would make silent
    steps = np.abs(np.diff(audio, prepend=0, append=0))
    border = len(audio) // 2
    for place in (0, border, len(audio)):
        assert steps[max(place - 20, 0) : place + 20].max() <= 1.01 * level / (EDGE_FADE_S * SAMPLE_RATE)


def test_threads_may_stream_from_one_voice(speaking: Voice) -> None:
    texts = [TEXT, "Did you see her?", "The boats came home."] * 3
    alone = [speaking.synthesize(text).audio for text in texts]

    def speak(text: str) -> np.ndarray:
        return join(speaking.stream(text)).audio

    with ThreadPoolExecutor(4) as pool:
        for together, expected in zip(pool.map(speak, texts), alone, strict=True):
            np.testing.assert_allclose(together, expected, atol=TOLERANCE)
