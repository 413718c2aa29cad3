from pathlib import Path

import pytest
from tones import make_corpus

from preprocess.corpus import assign_splits, read_corpus
from tts.config.errors import InputError


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
        (b"a|one\nb|caf\xe9\n", r"metadata\.csv:2: is not UTF-8"),
    ],
)
def test_bad_metadata_is_named_with_its_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    write(tmp_path / "metadata.csv", content)
    with pytest.raises(InputError, match=message):
        read_corpus(tmp_path)


def test_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no corpus"):
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
