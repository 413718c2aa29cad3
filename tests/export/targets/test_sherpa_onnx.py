"""The unmodified sherpa-onnx loads and speaks what is written for it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tts.export.targets.convert import convert
from tts.export.targets.sherpa_onnx import pronounceable
from tts.runtime.voice import Voice
from tts.text.inventory import PhoneInventory

pytestmark = pytest.mark.slow

sherpa_onnx = pytest.importorskip("sherpa_onnx")
TEXT = "Hello, seven boats came home?"


def load(folder: Path) -> Any:
    vits = sherpa_onnx.OfflineTtsVitsModelConfig(
        model=str(folder / "model.onnx"), lexicon=str(folder / "lexicon.txt"), tokens=str(folder / "tokens.txt")
    )
    model = sherpa_onnx.OfflineTtsModelConfig(vits=vits, num_threads=1)
    return sherpa_onnx.OfflineTts(sherpa_onnx.OfflineTtsConfig(model=model, silence_scale=1.0, max_num_sentences=1))


@pytest.fixture(scope="module")
def client(voice: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sherpa") / "bundle"
    convert(voice, "sherpa-onnx", folder)
    return load(folder)


@pytest.mark.parametrize(("speaker", "speed"), [("ann", 1.0), ("ben", 0.5)])
def test_it_sounds_as_our_runtime(client: Any, voice: Path, speaker: str, speed: float) -> None:
    ours = Voice.load(voice).synthesize(TEXT, speaker=speaker, speed=speed)
    theirs = client.generate(TEXT, sid=["ann", "ben"].index(speaker), speed=speed)
    assert client.num_speakers == 2 and theirs.sample_rate == ours.sample_rate
    np.testing.assert_allclose(theirs.samples, ours.audio, atol=1e-5)


def test_a_word_that_is_not_listed_is_left_out(client: Any) -> None:
    with_it, without = client.generate("Hello xyzzyq home."), client.generate("Hello home.")
    np.testing.assert_allclose(with_it.samples, without.samples, atol=1e-5)


def test_words_need_the_sounds_of_the_voice() -> None:
    vocabulary = {"reread": ("R", "IY2", "R", "IY1", "D"), "thing": ("TH", "IH1", "NG")}
    assert pronounceable(vocabulary, PhoneInventory.build(["R", "IY1", "D"])) == {"reread": ["R IY1 R IY1 D"]}
