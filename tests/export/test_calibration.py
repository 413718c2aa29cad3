from pathlib import Path

import numpy as np
import pytest

from tts.errors import InputError
from tts.export.bundle import VoiceParts, write_voice
from tts.export.calibration import N_WINDOWS, WINDOW, gather_material
from tts.export.parity import Gate
from tts.export.variants import Wanted, copy_with_variants
from tts.export.voice_graphs import open_model, read_voice_graphs
from tts.runtime import contract


@pytest.mark.slow
def test_features_give_mels_and_sentences_of_whole_durations(tiny_voice: Path, tiny_features: Path) -> None:
    voice = read_voice_graphs(tiny_voice)
    acoustic = open_model(voice.acoustic)
    material = gather_material(voice, acoustic, tiny_features)
    assert material.windows.shape[1:] == (80, WINDOW) and 1 <= len(material.windows) <= N_WINDOWS
    for inputs in material.sentences:
        (once,) = acoustic.run([contract.DURATIONS], inputs)
        slightly = inputs | {contract.DURATION_SCALE: inputs[contract.DURATION_SCALE] * np.float32(1.005)}
        np.testing.assert_array_equal(acoustic.run([contract.DURATIONS], slightly)[0], once)


@pytest.mark.slow
def test_a_voice_without_the_phones_of_english_needs_features(tiny_voice: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot speak the English sentences .* give --calibration FEATURES"):
        copy_with_variants(tiny_voice, tmp_path / "voice", Wanted(("fp16",)))
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_features_of_another_corpus_are_refused(parts: VoiceParts, tiny_features: Path, tmp_path: Path) -> None:
    other = write_voice(parts, tmp_path / "voice", name="voice", gate=Gate((5,), (5,))).voice
    with pytest.raises(InputError, match="has other phones or speakers than the voice"):
        copy_with_variants(other, tmp_path / "small", Wanted(("fp16",), tiny_features))
    assert [path.name for path in tmp_path.iterdir()] == ["voice"]
