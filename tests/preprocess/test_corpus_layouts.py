import json
import re
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from tones import PHONE_S, make_corpus

from preprocess.corpus import Utterance, assign_splits, check_language, read_corpus
from preprocess.utterance import process_utterance
from tts.audio.mel import LogMel
from tts.config.root import Config
from tts.errors import InputError


def write(path: Path, content: str | bytes = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_ljspeech(tmp_path: Path) -> None:
    write(tmp_path / "lj" / "metadata.csv", "\ufeffb|Dr. B|doctor b\na|text a\n\n")
    write(tmp_path / "lj" / "wavs" / "a.flac")
    b, a = sorted(read_corpus(tmp_path / "lj"), key=lambda u: u.id, reverse=True)
    assert (a.id, a.text, a.speaker, a.audio.name) == ("a", "text a", "lj", "a.flac")
    assert (b.text, b.line, b.textgrid) == (
        "doctor b",
        f"{tmp_path / 'lj' / 'metadata.csv'}:1",
        tmp_path / "lj" / "TextGrid" / "b.TextGrid",
    )


def test_columns_named_in_a_header_and_speakers_in_a_column(tmp_path: Path) -> None:
    write(tmp_path / "metadata.csv", "id|speaker|text\n1|ann|hello\n2|bob|bye\n")
    write(tmp_path / "grids" / "bob" / "2.TextGrid")
    ann, bob = read_corpus(tmp_path, tmp_path / "grids")
    assert (ann.speaker, ann.text, bob.speaker, bob.text) == ("ann", "hello", "bob", "bye")
    assert bob.textgrid == tmp_path / "grids" / "bob" / "2.TextGrid"


def test_a_folder_per_speaker(tmp_path: Path) -> None:
    make_corpus(tmp_path / "ann", 2)
    make_corpus(tmp_path / "bob", 2)
    utterances = read_corpus(tmp_path)
    assert [u.id for u in utterances] == ["ann_u00", "ann_u01", "bob_u00", "bob_u01"]
    assert {u.speaker for u in utterances} == {"ann", "bob"}
    assert all(u.audio.is_file() and u.textgrid.is_file() for u in utterances)


def test_vctk(tmp_path: Path) -> None:
    for speaker in ("p225", "p226"):
        write(tmp_path / "txt" / speaker / f"{speaker}_001.txt", "Please call\nStella.\n")
        write(tmp_path / "wav48_silence_trimmed" / speaker / f"{speaker}_001_mic1.flac")
        write(tmp_path / "TextGrid" / speaker / f"{speaker}_001.TextGrid")
    first, _ = read_corpus(tmp_path)
    assert (first.id, first.speaker, first.text) == ("p225_001", "p225", "Please call Stella.")
    assert first.audio.is_file() and first.textgrid.is_file()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no utterances"),
        ("a|one\nb|two\na|three\n", r"metadata\.csv:3: id 'a' is also on .*metadata\.csv:1"),
        ("b|one\na|two\nB|three\n", r"metadata\.csv:1: id 'b' and 'B' on .*:3 are one name on Windows and macOS"),
        ("caf\u00e9|one\ncafe\u0301|two\n", r"are one name on Windows and macOS"),
        (b"a|one\nb|caf\xe9\n", r"metadata\.csv:2: is not UTF-8"),
    ],
)
def test_bad_metadata_is_named_with_its_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    write(tmp_path / "metadata.csv", content)
    with pytest.raises(InputError, match=message):
        read_corpus(tmp_path)


def test_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a corpus"):
        read_corpus(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        read_corpus(tmp_path / "absent")


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.99])
@pytest.mark.parametrize("n", [2, 3, 200])
def test_both_splits_have_utterances_and_the_share_is_about_right(tmp_path: Path, n: int, share: float) -> None:
    write(tmp_path / "metadata.csv", "".join(f"{i}|text\n" for i in range(n)))
    splits = [u.split for u in assign_splits(read_corpus(tmp_path), share)]
    assert 1 <= splits.count("validation") <= n - 1
    if n == 200:
        assert splits.count("validation") / n == pytest.approx(share, abs=0.08)


def test_the_split_of_an_utterance_does_not_hang_on_the_others(tmp_path: Path) -> None:
    lines = [f"{i}|text\n" for i in range(100)]
    write(tmp_path / "metadata.csv", "".join(lines))
    before = {u.id: u.split for u in assign_splits(read_corpus(tmp_path), 0.3)}
    write(tmp_path / "metadata.csv", "".join(lines[:60]))
    assert all(before[u.id] == u.split for u in assign_splits(read_corpus(tmp_path), 0.3))


def test_the_unusable_do_not_count(tmp_path: Path) -> None:
    write(tmp_path / "metadata.csv", "".join(f"{i}|text\n" for i in range(5)))
    utterances = read_corpus(tmp_path)
    (only,) = (u.id for u in assign_splits(utterances, 0.0) if u.split == "validation")
    (other,) = (u.id for u in assign_splits(utterances, 0.0, {only}) if u.split == "validation")
    assert other != only


MANIFESTS = {
    "manifest.csv": 'audio,text,speaker,language\nin/1.wav,"Hello, you.",ann,en\nin/2.flac,Bye.,,en-GB\n',
    "manifest.jsonl": '{"audio": "in/1.wav", "text": "Hello, you.", "speaker": "ann", "language": "en"}\n\n'
    '{"audio": "in/2.flac", "text": "Bye.", "language": "en-GB", "score": 1}\n',
}


@pytest.mark.parametrize("name", MANIFESTS)
@pytest.mark.parametrize("as_file", [False, True])
def test_manifests(tmp_path: Path, name: str, as_file: bool) -> None:
    write(tmp_path / "corpus" / name, MANIFESTS[name])
    write(tmp_path / "corpus" / "TextGrid" / "ann" / "1.TextGrid")
    folder = tmp_path / "corpus"
    one, two = read_corpus(folder / name if as_file else folder)
    assert (one.id, one.text, one.speaker, one.language) == ("1", "Hello, you.", "ann", "en")
    assert (one.audio, one.textgrid) == (folder / "in" / "1.wav", folder / "TextGrid" / "ann" / "1.TextGrid")
    assert (two.id, two.speaker, two.audio.name) == ("2", "corpus", "2.flac")
    assert re.fullmatch(rf".*{name}:[23]", two.line)


@pytest.mark.parametrize(("said", "wanted", "same"), [
    ("", "de", True), ("en", "en-us", True), ("en_US", "en-us", True), ("en-GB", "en-us", False), ("de", "en", False),
])  # fmt: skip
def test_languages(said: str, wanted: str, same: bool) -> None:
    utterance = Utterance("a", "text", "ann", Path("a.wav"), Path("a.TextGrid"), "m.csv:2", language=said)
    with nullcontext() if same else pytest.raises(InputError, match="is in"):
        check_language(utterance, wanted)


def test_transcripts_beside_the_recordings(tmp_path: Path) -> None:
    for speaker, suffix in (("ann", ".lab"), ("bob", ".txt")):
        write(tmp_path / speaker / f"1{suffix}", "Hello\nyou.\n")
        write(tmp_path / speaker / "1.wav")
    write(tmp_path / "ann" / "1.TextGrid")
    write(tmp_path / "TextGrid" / "bob" / "1.TextGrid")
    ann, bob = read_corpus(tmp_path)
    assert (ann.id, bob.id, ann.text, bob.speaker) == ("ann_1", "bob_1", "Hello you.", "bob")
    assert all(path.is_file() for u in (ann, bob) for path in (u.audio, u.textgrid))
    assert ann.textgrid.parent.name == "ann"


N_PHONES = 8  # of the first utterance, "one two three"
RATES = (16_000, 22_050, 24_000, 44_100, 48_000)


@pytest.mark.parametrize(
    ("recorded", "spoken"), [*((rate, 22_050) for rate in RATES), *((44_100, rate) for rate in RATES)]
)
def test_sample_rates(tmp_path: Path, recorded: int, spoken: int) -> None:
    utterance = read_corpus(make_corpus(tmp_path / "tones", 1, rate=recorded))[0]
    config = Config.model_validate({"audio": {"sample_rate": spoken}})
    features = process_utterance(utterance, config, LogMel(config.audio))
    assert features.log_f0 is not None
    assert np.median(np.exp(features.log_f0[features.voiced])) == pytest.approx(150, rel=0.05)
    assert features.durations.sum() == features.mel.shape[1] == len(features.audio) / config.audio.hop_length
    seconds = len(features.audio) / spoken
    assert seconds == pytest.approx(PHONE_S * N_PHONES + 2 * config.preprocess.edge_silence_s, abs=0.03)


@pytest.mark.parametrize("field", ["id", "speaker"])
def test_names_that_lead_out_of_the_corpus(tmp_path: Path, field: str) -> None:
    row = {"audio": "a.wav", "text": "hello", "id": "a", "speaker": "ann"} | {field: "../../secret/a"}
    write(tmp_path / "manifest.jsonl", json.dumps(row))
    with pytest.raises(InputError, match=rf"manifest\.jsonl:1: {field} '\.\./\.\./secret/a' leads to another folder"):
        read_corpus(tmp_path)
