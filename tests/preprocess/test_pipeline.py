import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from tones import make_corpus, write_utterance

from preprocess.corpus import read_corpus
from preprocess.lock import exclusive
from preprocess.pipeline import run
from preprocess.shards import read_shard
from preprocess.utterance import process_utterance
from tts.audio.mel import LogMel
from tts.config.features import MANIFEST_FILE
from tts.config.root import Config
from tts.config.text import TextConfig
from tts.data.store import FeatureStore
from tts.errors import InputError


def contents(features: Path) -> dict[str, bytes]:
    return {str(path.relative_to(features)): path.read_bytes() for path in features.rglob("*") if path.is_file()}


def test_features_of_an_utterance_agree_with_each_other(tones: Path, config: Config) -> None:
    log_mel = LogMel(config.audio)
    for utterance in read_corpus(tones):
        features = process_utterance(utterance, config, log_mel)
        n_frames = features.mel.shape[1]
        assert features.phones[0] == features.phones[-1] == "sil"
        assert len(features.phones) == len(features.durations) == len(features.phone_energy)
        assert features.durations.sum() == n_frames == len(features.energy) == len(features.voiced)
        assert len(features.audio) == n_frames * config.audio.hop_length
        audio = torch.from_numpy(features.audio / np.float32(32768))
        assert torch.equal(log_mel(audio[None])[0], torch.from_numpy(features.mel))
        assert features.log_f0 is not None
        assert np.median(np.exp(features.log_f0[features.voiced])) == pytest.approx(150, rel=0.05)
        vowels = [phone[0] in "AEIOU" for phone in features.phones]
        assert features.phone_energy[vowels].min() > features.phone_energy[[0, -1]].max()
        edge = config.preprocess.edge_silence_s * config.audio.sample_rate / config.audio.hop_length
        assert features.durations[[0, -1]].max() <= edge + 1


def test_a_question_is_other_phones_than_a_statement(tmp_path: Path, config: Config) -> None:
    for id, text in (("statement", "one, two."), ("question", "one, two?")):
        write_utterance(tmp_path, id, text)
    question, statement = (process_utterance(u, config, LogMel(config.audio)) for u in read_corpus(tmp_path))
    assert " ".join(question.phones) == "sil W AH N , T UW ?" and " ".join(statement.phones) == "sil W AH N , T UW ."
    assert question.durations[4] == 0 < question.durations[-1]
    assert question.durations.sum() == question.mel.shape[1] and np.isfinite(question.phone_energy).all()


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_stereo_at_another_rate(tmp_path: Path, config: Config, rate: int) -> None:
    corpus = make_corpus(tmp_path / "tones", 1, rate=rate)
    path = corpus / "wavs" / "u00.wav"
    audio, _ = soundfile.read(path)
    soundfile.write(path, np.stack([audio, audio], axis=1), rate)
    features = process_utterance(read_corpus(corpus)[0], config, LogMel(config.audio))
    assert features.log_f0 is not None
    assert np.median(np.exp(features.log_f0[features.voiced])) == pytest.approx(150, rel=0.1)


def test_a_run_and_the_same_run_again(tones: Path, tmp_path: Path, config: Config) -> None:
    report = run(tones, tmp_path / "features", config, workers=1)
    manifest = report.manifest
    assert manifest.n_train + manifest.n_validation == 6 and manifest.n_validation >= 1
    assert manifest.speakers == ("tones",)
    assert manifest.phones == ("<pad>", "sil", "AH", "AY", "IY", "L", "N", "R", "S", "T", "TH", "UW", "W")
    store = FeatureStore(tmp_path / "features")
    assert sorted(row.id for row in store.rows) == [f"u{i:02d}" for i in range(6)]
    assert all(store.read_mel(row).shape == (80, store.read(row, "durations").sum()) for row in store.rows)
    shards = sorted((tmp_path / "features" / "shards").iterdir())
    before, times = contents(tmp_path / "features"), [path.stat().st_mtime_ns for path in shards]
    assert run(tones, tmp_path / "features", config, workers=1) == report
    assert contents(tmp_path / "features") == before and [path.stat().st_mtime_ns for path in shards] == times


@pytest.mark.slow
def test_damage_is_found_by_who_reads_and_repaired_by_who_writes(tones: Path, tmp_path: Path, config: Config) -> None:
    features = tmp_path / "features"
    run(tones, features, config, workers=1)
    whole = {path: path.read_bytes() for path in sorted((features / "shards").iterdir())}
    for share in (0.1, 0.5, 0.9):
        for path, content in whole.items():
            damaged = bytearray(content)
            damaged[int(share * len(content))] ^= 1
            path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"is damaged .*; preprocess again: it makes such shards anew"):
            FeatureStore(features)
        run(tones, features, config, workers=1)
        assert {path: path.read_bytes() for path in whole} == whole
        assert len(FeatureStore(features).rows) > 1


@pytest.mark.slow
def test_broken_and_outdated_shards_are_made_again(tones: Path, tmp_path: Path, config: Config) -> None:
    features = tmp_path / "features"
    run(tones, features, config, workers=1)
    expected = contents(features)
    broken = sorted((features / "shards").iterdir())[0]
    broken.write_bytes(broken.read_bytes()[:1000])
    (features / "shards" / ".00000.arrow.1.partial").write_bytes(b"left by a killed run")
    run(tones, features, config, workers=1)
    assert contents(features) == expected
    lines = (tones / "metadata.csv").read_text().splitlines()
    (tones / "metadata.csv").write_text("\n".join(lines[:-1]))
    assert run(tones, features, config, workers=1).manifest.n_train == 4


@pytest.mark.slow
def test_times_of_files_do_not_matter(tones: Path, tmp_path: Path, config: Config) -> None:
    """A clock that steps back, or a copy that keeps the time, must not pass another recording off as the same."""
    features, wavs = tmp_path / "features", sorted((tones / "wavs").iterdir())
    run(tones, features, config, workers=1)
    before, stat = contents(features), wavs[0].stat()
    recording = wavs[0].read_bytes()
    wavs[0].write_bytes(recording[:-1000] + bytes(1000))
    os.utime(wavs[0], ns=(stat.st_atime_ns, stat.st_mtime_ns))
    run(tones, features, config, workers=1)
    assert contents(features) != before
    wavs[0].write_bytes(recording)
    os.utime(wavs[1], (0, 0))
    run(tones, features, config, workers=1)
    assert contents(features) == before


@pytest.mark.slow
def test_another_config_is_refused(tones: Path, tmp_path: Path, config: Config) -> None:
    run(tones, tmp_path / "features", config, workers=1)
    other = config.model_copy(update={"audio": config.audio.model_copy(update={"fmax": 7000.0})})
    with pytest.raises(InputError, match=r"config\.audio\.fmax: 8000\.0 -> 7000\.0"):
        run(tones, tmp_path / "features", other, workers=1)
    training = {"training": {"acoustic": {"steps": 7}}}
    run(tones, tmp_path / "features", Config.model_validate(config.model_dump() | training), workers=1)


def test_a_second_run_at_the_same_time_is_refused(tones: Path, tmp_path: Path, config: Config) -> None:
    with exclusive(tmp_path / "features"), pytest.raises(InputError, match="is being written by another run"):
        run(tones, tmp_path / "features", config, workers=1)


@pytest.mark.slow
def test_order_of_the_corpus_changes_no_bit(tones: Path, tmp_path: Path, config: Config) -> None:
    run(tones, tmp_path / "features", config, workers=1)
    lines = (tones / "metadata.csv").read_text().splitlines()
    (tones / "metadata.csv").write_text("\n".join([*lines[3:], *reversed(lines[:3])]))
    run(tones, tmp_path / "again", config, workers=1)
    assert contents(tmp_path / "again") == contents(tmp_path / "features")


def spoil(corpus: Path, id: str, kind: str) -> None:
    wav, grid = corpus / "wavs" / f"{id}.wav", corpus / "TextGrid" / f"{id}.TextGrid"
    if kind == "truncated":
        wav.write_bytes(wav.read_bytes()[:20_000])
    elif kind == "short":
        soundfile.write(wav, np.random.default_rng(0).normal(0.0, 0.1, 20_000), 22_050)
    elif kind == "nan":
        soundfile.write(wav, np.full(40_000, np.nan), 22_050, subtype="FLOAT")
    elif kind == "no wav":
        wav.unlink()
    elif kind == "no TextGrid":
        grid.unlink()
    elif kind == "other words":
        grid.write_text(grid.read_text().replace('"two"', '"too"'))
    elif kind == "no text":
        lines = (corpus / "metadata.csv").read_text().splitlines()
        (corpus / "metadata.csv").write_text("\n".join(id if line.startswith(id) else line for line in lines))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("truncated", r"u01\.wav: .*truncated"),
        ("short", r"u01\.TextGrid: phone '.*' ends at .* after the audio"),
        ("nan", r"u01\.wav: .*NaN"),
        ("no wav", r"u01\.wav is missing"),
        ("no TextGrid", r"u01\.TextGrid is missing"),
        ("other words", r"u01\.TextGrid: word 1 is 'too', but the transcript goes on with 'two'"),
        ("no text", "has no transcript"),
    ],
)
def test_bad_input_stops_the_run_or_is_skipped_and_listed(
    tones: Path, tmp_path: Path, config: Config, kind: str, message: str
) -> None:
    spoil(tones, "u01", kind)
    features = tmp_path / "features"
    with pytest.raises(InputError, match=rf"metadata\.csv:2: u01: .*{message}.*--skip-bad") as caught:
        run(tones, features, config, workers=1)
    assert "\n" not in str(caught.value) and not (features / MANIFEST_FILE).exists()

    report = run(tones, features, config, workers=1, skip_bad=True)
    assert report.manifest.n_train + report.manifest.n_validation == 5
    assert [entry.id for entry in report.skipped] == ["u01"] and "u01" in str(report)
    assert run(tones, features, config, workers=1, skip_bad=True) == report
    assert [entry["id"] for entry in json.loads((features / "skipped.json").read_text())] == ["u01"]
    with pytest.raises(InputError, match="u01"):
        run(tones, features, config, workers=1)


@pytest.mark.slow
def test_a_mended_utterance_is_taken_in(tones: Path, tmp_path: Path, config: Config) -> None:
    wav = tones / "wavs" / "u01.wav"
    good = wav.read_bytes()
    spoil(tones, "u01", "truncated")
    assert len(run(tones, tmp_path / "features", config, workers=1, skip_bad=True).skipped) == 1
    wav.write_bytes(good)
    report = run(tones, tmp_path / "features", config, workers=1)
    assert report.manifest.n_train + report.manifest.n_validation == 6 and not report.skipped


@pytest.mark.slow
def test_two_speakers(tmp_path: Path, config: Config) -> None:
    make_corpus(tmp_path / "corpus" / "ann", 4, f0=220)
    make_corpus(tmp_path / "corpus" / "bob", 4, f0=110)
    manifest = run(tmp_path / "corpus", tmp_path / "features", config, workers=1).manifest
    assert manifest.speakers == ("ann", "bob")
    for name, f0 in (("ann", 220), ("bob", 110)):
        assert np.exp(manifest.statistics[name].pitch["phone"].mean) == pytest.approx(f0, rel=0.1)


@pytest.mark.slow
def test_phones_that_no_text_will_sound_like_are_told(tmp_path: Path, config: Config) -> None:
    for speaker in ("ann", "bob"):
        make_corpus(tmp_path / "corpus" / speaker, 4)
    arpabet = config.model_copy(update={"text": TextConfig(front_end="arpabet")})
    assert not run(tmp_path / "corpus", tmp_path / "features", arpabet, workers=1).unsaid
    for textgrid in (tmp_path / "corpus" / "bob").rglob("*.TextGrid"):
        textgrid.write_text(textgrid.read_text().replace('"IY"', '"iː"'))
    report = run(tmp_path / "corpus", tmp_path / "ipa", arpabet, workers=1)
    assert report.unsaid == {"bob": ["iː"]}
    assert "speaker 'bob' has phones the front end never says, 1 in all (iː)" in str(report)


SCRIPT = """
import sys
from pathlib import Path
from preprocess.lock import exclusive
from preprocess.pipeline import run
from tts.config.root import Config
from tts.config.text import TextConfig
config = Config.model_validate_json(sys.argv[3])
run(Path(sys.argv[1]), Path(sys.argv[2]), config, workers=2, skip_bad=True)
"""


@pytest.mark.slow
def test_killed_run_goes_on_and_workers_change_no_bit(tmp_path: Path, config: Config) -> None:
    corpus, killed, whole = make_corpus(tmp_path / "tones", 16), tmp_path / "killed", tmp_path / "whole"
    spoil(corpus, "u03", "truncated")
    command = [sys.executable, "-c", SCRIPT, str(corpus), str(killed), config.model_dump_json()]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and not list(killed.glob("shards/*.arrow")):
        time.sleep(0.005)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while session_is_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not session_is_alive(process.pid), "workers outlived the killed run"

    assert all(read_shard(path) for path in killed.glob("shards/*.arrow"))
    assert [entry.id for entry in run(corpus, killed, config, workers=2, skip_bad=True).skipped] == ["u03"]
    run(corpus, whole, config, workers=1, skip_bad=True)
    assert contents(killed) == contents(whole)


def session_is_alive(leader: int) -> bool:
    if not hasattr(os, "killpg"):
        return False
    try:
        os.killpg(leader, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.corpus
def test_real_speech(corpus_data: Path, config: Config) -> None:
    utterances = {u.id: u for u in read_corpus(corpus_data / "ljspeech")}
    log_mel = LogMel(config.audio)
    for id in ("LJ001-0002", "LJ001-0042", "LJ001-0055"):  # the second's TextGrid is longer than its audio
        features = process_utterance(utterances[id], config, log_mel)
        assert features.durations.sum() == features.mel.shape[1]
        assert features.log_f0 is not None
        assert 150 < np.exp(features.log_f0[features.voiced].mean()) < 250
