"""Voice folders that were damaged, or made to do harm: one line each, and nothing else happens."""

import gzip
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from level_voice import write_level_voice

from tts.errors import InputError
from tts.runtime.contract import ACOUSTIC_FILE, LEXICON_FILE, MANIFEST_FILE, MAX_MANIFEST_BYTES, VOCODER_FILE
from tts.runtime.voice import Voice
from tts.text.lexicon import pack_lexicon, unpack_lexicon

FILES = (ACOUSTIC_FILE, VOCODER_FILE, MANIFEST_FILE)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_level_voice(tmp_path_factory.mktemp("voices") / "sound")


@pytest.fixture(scope="module")
def spoken(sound: Path) -> np.ndarray:
    return Voice.load(sound).synthesize("hello").audio


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def adopt(folder: Path, name: str) -> None:
    """Makes the manifest vouch for the file as it is now."""
    tree = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    tree["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / MANIFEST_FILE).write_text(json.dumps(tree), encoding="utf-8")


def damage(content: bytes, data: st.DataObject) -> bytes:
    if data.draw(st.booleans()):
        return content[: data.draw(st.integers(0, len(content) - 1))]
    damaged = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        damaged[place] ^= data.draw(st.integers(1, 255))
    return bytes(damaged)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_damage_is_refused_or_changes_nothing(sound: Path, spoken: np.ndarray, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FILES))
    whole = (sound / name).read_bytes()
    try:
        (sound / name).write_bytes(damage(whole, data))
        np.testing.assert_array_equal(Voice.load(sound).synthesize("hello").audio, spoken)  # a licence, say, may differ
    except InputError as refused:
        assert "\n" not in str(refused)
    finally:
        (sound / name).write_bytes(whole)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_graph_the_manifest_vouches_for_is_not_trusted_either(sound: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from((ACOUSTIC_FILE, VOCODER_FILE)))
    files = {file: (sound / file).read_bytes() for file in (name, MANIFEST_FILE)}
    try:
        (sound / name).write_bytes(damage(files[name], data))
        adopt(sound, name)
        Voice.load(sound)
    except InputError as refused:
        assert "\n" not in str(refused)
    finally:
        for file, content in files.items():
            (sound / file).write_bytes(content)


@pytest.mark.parametrize("location", ["weights.bin", "../weights.bin", "{root}/weights.bin"])
def test_weights_outside_the_graph_are_not_read(
    copy: Path, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = onnx.load(copy / VOCODER_FILE)
    tensor = next(tensor for tensor in model.graph.initializer if tensor.name == "gain")
    for folder in (copy, tmp_path):
        (folder / "weights.bin").write_bytes(tensor.raw_data)
    onnx.external_data_helper.set_external_data(tensor, location.format(root=tmp_path))
    tensor.ClearField("raw_data")
    (copy / VOCODER_FILE).write_bytes(model.SerializeToString())
    adopt(copy, VOCODER_FILE)
    monkeypatch.chdir(copy)
    with pytest.raises(InputError, match="weights from other files"):
        Voice.load(copy)


@pytest.mark.parametrize("name", FILES)
def test_folders_in_place_of_files_are_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (copy / name).mkdir()
    with pytest.raises(InputError, match=f"{name}: is not a regular file"):
        Voice.load(copy)


@pytest.mark.skipif(sys.platform == "win32", reason="has neither pipes in folders nor /dev/zero")
@pytest.mark.parametrize("name", FILES)
def test_endless_files_are_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (copy / name).symlink_to("/dev/zero")
    with pytest.raises(InputError, match="is not a regular file"):
        Voice.load(copy)
    (copy / name).unlink()
    os.mkfifo(copy / name)
    with pytest.raises(InputError, match="is not a regular file"):
        Voice.load(copy)


def test_a_link_to_another_file_does_not_pass_for_the_voice(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('{"password": "hunter2"}')
    for name in FILES:
        (copy / name).unlink()
        (copy / name).symlink_to(tmp_path / "secret")
        with pytest.raises(InputError) as refused:
            Voice.load(copy)
        assert "hunter2" not in str(refused.value)


def test_a_manifest_of_any_size_is_not_read(copy: Path) -> None:
    with (copy / MANIFEST_FILE).open("ab") as file:
        file.truncate(MAX_MANIFEST_BYTES + 1)  # sparse
    with pytest.raises(InputError, match="larger than the 16,777,216 bytes"):
        Voice.load(copy)


def test_a_changed_lexicon_is_refused(tmp_path: Path) -> None:
    voice = write_level_voice(tmp_path / "voice", front_end="arpabet")
    (voice / LEXICON_FILE).write_bytes(pack_lexicon({"hello": ["HH AH0 L OW1"]}))
    adopt(voice, LEXICON_FILE)
    Voice.load(voice)
    (voice / LEXICON_FILE).write_bytes(pack_lexicon({"hello": ["HH AH0 L OW2"]}))
    with pytest.raises(InputError, match=r"lexicon\.txt\.gz: was changed"):
        Voice.load(voice)


def test_a_lexicon_that_swells_is_refused() -> None:
    packed = gzip.compress(b"a AH0\n" * 1_000_000)
    assert len(packed) < 100_000
    with pytest.raises(InputError, match=r"lexicon\.txt\.gz: unpacks to more than the 100,000 bytes"):
        unpack_lexicon(packed, 100_000, LEXICON_FILE)
