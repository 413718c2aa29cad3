"""A recording of any length as the aligner hears it, with bounded memory."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
import torch

from tts.audio.mel import LogMel
from tts.audio.wav import check_rate, check_recording_rate, check_samples, unreadable
from tts.config.audio import AudioConfig
from tts.errors import InputError
from tts.files.digest import file_sha256, sha256
from tts.files.record import Record
from tts.files.whole import whole_file

MEL_FILE = "mel.npy"
BLOCK = 1 << 20  # samples of all channels that are read at once
QUIET_DB = 30.0  # below the loud frames of a recording: no speech


@dataclass(frozen=True)
class LongRecording:
    """Its mel lies on disk and is mapped; half precision is enough to listen to."""

    mel: npt.NDArray[np.float16]  # (T, M)
    frame_s: float
    quiet: float  # mean log mel below which nothing is said
    source: str  # digest of what it was made from

    @classmethod
    def open(cls, path: Path, audio: AudioConfig, work: Path) -> "LongRecording":
        """Raises ``InputError`` for what libsndfile cannot read, and for a recording without sound."""
        made, file = Record(work), work / MEL_FILE
        source = sha256(file_sha256(path).encode(), repr(audio).encode())
        if not made.is_current(MEL_FILE, source):
            _write_mel(path, audio, file)
            made.add(MEL_FILE, source, file_sha256(file))
        mel = np.load(file, mmap_mode="r")
        levels = mel[:: max(len(mel) // 100_000, 1)].astype(np.float32).mean(1)
        quiet = float(np.percentile(levels, 95)) - QUIET_DB / 20 * np.log(10)
        return cls(mel, audio.hop_length / audio.sample_rate, quiet, source)

    @property
    def duration_s(self) -> float:
        return len(self.mel) * self.frame_s

    def levels(self, first: int, after: int) -> npt.NDArray[np.float32]:
        """Mean log mel of each frame."""
        found: npt.NDArray[np.float32] = self.mel[first:after].astype(np.float32).mean(1)
        return found

    def quietest(self, start_s: float, end_s: float) -> tuple[float, bool]:
        """Where a stretch is quietest, and whether that is quiet at all. Beyond either end of the recording it is."""
        first, after = max(round(start_s / self.frame_s), 0), min(round(end_s / self.frame_s), len(self.mel))
        if after <= first:
            return min(max(start_s, 0.0), self.duration_s), start_s < 0 or end_s > self.duration_s
        levels = self.levels(max(first - 1, 0), after + 1)
        around = np.convolve(np.pad(levels, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")[: after - first + 1]
        place = int(around.argmin())
        return (max(first - 1, 0) + place + 0.5) * self.frame_s, bool(around[place] < self.quiet)

    def spoken_within(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Where speech begins and ends within a stretch; where there is none, both are its beginning."""
        first = round(start_s / self.frame_s)
        loud = np.flatnonzero(self.levels(first, round(end_s / self.frame_s)) > self.quiet)
        if not len(loud):
            return start_s, start_s
        return (first + int(loud[0])) * self.frame_s, (first + int(loud[-1]) + 1) * self.frame_s


def _write_mel(path: Path, audio: AudioConfig, target: Path) -> None:
    """Block by block; blocks overlap by what a window of the mel sees beyond them."""
    log_mel, frames = LogMel(audio), list[npt.NDArray[np.float16]]()
    hop, margin = audio.hop_length, 4 * audio.n_fft // audio.hop_length * audio.hop_length
    heard, done = np.zeros(0, np.float32), 0  # not yet in a frame; samples of it that are only context
    try:
        with soundfile.SoundFile(path) as file:
            check_recording_rate(path, file.samplerate)
            check_rate("flac", file.samplerate, path)  # as clips will be
            stream = soxr.ResampleStream(file.samplerate, audio.sample_rate, 1, dtype="float32")
            n_samples = max(BLOCK // file.channels, 1)
            while True:
                block = file.read(n_samples, dtype="float32", always_2d=True).mean(axis=1, dtype=np.float32)
                check_samples(path, block)
                last = len(block) < n_samples
                heard = np.concatenate([heard, stream.resample_chunk(block, last=last)])
                whole = len(heard) // hop - (0 if last else margin // hop)
                if whole > done and len(heard) >= audio.n_fft:
                    mel = log_mel(torch.from_numpy(heard[: len(heard) // hop * hop])[None])[0].numpy()  # (M, T)
                    frames.append(mel[:, done:whole].T.astype(np.float16))
                    kept = max(whole - margin // hop, 0)
                    heard, done = heard[kept * hop :], whole - kept
                if last:
                    break
    except (OSError, ValueError, soundfile.SoundFileError) as error:
        raise unreadable(path, error) from None
    if not frames or max(float(part.max()) for part in frames) - min(float(part.min()) for part in frames) < 1.0:
        raise InputError(path, "holds no speech")
    with whole_file(target) as partial, partial.open("wb") as out:
        np.save(out, np.concatenate(frames))
