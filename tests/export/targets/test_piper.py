"""The unmodified Piper loads and speaks what is written for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tts.errors import InputError
from tts.export.targets.convert import convert
from tts.export.targets.piper import reader_tables, spell_phones, write_piper
from tts.export.voice_graphs import read_voice_graphs
from tts.runtime import contract
from tts.runtime.folder import read_manifest
from tts.runtime.voice import Voice

pytestmark = pytest.mark.slow

piper = pytest.importorskip("piper")
TEXT = "Hello, seven boats came home."
WORDS = (
    "button bottle water apple fire flower near there poor four her nurse about roses happy loch judge church treasure"
)


@pytest.fixture(scope="module")
def client(voice: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("piper") / "bundle"
    convert(voice, "piper", folder)
    return piper.PiperVoice.load(folder / "voice.onnx")


def spelling(phones: list[str], voice: Path) -> str:
    """What makes Piper speak these very phones; between double brackets it takes IPA."""
    spellings, _ = spell_phones(read_manifest(voice / contract.MANIFEST_FILE))
    names = {index: text for text, index in reversed(spellings.items())}
    inventory = read_manifest(voice / contract.MANIFEST_FILE).phones
    return "[[" + " ".join("," if phone == "sil" else names[inventory.index(phone)] for phone in phones) + "]]"


@pytest.mark.parametrize(("speaker", "speed"), [("ann", 1.0), ("ben", 0.5)])
def test_it_sounds_as_our_runtime(client: Any, voice: Path, speaker: str, speed: float) -> None:
    ours = Voice.load(voice).synthesize(TEXT, speaker=speaker, speed=speed)
    phones = [phone.label for phone in ours.phones]
    speaker_id = client.config.speaker_id_map[speaker]
    settings = piper.SynthesisConfig(speaker_id=speaker_id, length_scale=1 / speed, normalize_audio=False)
    (theirs,) = client.synthesize(spelling(phones, voice), settings, include_alignments=True)
    assert theirs.sample_rate == ours.sample_rate and len(theirs.audio_float_array) == len(ours.audio)
    np.testing.assert_allclose(theirs.audio_float_array, ours.audio, atol=1e-5)
    spoken = [alignment.num_samples for alignment in theirs.phoneme_alignments if alignment.num_samples]
    assert spoken == [round((phone.end_s - phone.start_s) * ours.sample_rate) for phone in ours.phones]


def test_it_reads_text(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    chunks = list(client.synthesize(f"Hello. ({WORDS}); don't stop!", include_alignments=True))
    assert len(chunks) == 2 and all(chunk.audio_float_array.any() for chunk in chunks)
    for chunk in chunks:
        aligned = sum(alignment.num_samples for alignment in chunk.phoneme_alignments)
        assert aligned == len(chunk.audio_float_array)
    assert not caplog.records, "a symbol of espeak-ng that the voice does not know"


def test_the_longest_spelling_wins_across_padding() -> None:
    symbols = ("_", " ", "t", "ʃ", "o", "ʊ", "ˈ")
    tables = reader_tables({"t": 1, "tʃ": 2, "ʃ": 3, "ˈoʊ": 4}, symbols)

    def read(text: str) -> list[int]:
        state, phones, found = 0, 0, []
        for symbol in text:
            index = symbols.index(symbol)
            state = tables["transitions"][state, index]
            if tables["is_begin"][state] and symbol != "_":
                found.append(phones)
            phones = tables["phone_of_state"][state]
        return [phone for phone in [*found, phones] if phone]

    assert read("t_ʃ_t_ʃ") == [2, 2]
    assert read("t ʃ_tˈ_oʊ_ʃ") == [1, 3, 1, 4, 3]


def test_another_language_is_refused(ipa_voice: Path, tmp_path: Path) -> None:
    voice = read_voice_graphs(ipa_voice)
    german = replace(voice, manifest=voice.manifest.model_copy(update={"language": "de-de"}))
    with pytest.raises(InputError, match="speaks 'de-de'; for Piper it must be English"):
        write_piper(german, voice.acoustic, tmp_path)
