"""Lists of utterances broken on purpose, and what is written in them."""

from pathlib import Path

import pytest
from broken import Breakages, as_manifest, check_that_both_find, edit, metadata, rewrite_line

from preprocess.corpus import stable_hash
from preprocess.pipeline import run
from tts.config.root import Config
from tts.errors import InputError

breaks = Breakages()


@breaks(r"error .*holds no utterances", r"holds no utterances")
def empty_metadata(corpus: Path) -> None:
    metadata(corpus).write_text("")


@breaks(r"error .*is not a corpus", r"is not a corpus")
def no_metadata(corpus: Path) -> None:
    metadata(corpus).unlink()


@breaks(r"error .*metadata.csv:2: is not UTF-8", r"metadata.csv:2: is not UTF-8")
def metadata_in_latin_1(corpus: Path) -> None:
    metadata(corpus).write_bytes(metadata(corpus).read_bytes().replace(b"u01|two", b"u01|tw\xf6"))


@breaks(r"error .*metadata.csv:2: id 'u00' is also on .*:1", r"metadata.csv:2: id 'u00' is also on .*:1")
def an_id_twice(corpus: Path) -> None:
    edit(metadata(corpus), "u01", "u00")


@breaks(r"error .*metadata.csv:2: has no id", r"metadata.csv:2: has no id")
def a_line_without_id(corpus: Path) -> None:
    edit(metadata(corpus), "u01", "")


@breaks(r"error .*metadata.csv:2: has 5 fields", r"metadata.csv:2: has 5 fields")
def a_line_with_a_field_too_many(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01|two three|two three|tones|what is this")


@breaks(r"error .*metadata.csv:1: names no column 'text'", r"metadata.csv:1: names no column 'text'")
def a_header_without_text(corpus: Path) -> None:
    metadata(corpus).write_text("id|transcription\n" + metadata(corpus).read_text())


@breaks(r"error .*metadata.csv:2: has no transcript", r"metadata.csv:2: u01: .*has no transcript")
def a_line_without_text(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01||")


@breaks(r"error .*has no utterance for validation", r"one to validate with")
def a_single_utterance(corpus: Path) -> None:
    metadata(corpus).write_text(metadata(corpus).read_text().splitlines()[0])


@breaks(r"error .*speaker 'b': has no training utterances", r"speaker 'b': has no training utterances")
def a_speaker_only_in_validation(corpus: Path) -> None:
    lines = metadata(corpus).read_text().splitlines()
    validates = min(lines, key=lambda line: stable_hash(line.split("|")[0]))
    metadata(corpus).write_text("\n".join(line + ("|b" if line == validates else "|a") for line in lines))


@breaks(r"error .*manifest.jsonl:2: is not valid JSON", r"manifest.jsonl:2: is not valid JSON")
def a_manifest_line_cut_off(corpus: Path) -> None:
    path = as_manifest(corpus)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1][:-5], *lines[2:]]))


@breaks(r"error .*manifest.jsonl:3: names no audio file", r"manifest.jsonl:3: names no audio file")
def a_manifest_line_without_audio(corpus: Path) -> None:
    edit(as_manifest(corpus), "wavs/u02.wav", "")


@breaks(r"error .*manifest.csv:1: names no column 'audio'", r"manifest.csv:1: names no column 'audio'")
def a_manifest_with_another_header(corpus: Path) -> None:
    metadata(corpus).unlink()
    (corpus / "manifest.csv").write_text("path,text\nwavs/u00.wav,one\n")


@breaks(r"error .*manifest.csv:2: has more fields", r"manifest.csv:2: has more fields.*quotes")
def a_manifest_with_bare_commas(corpus: Path) -> None:
    metadata(corpus).unlink()
    (corpus / "manifest.csv").write_text("audio,text\nwavs/u00.wav,one, two, three\n")


@breaks(r"error .*manifest.jsonl:1: is in 'de'", r"manifest.jsonl:\d: u0\d: .*is in 'de', not 'en-us'")
def another_language(corpus: Path) -> None:
    as_manifest(corpus, language="de")


@pytest.mark.parametrize("name", breaks)
def test_broken(name: str, tones: Path, tmp_path: Path, config: Config) -> None:
    check_that_both_find(breaks[name], tones, tmp_path / "features", config)


def test_features_of_before_do_not_hide_that_the_language_has_changed(
    tones: Path, tmp_path: Path, config: Config
) -> None:
    manifest = as_manifest(tones, language="en")
    run(tones, tmp_path / "features", config, workers=1)
    edit(manifest, '"en"', '"de"')
    with pytest.raises(InputError, match="is in 'de', not 'en-us'"):
        run(tones, tmp_path / "features", config, workers=1)
