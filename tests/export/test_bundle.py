import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from tts.config.text import TextConfig
from tts.errors import InputError
from tts.export.bundle import VoiceParts, check_replaceable, write_voice
from tts.export.parity import Gate
from tts.runtime import contract
from tts.runtime.voice import Voice
from tts.text.user_lexicon import parse_user_lexicon

FEW = Gate((1, 9), (1, 9))  # all are tested in test_parity


@pytest.mark.slow
def test_a_voice_folder_holds_what_belongs_together(parts: VoiceParts, tmp_path: Path) -> None:
    voice = tmp_path / "voices" / "one"
    report = write_voice(parts, voice, name="one", licence="CC0-1.0", gate=FEW)
    assert {file.name for file in voice.iterdir()} == {"README.md", "voice.json", "acoustic.onnx", "vocoder.onnx"}
    assert [folder.name for folder in voice.parent.iterdir()] == ["one"]
    manifest = contract.VoiceManifest.model_validate_json((voice / contract.MANIFEST_FILE).read_bytes())
    assert manifest.phones == parts.phones and manifest.licence == "CC0-1.0"
    for file, digest in manifest.sha256.items():
        content = (voice / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        metadata = {prop.key: prop.value for prop in onnx.load_from_string(content).metadata_props}
        assert tuple(metadata) == contract.METADATA_KEYS
        assert metadata["fingerprint"] == manifest.fingerprint
        assert metadata["sample_rate"] == "22050"
        assert b"/tts/" not in content, "paths of the machine that exported it"
    assert "acoustic.onnx" in str(report) and str(voice) in str(report)


@pytest.mark.slow
def test_other_weights_have_another_fingerprint(parts: VoiceParts, tmp_path: Path) -> None:
    fingerprints = set()
    for name in ("first", "second"):
        write_voice(parts, tmp_path / name, name=name, gate=FEW)
        fingerprints.add(json.loads((tmp_path / name / contract.MANIFEST_FILE).read_text())["fingerprint"])
        with torch.no_grad():
            parts.generator.conv_pre.bias += 0.1
    assert len(fingerprints) == 2


@pytest.mark.slow
def test_a_voice_brings_the_lexicon_it_was_made_with(parts: VoiceParts, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("\ufeffHello\tHH AH0 L OW1\n\nhello W ER1 L D\n", encoding="utf-8")
    own = replace(parts, text=TextConfig(front_end="lexicon", language="xx", lexicon=str(tmp_path / "own.txt")))
    write_voice(own, tmp_path / "voice", name="voice", gate=FEW)
    packed = (tmp_path / "voice" / contract.LEXICON_FILE).read_bytes()
    assert gzip.decompress(packed) == b"hello HH AH0 L OW1\nhello W ER1 L D\n"


@pytest.mark.slow
def test_a_lexicon_of_ones_own_travels_with_the_voice(parts: VoiceParts, tmp_path: Path) -> None:
    lexicon = parse_user_lexicon(f"gnarl = /{parts.phones[2]}/\n".encode(), "own.txt")
    write_voice(replace(parts, lexicon=lexicon), tmp_path / "voice", name="voice", gate=FEW)
    voice = Voice.load(tmp_path / "voice")
    assert voice.synthesize("gnarl").phones[1].label == parts.phones[2]
    (tmp_path / "voice" / contract.USER_LEXICON_FILE).write_text("gnarl = other\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"user_lexicon.txt: was changed"):
        Voice.load(tmp_path / "voice")


@pytest.mark.slow
def test_a_model_that_fails_the_gate_leaves_the_old_voice(parts: VoiceParts, tmp_path: Path) -> None:
    voice = tmp_path / "voice"
    write_voice(parts, voice, name="good", gate=FEW)
    before = (voice / contract.MANIFEST_FILE).read_bytes()
    torch.nn.init.constant_(parts.acoustic.mel_projection.bias, float("nan"))
    with pytest.raises(
        InputError, match=r"acoustic.onnx: differs from the trained model by nan .* no voice was written"
    ):
        write_voice(parts, voice, name="broken", gate=FEW)
    assert (voice / contract.MANIFEST_FILE).read_bytes() == before
    assert [folder.name for folder in tmp_path.iterdir()] == ["voice"]
    with pytest.raises(InputError):
        write_voice(parts, tmp_path / "other", name="broken", gate=FEW)
    assert [folder.name for folder in tmp_path.iterdir()] == ["voice"]


def test_a_folder_that_is_no_voice_is_not_replaced(parts: VoiceParts, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(InputError, match="exists and is not a voice"):
        write_voice(parts, tmp_path / "thesis", name="voice", gate=FEW)
    assert (tmp_path / "thesis" / "chapter.txt").is_file()


def test_what_somebody_put_into_a_voice_is_kept(parts: VoiceParts, tmp_path: Path) -> None:
    voice = tmp_path / "voice"
    (voice / "samples").mkdir(parents=True)
    (voice / contract.MANIFEST_FILE).write_text("{}")
    with pytest.raises(InputError, match=r"samples: is not part of the voice, and would be lost"):
        write_voice(parts, voice, name="voice", gate=FEW)
    assert (voice / "samples").is_dir()
    (voice / "samples").rmdir()
    for name in ("acoustic.w8.onnx", "README.md", "lexicon.txt.gz", "user_lexicon.txt", ".DS_Store"):
        (voice / name).touch()
    check_replaceable(voice)


@pytest.mark.slow
def test_an_existing_voice_is_replaced(parts: VoiceParts, tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_voice(parts, tmp_path / "voice", name=name, gate=FEW)
    assert json.loads((tmp_path / "voice" / contract.MANIFEST_FILE).read_text())["name"] == "second"
    assert [folder.name for folder in tmp_path.iterdir()] == ["voice"]


@pytest.mark.slow
def test_the_two_graphs_speak(frame_level_parts: VoiceParts, tmp_path: Path) -> None:
    voice = tmp_path / "voice"
    write_voice(frame_level_parts, voice, name="voice", gate=FEW)
    acoustic = onnxruntime.InferenceSession(voice / contract.ACOUSTIC_FILE)
    vocoder = onnxruntime.InferenceSession(voice / contract.VOCODER_FILE)
    assert [node.name for node in acoustic.get_inputs()][2] == contract.SPEAKER_IDS
    controls = np.ones((1, 6), np.float32)
    mel, mel_lengths, durations = acoustic.run(
        None,
        {
            contract.PHONE_IDS: np.array([[1, 2, 3, 4, 5, 1]]),
            contract.PHONE_LENGTHS: np.array([6]),
            contract.SPEAKER_IDS: np.array([1]),
            contract.DURATION_SCALE: controls,
            contract.PITCH_SHIFT: controls,
            contract.ENERGY_SHIFT: controls,
        },
    )
    (audio,) = vocoder.run(None, {contract.MEL: mel})
    assert mel_lengths == durations.sum() == mel.shape[2]
    assert audio.shape == (1, mel.shape[2] * frame_level_parts.audio.hop_length)
