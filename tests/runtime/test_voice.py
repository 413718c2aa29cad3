import json
import math
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from level_voice import (
    FRAMES_PER_PHONE,
    HOP_LENGTH,
    LEVEL_PER_DB,
    LEVEL_PER_ID,
    LEVEL_PER_SEMITONE,
    LEVEL_PER_SPEAKER,
    PHONES,
    SAMPLE_RATE,
    write_level_voice,
)

from tts.errors import InputError
from tts.runtime.contract import ACOUSTIC_FILE, MANIFEST_FILE, VOCODER_FILE
from tts.runtime.pauses import USUAL_S
from tts.runtime.synthesizer import EDGE_FADE_S
from tts.runtime.timestamps import write_timestamps
from tts.runtime.voice import Voice
from tts.text.sentences import Pause, Unread

TEXT = "Hello, world. Hello!"
SPOKEN = ["sil", "HH", "AH0", "L", "OW1", "sil", "W", "ER1", "L", "D", "sil", "sil", "HH", "AH0", "L", "OW1", "sil"]
FADE = math.ceil(EDGE_FADE_S * SAMPLE_RATE)  # samples
PHONE_S = FRAMES_PER_PHONE * HOP_LENGTH / SAMPLE_RATE


@pytest.fixture(scope="module")
def level_voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_level_voice(tmp_path_factory.mktemp("voices") / "levels")


@pytest.fixture(scope="module")
def voice(level_voice: Path) -> Voice:
    return Voice.load(level_voice)


@pytest.fixture
def copy(level_voice: Path, tmp_path: Path) -> Path:
    """A voice folder to damage."""
    return Path(shutil.copytree(level_voice, tmp_path / "copy"))


def change_manifest(folder: Path, **changes: Any) -> None:
    path = folder / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_every_phone_is_spoken_in_order_with_pauses_at_punctuation(voice: Voice) -> None:
    speech = voice.synthesize(TEXT)
    assert [span.label for span in speech.phones] == SPOKEN
    for span in speech.phones:
        start, end = (round(time_s * SAMPLE_RATE) for time_s in (span.start_s, span.end_s))
        levels = speech.audio[start + FADE : end - FADE]
        assert (levels == levels[:1]).all() and PHONES[round(levels[0] / LEVEL_PER_ID)] == span.label
    assert (speech.audio.dtype, speech.sample_rate) == (np.float32, SAMPLE_RATE)


def test_times_cover_the_audio_and_bound_each_word(voice: Voice) -> None:
    speech = voice.synthesize(TEXT)
    assert [span.label for span in speech.phones] == SPOKEN
    assert speech.phones[0].start_s == 0
    assert [span.end_s for span in speech.phones[:-1]] == [span.start_s for span in speech.phones[1:]]
    assert speech.phones[-1].end_s == pytest.approx(len(speech.audio) / SAMPLE_RATE)
    first, second, third = speech.words
    assert (first.label, second.label, third.label) == ("hello", "world", "hello")
    assert [round(time_s / PHONE_S) for w in (first, second) for time_s in (w.start_s, w.end_s)] == [1, 5, 6, 10]
    frame_s = HOP_LENGTH / SAMPLE_RATE
    assert third.start_s - second.end_s == pytest.approx(USUAL_S[Pause.FULL_STOP], abs=frame_s)


@settings(deadline=None, max_examples=25)
@given(speed=st.floats(0.25, 4), pitch=st.floats(-12, 12), energy=st.floats(-20, 20))
def test_controls_reach_the_graph(voice: Voice, speed: float, pitch: float, energy: float) -> None:
    speech = voice.synthesize("hello", speed=speed, pitch=pitch, energy=energy)
    frames = round(float(np.float32(1 / speed) * np.float32(FRAMES_PER_PHONE)))
    assert len(speech.audio) == 6 * frames * HOP_LENGTH
    expected = LEVEL_PER_ID + pitch * LEVEL_PER_SEMITONE + energy * LEVEL_PER_DB
    last = frames * HOP_LENGTH - 1  # sample of the first phone
    faded_in = min(1, (last + 0.5) / (EDGE_FADE_S * SAMPLE_RATE))
    assert speech.audio[last] == pytest.approx(expected * faded_in, abs=1e-6)


@pytest.mark.parametrize(
    "control", [{"speed": 0.0}, {"speed": 4.1}, {"speed": np.nan}, {"pitch": -13.0}, {"energy": np.inf}]
)
def test_controls_out_of_range_are_refused(voice: Voice, control: dict[str, float]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(control))}: .* is not between"):
        voice.synthesize("hello", **control)


def test_a_word_with_a_phone_the_voice_lacks_is_named(voice: Voice) -> None:
    with pytest.raises(InputError, match="word 'vision': phone 'V' is not among the 10 phones"):
        voice.synthesize("Hello vision", strict=True)
    speech = voice.synthesize("Hello vision")
    assert [word.label for word in speech.words] == ["hello"] and speech.unread == (Unread("vision", 6, 12),)


def test_speakers_go_by_name(tmp_path: Path) -> None:
    voice = Voice.load(write_level_voice(tmp_path / "two", speakers=("ann", "ben")))
    first, second = voice.synthesize("hello", speaker="ann"), voice.synthesize("hello", speaker="ben")
    np.testing.assert_allclose((second.audio - first.audio)[FADE:-FADE], LEVEL_PER_SPEAKER, atol=1e-6)
    np.testing.assert_array_equal(voice.synthesize("hello").audio, first.audio)
    with pytest.raises(InputError, match="speaker 'eve': voice 'levels' has ann, ben"):
        voice.synthesize("hello", speaker="eve")
    set_default_speaker(tmp_path / "two", "ben")
    np.testing.assert_array_equal(Voice.load(tmp_path / "two").synthesize("hello").audio, second.audio)
    set_default_speaker(tmp_path / "two", "eve")
    with pytest.raises(InputError, match="default_speaker 'eve' is not one of its speakers"):
        Voice.load(tmp_path / "two")


def set_default_speaker(folder: Path, speaker: str) -> None:
    manifest = json.loads((folder / "voice.json").read_text(encoding="utf-8"))
    (folder / "voice.json").write_text(json.dumps({**manifest, "default_speaker": speaker}), encoding="utf-8")


def test_threads_may_share_a_voice(voice: Voice) -> None:
    alone = voice.synthesize(TEXT).audio
    with ThreadPoolExecutor(4) as pool:
        for speech in pool.map(voice.synthesize, [TEXT] * 8):
            np.testing.assert_array_equal(speech.audio, alone)


def test_timestamps_are_written_as_json(voice: Voice, tmp_path: Path) -> None:
    write_timestamps(tmp_path / "times.json", voice.synthesize("Hello").timeline())
    times = json.loads((tmp_path / "times.json").read_text(encoding="utf-8"))
    (word,) = times["words"]
    assert (word["label"], word["start_s"], word["end_s"]) == ("hello", PHONE_S, pytest.approx(5 * PHONE_S))
    assert len(times["phones"]) == 6
    with pytest.raises(InputError, match="does not exist"):
        write_timestamps(tmp_path / "missing" / "times.json", voice.synthesize("Hello").timeline())


def test_audio_is_clipped_to_full_scale(tmp_path: Path) -> None:
    audio = Voice.load(write_level_voice(tmp_path / "loud", gain=1000.0)).synthesize("hello").audio
    assert audio.max() == 1.0


@pytest.mark.parametrize(
    ("options", "message"), [({"frames": 0}, "duration of 0 frames"), ({"gain": np.nan}, "finite")]
)
def test_a_voice_that_speaks_nothing_usable_says_so(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"voice 'levels'.*{message}"):
        Voice.load(write_level_voice(tmp_path / "odd", **options)).synthesize("hello")


@pytest.mark.parametrize("name", [ACOUSTIC_FILE, VOCODER_FILE, MANIFEST_FILE])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(InputError, match=name):
        Voice.load(copy)


@pytest.mark.parametrize("name", [ACOUSTIC_FILE, VOCODER_FILE])
@pytest.mark.parametrize("keep", [0, 100, -1])
def test_a_truncated_graph_is_refused(copy: Path, name: str, keep: int) -> None:
    (copy / name).write_bytes((copy / name).read_bytes()[:keep])
    with pytest.raises(InputError, match=f"{name}: was changed, cut short"):
        Voice.load(copy)


def test_a_graph_of_another_voice_is_refused(copy: Path, tmp_path: Path) -> None:
    other = write_level_voice(tmp_path / "other", fingerprint="other")
    shutil.copy(other / VOCODER_FILE, copy / VOCODER_FILE)
    with pytest.raises(InputError, match="belongs to another voice"):
        Voice.load(copy)
    digests = json.loads((copy / MANIFEST_FILE).read_text(encoding="utf-8"))["sha256"]
    others = json.loads((other / MANIFEST_FILE).read_text(encoding="utf-8"))["sha256"]
    change_manifest(copy, sha256=digests | {VOCODER_FILE: others[VOCODER_FILE]})
    with pytest.raises(InputError, match="fingerprint 'other', but the voice has 'levels'"):
        Voice.load(copy)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{", b'{"schema_version": NaN}', b"[" * 100_000])
def test_a_garbled_manifest_is_one_line(copy: Path, content: bytes) -> None:
    (copy / MANIFEST_FILE).write_bytes(content)
    with pytest.raises(InputError, match=MANIFEST_FILE) as refused:
        Voice.load(copy)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema_version": 2}, "schema version 2"),
        ({"hop_length": 32}, "hop_length '16', but the voice has '32'"),
        ({"sample_rate": "fast"}, "sample_rate"),
        ({"colour": "red"}, "colour"),
        ({"front_end": "espeak"}, "front_end"),
        ({"phones": ["sil", "a"]}, "must start with"),
        ({"speakers": []}, "speakers: .*at least 1 item"),
        ({"speakers": ["ann", "ben"]}, "facts_sha256"),
        ({"sha256": {f"../copy/{ACOUSTIC_FILE}": "0"}}, "sha256.*match pattern"),
        ({"sample_rate": "22050"}, "sample_rate: .*valid integer"),
        ({"hop_length": 10**12}, "hop_length: .*less than or equal"),
        ({"vocoder_context_frames": 3}, "facts_sha256"),
        ({"language": "../../etc"}, "language: .*match pattern"),
        ({"language": "en-gb"}, "facts_sha256|gruut"),
        ({"speakers": ["a\x1b[2J"]}, "speakers.0: .*match pattern"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(copy: Path, changes: dict[str, Any], message: str) -> None:
    change_manifest(copy, **changes)
    with pytest.raises(InputError, match=message):
        Voice.load(copy)


def test_a_file_that_is_no_graph_is_refused_even_with_the_right_digest(copy: Path) -> None:
    model = onnx.load(copy / VOCODER_FILE)
    model.graph.node[0].op_type = "NoSuchOperator"
    onnx.save(model, copy / VOCODER_FILE)
    names = (ACOUSTIC_FILE, VOCODER_FILE)
    change_manifest(copy, sha256={name: sha256((copy / name).read_bytes()).hexdigest() for name in names})
    with pytest.raises(InputError, match="uses the operator 'NoSuchOperator'"):
        Voice.load(copy)


@pytest.mark.slow
def test_speaking_needs_no_torch(level_voice: Path) -> None:
    code = f"""
import sys
sys.modules["torch"] = None
from tts.runtime.voice import Voice
assert len(Voice.load({str(level_voice)!r}).synthesize("Hello world").audio)
assert not {{"onnx", "pyarrow", "lightning_fabric"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
