"""Checks a corpus before hours are spent on it. Every check is a pure function from measurements to findings."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import isfinite
from pathlib import Path, PurePath
from statistics import median

from tqdm import tqdm

from preprocess.corpus import Utterance, assign_splits, check_language, find_utterances, repeated_ids
from preprocess.coverage import check_phones
from preprocess.measure import Finding, Measurement, Severity, Sound, measure_all
from preprocess.recording import AUDIO_SUFFIXES
from preprocess.tiers import check_tiers
from preprocess.workers import run_jobs
from tts.config.root import Config
from tts.errors import InputError

JOB = 16  # utterances that a process measures at a time
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
ODD = re.compile(  # markup, what no one reads aloud, and sounds that are described
    r"</?[a-zA-Z][^>]*>|&[a-z]+;|[{}\[\]|\\_~^*<>\ufffd]|\((?:inaudible|unintelligible|laughter|laughs|noise|music)\)",
    re.IGNORECASE,
)

Measurements = Sequence[Measurement]
Check = Callable[[Measurements, Config], Iterator[Finding]]


@dataclass(frozen=True)
class Diagnosis:
    corpus: Path
    config: Config
    measurements: list[Measurement]  # sorted by id
    findings: list[Finding]  # errors first

    @property
    def may_train(self) -> bool:
        """Preprocessing would not stop."""
        return not any(finding.severity == "error" for finding in self.findings)


def examine(corpus: Path, config: Config, textgrids: Path | None = None, workers: int | None = None) -> Diagnosis:
    """Measure every utterance, in several processes, and judge. Whatever is wrong with the corpus becomes a finding.

    Raises ``InputError`` only where there is no such folder or file.
    """
    if not corpus.exists():
        raise InputError(corpus, "does not exist")
    try:
        utterances = find_utterances(corpus, textgrids)
    except InputError as error:
        return Diagnosis(corpus, config, [], [Finding.of(error, "corpus")])
    jobs = [utterances[start : start + JOB] for start in range(0, len(utterances), JOB)]
    with tqdm(total=len(utterances), desc="doctor", unit=" utterances") as bar:
        work = partial(measure_all, config=config)
        measured = run_jobs(work, jobs, workers or os.cpu_count() or 1, False, bar)
    measurements = sorted(measured, key=lambda m: (m.utterance.id, m.utterance.line))
    return Diagnosis(corpus, config, measurements, judge(measurements, config))


def judge(measurements: Measurements, config: Config) -> list[Finding]:
    """All findings, errors first."""
    found = [problem for m in measurements for problem in m.problems]
    found += chain.from_iterable(check(measurements, config) for check in CHECKS)
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.check, -f.extent, f.utterance, f.where))


def check_ids(measurements: Measurements, config: Config) -> Iterator[Finding]:
    utterances = [m.utterance for m in measurements]
    for position, error in repeated_ids(utterances).items():
        yield Finding.of(error, "id", utterances[position].id)


def check_languages(measurements: Measurements, config: Config) -> Iterator[Finding]:
    for m in measurements:
        try:
            check_language(m.utterance, config.text.language)
        except InputError as error:
            yield Finding("error", "language", m.utterance.line, error.what, error.fix, m.utterance.id)


def check_sound(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """What one recording shows by itself."""
    for m, sound in _heard(measurements):
        for what, fix, extent in _faults(sound, config):
            yield Finding("warning", "sound", str(m.utterance.audio), what, fix, m.utterance.id, extent)


def _faults(sound: Sound, config: Config) -> Iterator[tuple[str, str, float]]:
    """What is wrong, what to do about it, and its size as a multiple of the limit."""
    limits = config.doctor
    if sound.n_clipped >= limits.clipped_samples:
        what = f"is clipped: {sound.n_clipped} samples on flat tops at {sound.peak:.2f}"
        yield what, "record it with less gain", sound.n_clipped / limits.clipped_samples
    if abs(sound.dc_offset) > limits.dc_offset:
        what = f"has a DC offset of {sound.dc_offset:+.3f} of full scale"
        yield what, "high-pass it at 20 Hz", abs(sound.dc_offset) / limits.dc_offset
    for name, silence_s in (("starts", sound.leading_s), ("ends", sound.trailing_s)):
        if silence_s > limits.edge_silence_s:
            what = f"{name} with {silence_s:.1f} s of silence"
            yield what, "fine if the TextGrid marks it; else cut it", silence_s / limits.edge_silence_s
    if sound.pause_s > limits.pause_s:
        what = f"has a pause of {sound.pause_s:.1f} s"
        yield what, "listen: is something missing? else split it there", sound.pause_s / limits.pause_s
    if sound.duration_s > limits.longest_s:
        what = f"lasts {sound.duration_s:.1f} s, more than {limits.longest_s:g} s"
        yield what, "split it", sound.duration_s / limits.longest_s
    if sound.duration_s < limits.shortest_s:
        what = f"lasts {sound.duration_s:.2f} s, less than {limits.shortest_s:g} s"
        yield what, "join it to a neighbour, or leave it out", limits.shortest_s / sound.duration_s
    if sound.sample_rate < config.audio.sample_rate:
        what = f"has {sound.sample_rate} Hz, below the voice's {config.audio.sample_rate} Hz"
        fix = "record it again, or choose audio.sample_rate no higher than the recordings'"
        yield what, fix, config.audio.sample_rate / sound.sample_rate


def check_levels(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Against the median of the same speaker."""
    for speaker, heard in _by_speaker(measurements).items():
        audible = [(m.utterance, sound.level_db) for m, sound in heard if isfinite(sound.level_db)]
        usual = median(level for _, level in audible) if audible else 0.0
        for utterance, level in audible:
            if abs(level - usual) > config.doctor.level_db:
                side = "louder" if level > usual else "quieter"
                what = f"is {abs(level - usual):.1f} dB {side} than speaker {speaker!r} usually is"
                extent = abs(level - usual)
                yield Finding("warning", "level", str(utterance.audio), what, "level it", utterance.id, extent)


def check_rates(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Too much text for the recording, or too little, against the median of the same speaker."""
    for speaker, heard in _by_speaker(measurements).items():
        rates = [
            (m.utterance, m.n_letters / sound.speech_s) for m, sound in heard if m.n_letters and sound.speech_s > 0
        ]
        usual = median(rate for _, rate in rates) if rates else 0.0
        for utterance, rate in rates:
            extent = max(rate / usual, usual / rate)
            if extent > config.doctor.rate_ratio:
                what = f"{rate:.1f} letters per second, where speaker {speaker!r} usually says {usual:.1f}"
                hint = "listen: is the transcript of this recording, all of it, and no more?"
                yield Finding("warning", "rate", utterance.line, what, hint, utterance.id, extent)


def check_formats(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Several sample rates, or channels."""
    rates = Counter(sound.sample_rate for _, sound in _heard(measurements))
    if set(rates) - {config.audio.sample_rate}:
        mix = ", ".join(f"{count} of {rate} Hz" for rate, count in sorted(rates.items()))
        severity: Severity = "warning" if len(rates) > 1 else "note"
        what = f"recordings will be resampled to {config.audio.sample_rate} Hz: {mix}"
        yield Finding(
            severity, "sample rate", _folder_of(measurements), what, "a mix may sound uneven" * (len(rates) > 1)
        )
    stereo = [m.utterance for m, sound in _heard(measurements) if sound.n_channels > 1]
    if stereo:
        what = f"{len(stereo)} recording(s) have several channels, which will be averaged"
        yield Finding("note", "channels", str(stereo[0].audio), what, "", stereo[0].id)


def check_duplicates(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """The same recording twice, or the same words of one speaker."""
    recordings: dict[str, Utterance] = {}
    texts: dict[tuple[str, str], Utterance] = {}
    for m in measurements:
        utterance = m.utterance
        if m.sound and (other := recordings.setdefault(m.sound.digest, utterance)).audio != utterance.audio:
            also = "" if other.text == utterance.text else ", with another transcript"
            what = f"is the same recording as {other.audio}{also}"
            yield Finding("warning", "duplicate", str(utterance.audio), what, "keep one", utterance.id)
        words = " ".join(re.findall(r"\w+", utterance.text.casefold()))
        if words and (other := texts.setdefault((utterance.speaker, words), utterance)) is not utterance:
            what = f"has the same text as {other.line}"
            hint = "harmless when said twice; validation may then hear what training saw"
            yield Finding("note", "duplicate", utterance.line, what, hint, utterance.id)


def check_transcripts(measurements: Measurements, config: Config) -> Iterator[Finding]:
    for m in measurements:
        utterance, text = m.utterance, m.utterance.text
        if not text:
            yield Finding("error", "transcript", utterance.line, "has no transcript", "write it", utterance.id)
            continue
        what = ""
        if odd := ODD.search(text):
            what = f"transcript holds {odd[0]!r}, which is not said that way"
        elif unicodedata.normalize("NFC", text) != text:
            what = "transcript has letters and accents as separate characters (not NFC)"
        elif len(text.split()) > 1 and text.isupper():
            what = "transcript is all capitals"
        if what:
            yield Finding("warning", "transcript", utterance.line, what, "write it as it is spoken", utterance.id)


def check_textgrids(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Missing ones, as one finding where a speaker has none, and ones that end well before their audio."""
    hint = "align the corpus, or name the TextGrids' folder with --textgrids"
    speakers: defaultdict[str, list[Utterance]] = defaultdict(list)
    for m in measurements:
        speakers[m.utterance.speaker].append(m.utterance)
    for speaker, utterances in sorted(speakers.items()):
        missing = [u for u in utterances if not u.textgrid.is_file()]
        if len(missing) == len(utterances):
            what = (
                f"holds none of the {len(missing)} TextGrids of speaker {speaker!r}, such as {missing[0].textgrid.name}"
            )
            yield Finding("error", "textgrid", str(missing[0].textgrid.parent), what, hint)
            continue
        for u in missing:
            yield Finding("error", "textgrid", str(u.textgrid), f"TextGrid of {u.line} is missing", hint, u.id)
    for m, sound in _heard(measurements):
        if m.alignment and sound.duration_s - m.alignment.end_s > config.doctor.early_end_s:
            what = f"ends at {m.alignment.end_s:.2f} s, but the audio at {sound.duration_s:.2f} s"
            yield Finding(
                "warning", "textgrid", str(m.utterance.textgrid), what, "is it of this recording?", m.utterance.id
            )


def check_strays(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Files beside those of the corpus that no transcript names."""
    for kind, suffixes, paths in (
        ("recording", AUDIO_SUFFIXES, {m.utterance.audio for m in measurements}),
        ("TextGrid", (".TextGrid",), {m.utterance.textgrid for m in measurements}),
    ):
        for folder in sorted({path.parent for path in paths}):
            present = {path for path in folder.glob("*") if path.name.endswith(suffixes)} if folder.is_dir() else set()
            if extra := sorted(present - paths):
                what = f"{len(extra)} {kind}(s) without a transcript, such as {extra[0].name}"
                yield Finding("warning", "stray files", str(folder), what, "add the transcripts, or leave it")


def check_speakers(measurements: Measurements, config: Config) -> Iterator[Finding]:
    """Speech of each speaker, in all and in either split."""
    utterances = assign_splits([m.utterance for m in measurements], config.preprocess.validation_share)
    trained = {utterance.speaker for utterance in utterances if utterance.split == "train"}
    where = _folder_of(measurements)
    if all(utterance.split == "train" for utterance in utterances):
        hint = "add recordings, or raise preprocess.validation_share"
        yield Finding("error", "speakers", where, "has no utterance for validation", hint)
    for speaker, heard in _by_speaker(measurements).items():
        minutes = sum(sound.duration_s for _, sound in heard) / 60
        if speaker not in trained:
            hint = "add recordings, or lower preprocess.validation_share"
            yield Finding("error", "speakers", f"speaker {speaker!r}", "has no training utterances", hint)
        elif minutes < config.doctor.speaker_minutes:
            what = f"has {minutes:.1f} minutes of recordings, less than {config.doctor.speaker_minutes:g}"
            yield Finding("warning", "speakers", f"speaker {speaker!r}", what, "record more, or expect a poor voice")


CHECKS: tuple[Check, ...] = (
    check_ids,
    check_languages,
    check_sound,
    check_levels,
    check_rates,
    check_formats,
    check_duplicates,
    check_transcripts,
    check_textgrids,
    check_tiers,
    check_strays,
    check_speakers,
    check_phones,
)


def _heard(measurements: Measurements) -> Iterator[tuple[Measurement, Sound]]:
    return ((m, m.sound) for m in measurements if m.sound)


def _by_speaker(measurements: Measurements) -> dict[str, list[tuple[Measurement, Sound]]]:
    speakers: defaultdict[str, list[tuple[Measurement, Sound]]] = defaultdict(list)
    for m, sound in _heard(measurements):
        speakers[m.utterance.speaker].append((m, sound))
    return dict(sorted(speakers.items()))


def _folder_of(measurements: Measurements) -> str:
    return str(common_folder([m.utterance.audio.parent for m in measurements]))


def common_folder(folders: Sequence[PurePath]) -> PurePath:
    """The deepest that holds all ``folders``; the first of them where there is none, as on two drives of Windows."""
    first = folders[0]
    shared = (parent for parent in (first, *first.parents) if all(folder.is_relative_to(parent) for folder in folders))
    return next(shared, first)
