"""Corpora broken on purpose. Whatever stops preprocessing is an error of the doctor's, and the other way round."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from preprocess.corpus import stable_hash
from preprocess.doctor import examine
from preprocess.doctor_report import one_line
from preprocess.pipeline import run
from tts.config.root import Config
from tts.errors import InputError

Break = Callable[[Path], object]
BREAKS: dict[str, tuple[Break, str, str]] = {}  # what is done, what the doctor finds, what preprocessing says


def breaks(found: str, said: str = "") -> Callable[[Break], Break]:
    """``found``: severity and finding. ``said``: the InputError; empty where preprocessing can use the corpus."""

    def register(function: Break) -> Break:
        BREAKS[function.__name__] = (function, found, said)
        return function

    return register


def wav(corpus: Path) -> Path:
    return corpus / "wavs" / "u01.wav"


def grid(corpus: Path) -> Path:
    return corpus / "TextGrid" / "u01.TextGrid"


def metadata(corpus: Path) -> Path:
    return corpus / "metadata.csv"


def edit(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def change(corpus: Path, function: Callable[[np.ndarray], np.ndarray], rate: int = 22_050) -> None:
    audio, _ = soundfile.read(wav(corpus))
    soundfile.write(wav(corpus), function(audio), rate)


def rewrite_line(corpus: Path, number: int, line: str) -> None:
    lines = metadata(corpus).read_text().splitlines()
    lines[number - 1] = line
    metadata(corpus).write_text("\n".join(lines))


def as_manifest(corpus: Path, **columns: str) -> Path:
    rows = [line.split("|") for line in metadata(corpus).read_text().splitlines()]
    entries = [{"audio": f"wavs/{id}.wav", "text": text, **columns} for id, text, _ in rows]
    metadata(corpus).unlink()
    path = corpus / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, entries)))
    return path


# --- the list of utterances


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


# --- recordings


@breaks(r"error .*u01.wav: audio file is missing", r"metadata.csv:2: u01: .*u01.wav is missing")
def no_wav(corpus: Path) -> None:
    wav(corpus).unlink()


@breaks(r"error .*u01.wav: audio file is missing|error .*u01.wav: cannot be read", r"metadata.csv:2: u01: .*u01.wav")
def a_folder_for_a_wav(corpus: Path) -> None:
    wav(corpus).unlink()
    wav(corpus).mkdir()


@breaks(r"error .*u01.wav: cannot be read as audio", r"metadata.csv:2: u01: .*u01.wav: cannot be read as audio")
def a_wav_of_junk(corpus: Path) -> None:
    wav(corpus).write_bytes(b"junk" * 1000)


@breaks(r"error .*u01.wav: cannot be read as audio", r"metadata.csv:2: u01: .*u01.wav: cannot be read as audio")
def a_wav_of_no_bytes(corpus: Path) -> None:
    wav(corpus).write_bytes(b"")


@breaks(r"error .*u01.wav: holds no samples", r"metadata.csv:2: u01: .*u01.wav: holds no samples")
def a_wav_of_no_samples(corpus: Path) -> None:
    change(corpus, lambda audio: audio[:0])


@breaks(r"error .*u01.wav: is truncated", r"metadata.csv:2: u01: .*u01.wav: is truncated")
def a_truncated_wav(corpus: Path) -> None:
    wav(corpus).write_bytes(wav(corpus).read_bytes()[:20_000])


@breaks(r"error .*u01.wav: .*NaN", r"metadata.csv:2: u01: .*u01.wav: .*NaN")
def a_wav_with_nan(corpus: Path) -> None:
    soundfile.write(wav(corpus), np.full(40_000, np.nan), 22_050, subtype="FLOAT")


@breaks(r"error .*u01.TextGrid: phone .* after the audio", r"metadata.csv:2: u01: .*phone .* after the audio")
def a_wav_cut_short(corpus: Path) -> None:
    change(corpus, lambda audio: audio[:20_000])


@breaks(r"error .*u01.wav: is silent", r"metadata.csv:2: u01: .*u01.wav: is silent")
def digital_silence(corpus: Path) -> None:
    change(corpus, np.zeros_like)


@breaks(r"error .*u01.wav: is silent", r"metadata.csv:2: u01: .*u01.wav: is silent")
def a_constant_at_full_scale(corpus: Path) -> None:
    change(corpus, lambda audio: np.full_like(audio, 0.999))


@breaks(
    r"error .*u01.wav: holds samples up to 1e\+30", r"metadata.csv:2: u01: .*holds samples up to 1e\+30, far beyond 1"
)
def floats_far_beyond_1(corpus: Path) -> None:
    soundfile.write(wav(corpus), np.geomspace(1.0, 1e30, 40_000, dtype=np.float32), 22_050, subtype="FLOAT")


@breaks(r"error .*u01.wav: has a sample rate of 1 Hz", r"metadata.csv:2: u01: .*has a sample rate of 1 Hz")
def one_sample_a_second(corpus: Path) -> None:
    change(corpus, lambda audio: audio, rate=1)


@breaks(r"error .*u01.flac: ", r"metadata.csv:2: u01: .*u01.flac: ")
def a_flac_that_promises_too_much(corpus: Path) -> None:
    audio, rate = soundfile.read(wav(corpus))
    wav(corpus).unlink()
    soundfile.write(path := wav(corpus).with_suffix(".flac"), audio, rate)
    content = bytearray(path.read_bytes())
    content[21] |= 0x0F  # the upper 4 of the 36 bits of STREAMINFO that count the samples
    path.write_bytes(content)


@breaks(r"warning .*u01.wav: is clipped: \d+ samples")
def clipping(corpus: Path) -> None:
    change(corpus, lambda audio: (20 * audio).clip(-0.9, 0.9))


@breaks(r"warning .*u01.wav: has a DC offset of \+0.200")
def dc_offset(corpus: Path) -> None:
    change(corpus, lambda audio: audio + 0.2)


@breaks(r"warning .*u01.wav: is \d+.\d dB quieter than speaker 'tones'")
def a_quiet_recording(corpus: Path) -> None:
    change(corpus, lambda audio: audio / 10)


@breaks(r"warning .*u01.wav: ends with \d.\d s of silence")
def silence_at_the_end(corpus: Path) -> None:
    change(corpus, lambda audio: np.pad(audio, (0, 30_000)))


@breaks(r"warning .*u01.wav: has a pause of \d.\d s")
def silence_within(corpus: Path) -> None:
    change(corpus, lambda audio: np.concatenate([audio, np.zeros(40_000), audio]))


@breaks(r"warning .*u01.TextGrid: ends at 1.\d+ s, but the audio at \d")
def a_textgrid_that_ends_early(corpus: Path) -> None:
    change(corpus, lambda audio: np.tile(audio, 3))


@breaks(r"warning .*metadata.csv:2: \d.\d letters per second, where speaker 'tones' usually says")
def more_said_than_transcribed(corpus: Path) -> None:
    change(corpus, lambda audio: np.tile(audio, 3))


@breaks(r"warning .*u01.wav: lasts \d+.\d s, more than 20 s")
def a_recording_without_end(corpus: Path) -> None:
    change(corpus, lambda audio: np.pad(audio, (0, 25 * 22_050)))


@breaks(r"warning .*5 of 22050 Hz.*|warning .*: 1 of 11025 Hz, 5 of 22050 Hz")
def another_sample_rate(corpus: Path) -> None:
    change(corpus, lambda audio: audio[::2], 11_025)


@breaks(r"note .*1 recording\(s\) have several channels")
def stereo(corpus: Path) -> None:
    change(corpus, lambda audio: np.stack([audio, audio], axis=1))


@breaks(r"warning .*u04.wav: is the same recording as .*u00.wav")
def a_recording_twice(corpus: Path) -> None:
    (corpus / "wavs" / "u04.wav").write_bytes((corpus / "wavs" / "u00.wav").read_bytes())


@breaks(r"warning .*wavs: 1 recording\(s\) without a transcript, such as stray.wav")
def a_stray_recording(corpus: Path) -> None:
    (corpus / "wavs" / "stray.wav").write_bytes(wav(corpus).read_bytes())


# --- transcripts and TextGrids


@breaks(r"error .*u01.TextGrid: TextGrid of .*metadata.csv:2 is missing", r"metadata.csv:2: u01: .*TextGrid is missing")
def no_textgrid(corpus: Path) -> None:
    grid(corpus).unlink()


@breaks(r"error .*TextGrid: holds none of the 6 TextGrids of speaker 'tones'", r"metadata.csv:1: u00: .* is missing")
def no_textgrids_at_all(corpus: Path) -> None:
    for path in (corpus / "TextGrid").iterdir():
        path.unlink()


@breaks(
    r"error .*u01.TextGrid: cannot be read as a TextGrid",
    r"metadata.csv:2: u01: .*u01.TextGrid: cannot be read as a TextGrid",
)
def a_textgrid_of_junk(corpus: Path) -> None:
    grid(corpus).write_bytes(b"\x00\xff junk")


@breaks(r"error .*u01.TextGrid: is empty", r"metadata.csv:2: u01: .*u01.TextGrid: is empty")
def a_textgrid_of_no_bytes(corpus: Path) -> None:
    grid(corpus).write_bytes(b"")


@breaks(r"error .*u01.TextGrid", r"metadata.csv:2: u01: .*u01.TextGrid")
def a_textgrid_cut_off(corpus: Path) -> None:
    grid(corpus).write_bytes(grid(corpus).read_bytes()[:900])


@breaks(r"error .*u01.TextGrid: has no tier 'phones'", r"metadata.csv:2: u01: .*u01.TextGrid: has no tier 'phones'")
def no_phones_tier(corpus: Path) -> None:
    edit(grid(corpus), '"phones"', '"sounds"')


@breaks(r"error .*u01.TextGrid: holds no words", r"metadata.csv:2: u01: .*u01.TextGrid: holds no words")
def no_words_tier(corpus: Path) -> None:
    edit(grid(corpus), '"words"', '"orthography"')


@breaks(r"error .*u01.TextGrid: holds no phones", r"metadata.csv:2: u01: .*u01.TextGrid: holds no phones")
def nothing_but_silence(corpus: Path) -> None:
    head, phones = grid(corpus).read_text().split('"phones"')
    grid(corpus).write_text(head + '"phones"' + re.sub(r'text = "\w+"', 'text = "sil"', phones))


@breaks(r"error .*u01.TextGrid: .*overlap", r"metadata.csv:2: u01: .*u01.TextGrid: .*overlap")
def overlapping_phones(corpus: Path) -> None:
    head, phones = grid(corpus).read_text().split('"phones"')
    grid(corpus).write_text(head + '"phones"' + phones.replace("xmin = 0.54", "xmin = 0.31"))


@breaks(r"error .*u01.TextGrid: word 1 is 'one', but", r"metadata.csv:2: u01: .*word 1 is 'one', but")
def the_textgrid_of_another(corpus: Path) -> None:
    grid(corpus).write_bytes((corpus / "TextGrid" / "u00.TextGrid").read_bytes())


@breaks(r"warning .*u01.TextGrid:\d+: phone 'QX' is none of the front end's; it is in 1 TextGrid")
def a_phone_nobody_knows(corpus: Path) -> None:
    edit(grid(corpus), '"UW"', '"QX"')


@breaks(r"warning .*TextGrid: 1 TextGrid\(s\) without a transcript, such as stray.TextGrid")
def a_stray_textgrid(corpus: Path) -> None:
    (corpus / "TextGrid" / "stray.TextGrid").write_bytes(grid(corpus).read_bytes())


@breaks(r"warning .*metadata.csv:2: transcript holds '\{'")
def braces_in_a_transcript(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01|{two} three silence")


@breaks(r"warning .*metadata.csv:2: word '你' cannot be pronounced")
def a_script_the_front_end_cannot_read(corpus: Path) -> None:
    rewrite_line(corpus, 2, "u01|你 three silence")
    edit(grid(corpus), '"two"', '"你"')


@breaks(
    r"error .*metadata.csv:1: has no '\|', like all lines: .* not by commas",
    r"columns are separated by '\|', not by commas",
)
def commas_for_pipes(corpus: Path) -> None:
    lines = metadata(corpus).read_text().splitlines()
    metadata(corpus).write_text("".join(f'{line.split("|")[0]},"two, three"\n' for line in lines))


@breaks(r"error .*metadata.csv:1: .* not by tabs", r"columns are separated by '\|', not by tabs")
def tabs_for_pipes(corpus: Path) -> None:
    edit(metadata(corpus), "|", "\t")


@breaks(
    r"error .*metadata.csv:1: the second column seems to name speakers", r"the second column seems to name speakers"
)
def speakers_in_the_second_column(corpus: Path) -> None:
    rows = [line.split("|") for line in metadata(corpus).read_text().splitlines()]
    metadata(corpus).write_text("".join(f"{row[0]}|spk{n % 2}|{row[1]}\n" for n, row in enumerate(rows)))


@breaks(r"warning .*u01.TextGrid: has 1 word\(s\) that the aligner did not know, 0.24 s, the first at 0.30 s")
def a_word_that_the_aligner_does_not_know(corpus: Path) -> None:
    edit(grid(corpus), '"two"', '"<unk>"')
    edit(grid(corpus), '"T"', '"spn"')
    edit(grid(corpus), '"UW"', '"spn"')


@breaks(r"error .*u01.TextGrid: word 'two' at 0\.300 s has no phones", r"u01: .*word 'two' at 0\.300 s has no phones")
def a_word_without_phones(corpus: Path) -> None:
    edit(grid(corpus), '"T"', '"sil"')
    edit(grid(corpus), '"UW"', '"sil"')


@breaks(r"warning .*u01.TextGrid: has 2 phone\(s\) outside all words, the first 'T' at 0.30 s")
def phones_outside_all_words(corpus: Path) -> None:
    edit(grid(corpus), '"two"', '""')
    rewrite_line(corpus, 2, "u01|three silence")


# --- what only looks broken


@breaks("")
def suffixes_in_capitals(corpus: Path) -> None:
    wav(corpus).rename(wav(corpus).with_suffix(".WAV"))


@breaks("")
def other_formats(corpus: Path) -> None:
    audio, rate = soundfile.read(wav(corpus))
    wav(corpus).unlink()
    soundfile.write(wav(corpus).with_suffix(".mp3"), audio, rate)


@breaks("")
def ids_that_are_file_names(corpus: Path) -> None:
    edit(metadata(corpus), "u01|", "u01.wav|")


@breaks("")
def accents_as_a_mac_writes_them(corpus: Path) -> None:
    edit(metadata(corpus), "u01|", "\u00e9|")
    wav(corpus).rename(wav(corpus).with_stem("e\u0301"))
    grid(corpus).rename(grid(corpus).with_stem("e\u0301"))


@breaks("")
def backslashes_in_a_manifest(corpus: Path) -> None:
    manifest = as_manifest(corpus)
    manifest.write_text(manifest.read_text().replace("wavs/", "wavs\\\\"))


@breaks("")
def many_channels(corpus: Path) -> None:
    change(corpus, lambda audio: np.repeat(audio[:, None], 32, axis=1))


@breaks("")
def byte_order_mark_and_crlf(corpus: Path) -> None:
    metadata(corpus).write_bytes(b"\xef\xbb\xbf" + metadata(corpus).read_bytes().replace(b"\n", b"\r\n"))


@breaks("")
def a_line_separator_within_a_transcript(corpus: Path) -> None:
    edit(metadata(corpus), "u01|two three", "u01|two\u2028three")


@breaks("")
def a_textgrid_in_utf_16(corpus: Path) -> None:
    grid(corpus).write_text(grid(corpus).read_text(encoding="utf-8"), encoding="utf-16")


@pytest.mark.parametrize("name", BREAKS)
def test_broken(name: str, tones: Path, tmp_path: Path, config: Config) -> None:
    change_it, found, said = BREAKS[name]
    config = Config.model_validate(config.model_dump() | {"text": {"front_end": "arpabet"}})
    change_it(tones)
    diagnosis = examine(tones, config, workers=1)
    findings = [f"{finding.severity} {one_line(finding)}" for finding in diagnosis.findings]
    assert any(re.match(found, finding) for finding in findings), findings
    assert diagnosis.may_train is (not said), findings
    if said:
        with pytest.raises(InputError, match=said) as caught:
            run(tones, tmp_path / "features", config, workers=1)
        assert "\n" not in str(caught.value)
    else:
        assert run(tones, tmp_path / "features", config, workers=1).skipped == []


def test_features_of_before_do_not_hide_that_the_language_has_changed(
    tones: Path, tmp_path: Path, config: Config
) -> None:
    manifest = as_manifest(tones, language="en")
    run(tones, tmp_path / "features", config, workers=1)
    edit(manifest, '"en"', '"de"')
    with pytest.raises(InputError, match="is in 'de', not 'en-us'"):
        run(tones, tmp_path / "features", config, workers=1)
