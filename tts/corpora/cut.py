"""A long recording and its text into a corpus of clips.

::

    CORPUS/
      metadata.csv        id|text
      wavs/NAME_0001.flac
      left_out.csv        what is not written, what is not said, and what is not sure, with times
      cut.json            where it comes from
      work/               how far it got
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import ceil
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

from tts.audio.wav import write_audio
from tts.config.root import Config
from tts.corpora.clips import Cut, Piece, cut
from tts.corpora.lists import LEFT_OUT_FILE, METADATA_FILE, write_left_out, write_metadata
from tts.corpora.pursuit import Found, Reading, pieces_of, pursue, unwritten
from tts.corpora.recording import LongRecording
from tts.errors import InputError
from tts.files.digest import file_sha256, sha256
from tts.files.documents import object_in, read_text
from tts.files.lock import locked_folder
from tts.files.names import check_name, inside
from tts.files.record import Record
from tts.files.whole import remove_leftovers, write_file
from tts.text.front_end import corpus_front_end

ABOUT_FILE, WORK_FOLDER = "cut.json", "work"
NOT_WRITTEN, NOT_SAID, NOT_SURE = "not written", "not said", "not sure"


@dataclass(frozen=True)
class Defect:
    """What is left out: a line of ``LEFT_OUT_FILE``."""

    kind: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class CutReport:
    """``str`` is for a person."""

    corpus: Path
    clips: list[Cut]
    defects: list[Defect]
    audio_s: float

    def __str__(self) -> str:
        kept_s = sum(clip.end_s - clip.start_s for clip in self.clips)
        counts = {kind: sum(d.kind == kind for d in self.defects) for kind in (NOT_WRITTEN, NOT_SAID, NOT_SURE)}
        listed = ", ".join(f"{count} stretches {kind}" for kind, count in counts.items() if count)
        lines = [f"{self.corpus}: {len(self.clips)} clips, {kept_s / 60:.1f} of {self.audio_s / 60:.1f} minutes"]
        return "\n".join(
            lines + ([f"left out, with times in {self.corpus / LEFT_OUT_FILE}: {listed}"] if listed else [])
        )


def cut_recording(recording: Path, text_file: Path, corpus: Path, config: Config, voice: Path) -> CutReport:
    """Make ``corpus``; the same call again goes on where it was stopped.

    voice: the one that teaches the aligner. Raises ``InputError`` for what cannot be read, and for a corpus of another
    recording or text.
    """
    if not (text := read_text(text_file)).strip():
        raise InputError(text_file, "holds no text")
    if not recording.is_file():
        raise InputError(recording, "is not a file" if recording.exists() else "does not exist", "give a recording")
    check_name(_clip_id(recording, "1"), "name", recording)
    with locked_folder(corpus, "is being cut by another run"):
        return _cut(recording, text, corpus, config, voice)


def _cut(recording: Path, text: str, corpus: Path, config: Config, voice: Path) -> CutReport:
    work = corpus / WORK_FOLDER
    work.mkdir(exist_ok=True)
    for folder in (corpus, work, corpus / "wavs"):
        remove_leftovers(folder)
    _claim(corpus, recording, text, voice)
    sentences = [sentence for sentence in corpus_front_end(config.text)(text) if sentence.words]
    reading = Reading.of(text, sentences, voice, work, config)
    sound = LongRecording.open(recording, config.aligner.audio, work)
    with tqdm(total=ceil(sound.duration_s), desc="follow", unit="s") as bar:
        found = list(pursue(reading, sound, work / "found.jsonl", bar.update))
    clips, left = cut(pieces_of(found, reading, sound))
    defects = sorted([*_defects(found, reading, sound), *_unsure(left, reading)], key=lambda d: d.start_s)
    _write_clips(clips, reading, recording, corpus)
    _write_defects(defects, corpus)
    return CutReport(corpus, clips, defects, sound.duration_s)


def _clip_id(recording: Path, number: str) -> str:
    return f"{recording.stem.replace(' ', '_')}_{number}"


def _claim(corpus: Path, recording: Path, text: str, voice: Path) -> None:
    """Raises ``InputError`` for a corpus that was cut from something else."""
    path = corpus / ABOUT_FILE
    about = {
        "recording": recording.name,
        "recording_sha256": file_sha256(recording),
        "text_sha256": sha256(text.encode()),
        "voice": voice.name,
        "linnet": version("linnet-tts"),
    }
    if path.is_file():
        before = object_in(path)
        if changed := [key for key in about if key != "linnet" and before.get(key) != about[key]]:
            raise InputError(corpus, f"was cut from another {changed[0].partition('_')[0]}", "give another folder")
    elif (corpus / METADATA_FILE).exists():
        raise InputError(corpus, "is a corpus that this command did not make", "give another folder")
    else:
        write_file(path, (json.dumps(about, indent=1) + "\n").encode())


def _defects(found: Sequence[Found], reading: Reading, sound: LongRecording) -> Iterator[Defect]:
    """Speech that is not written, and words that were passed over."""
    for start_s, end_s in unwritten(found, sound):
        yield Defect(NOT_WRITTEN, start_s, end_s, "")
    expected, at_s = 0, 0.0
    said = (item for item in found if item.word >= 0)
    for item in (*said, Found(len(reading.words), sound.duration_s, sound.duration_s)):
        if item.word > expected:
            missing = reading.slice(reading.words[expected], reading.words[item.word - 1])
            yield Defect(NOT_SAID, at_s, item.start_s, missing)
        expected, at_s = item.word + 1, item.end_s


def _unsure(pieces: Sequence[Piece], reading: Reading) -> Iterator[Defect]:
    for piece in pieces:
        yield Defect(NOT_SURE, piece.start_s, piece.end_s, reading.slice(piece.first, piece.last))


def _write_clips(clips: Sequence[Cut], reading: Reading, recording: Path, corpus: Path) -> None:
    """Those that are there, and are of the same stretch, are kept."""
    (corpus / "wavs").mkdir(exist_ok=True)
    width, rows, made, whole = len(str(len(clips))), list[str](), Record(corpus), file_sha256(recording)
    with soundfile.SoundFile(recording) as file:
        for number, clip in enumerate(clips, start=1):
            id = _clip_id(recording, f"{number:0{width}}")
            name = f"wavs/{id}.flac"
            first, after = (round(time_s * file.samplerate) for time_s in (max(clip.start_s, 0.0), clip.end_s))
            source = sha256(repr((whole, first, after)).encode())
            if not made.is_current(name, source):
                file.seek(first)
                audio = file.read(after - first, dtype="float32", always_2d=True).mean(axis=1, dtype=np.float32)
                write_audio(inside(corpus / "wavs", f"{id}.flac"), audio, file.samplerate)
                made.add(name, source, file_sha256(corpus / name))
            rows.append(f"{id}|{reading.slice(clip.first, clip.last)}")
    write_metadata(corpus, rows)


def _write_defects(defects: Sequence[Defect], corpus: Path) -> None:
    rows = ([d.kind, f"{d.start_s:.2f}", f"{d.end_s:.2f}", d.text] for d in defects)
    write_left_out(corpus, ["kind", "start_s", "end_s", "text"], rows)
