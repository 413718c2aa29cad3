"""The F0 that a teacher spoke at, in place of the one that a tracker found, in features of its speech.

    python -m tools.teacher_f0 FEATURES CORPUS CURVES

CURVES holds ``SPEAKER.npz`` with an array ``ID/f0`` for every utterance: the teacher's own F0 (Hz) of every ``STEP``
samples of the recording, whose running sum is the phase of its source at the middle of each. FEATURES is changed in
place: ``log_f0``, ``voiced`` and ``phone_log_f0``, and the statistics of pitch. Speakers without curves, such as
people, keep the F0 that was found.

``log_f0`` keeps time with the teacher: added up, it has the phase of the teacher's source wherever that has a voice. So
pulses of a source filter that learns from these features lie where the recording's lie. Between two stretches of voice
F0 is a little higher or lower than a straight line, by what brings the phases together.
"""

from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from tqdm import tqdm

from preprocess.corpus import read_corpus
from preprocess.pitch import interpolate_log_f0, phone_means
from preprocess.recording import read_recording
from preprocess.shards import read_shard, write_table
from preprocess.statistics import speaker_statistics
from tts.audio.wav import to_pcm16
from tts.config.features import MANIFEST_FILE, SHARDS_FOLDER, FeaturesManifest
from tts.data.datasets import cycles
from tts.data.store import FeatureStore
from tts.errors import InputError

STEP = 300  # samples at 24 kHz, of Kokoro's F0
SHARE = 0.6  # of what F0 is nearby, below which the teacher has no voice: it sinks to nothing within a few frames
NEARBY = 4  # steps on each side
LOWEST = 50.0  # Hz

Curve = npt.NDArray[np.float64]


def begins_at(audio: npt.NDArray[np.int16], recording: npt.NDArray[np.int16]) -> int:
    """The sample of ``recording`` that ``audio`` begins with. Raises ``ValueError`` where it is not a part of it."""
    starts = np.arange(len(recording) - len(audio) + 1)
    for at in range(len(audio)):
        starts = starts[recording[starts + at] == audio[at]]
        if len(starts) <= 1:
            break
    if not len(starts) or not np.array_equal(recording[starts[0] : starts[0] + len(audio)], audio):
        raise ValueError("is not a part of its recording")
    return int(starts[0])


def voice_of(f0: Curve) -> npt.NDArray[np.bool_]:
    """(N,) Hz: where the teacher has a voice."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(f0, NEARBY), 2 * NEARBY + 1).max(1)
    voiced: npt.NDArray[np.bool_] = (f0 > SHARE * around) & (f0 > LOWEST)
    return voiced


def in_time(f0: Curve, phases: Curve, voiced: npt.NDArray[np.bool_], frames_per_s: float) -> Curve:
    """``f0`` (T,) in Hz, changed where not ``voiced`` (T,): where it is, it then adds up to ``phases`` (T,), cycles."""
    f0 = f0.copy()
    edges = np.flatnonzero(np.diff(np.concatenate(([0], voiced, [0]))))
    last, reached = 0, 0.0  # the frame before a gap, and the cycles up to it
    for start, end in zip(edges[::2], edges[1::2], strict=True):  # of each stretch with a voice
        gap, within = slice(last + 1 if last else 0, start), cycles(f0[start:end], frames_per_s)
        ahead = np.median(reached + cycles(f0[last : start + 1], frames_per_s)[-1] + within - phases[start:end])
        in_gap = (f0[gap].sum() - (0.0 if last else f0[0] / 2)) / frames_per_s
        if in_gap > 0:
            f0[gap] *= 1 - (ahead - round(ahead)) / in_gap
        reached += cycles(f0[last : start + 1], frames_per_s)[-1] + within[-1]
        last = end - 1
    return f0


def follow(curve: Curve, begin: int, n_frames: int, manifest: FeaturesManifest) -> tuple[Curve, npt.NDArray[np.bool_]]:
    """F0 (T,) in Hz and voice (T,) of frames that begin at sample ``begin`` of the recording."""
    audio = manifest.config["audio"]
    step_s = STEP / 24_000
    hop, rate = audio["hop_length"], audio["sample_rate"]
    at = (begin + (np.arange(n_frames) + 0.5) * hop) / rate / step_s - 0.5  # in steps of the curve
    steps, has_voice = np.arange(len(curve)), voice_of(curve)
    phases = np.interp(at, steps, np.cumsum(curve) * step_s)
    # What is added in a step is the F0 between its middle and the one before.
    log_f0 = np.interp(at, steps[has_voice] - 0.5, np.log(curve[has_voice]))
    voiced = np.interp(at, steps, has_voice.astype(float)) > 0.99
    return in_time(np.exp(log_f0), phases, voiced, rate / hop), voiced


@click.command()
@click.argument("features", type=click.Path(exists=True, path_type=Path))
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.argument("curves", type=click.Path(exists=True, path_type=Path))
def main(features: Path, corpus: Path, curves: Path) -> None:
    """Write the teacher's F0 into FEATURES."""
    manifest = FeatureStore(features).manifest
    recordings = {u.id: u.audio for u in read_corpus(corpus)}
    taught = [name for name in manifest.speakers if (curves / f"{name}.npz").is_file()]
    if not taught:
        raise InputError(curves, f"has no curves of {', '.join(manifest.speakers)}", "call them SPEAKER.npz")
    if untaught := [name for name in manifest.speakers if name not in taught]:
        click.echo(f"no curves of {', '.join(untaught)}: the F0 that was found is kept")
    known = {name: np.load(curves / f"{name}.npz") for name in taught}
    tables = []
    for path in tqdm(sorted((features / SHARDS_FOLDER).glob("*.arrow")), unit="shard"):
        shard = read_shard(path)
        if shard is None:
            raise InputError(path, "is damaged", "preprocess again")
        columns: dict[str, list[npt.NDArray[np.generic]]] = {"log_f0": [], "voiced": [], "phone_log_f0": []}
        table = shard.table
        for row in range(table.num_rows):
            id, speaker = str(table["id"][row]), str(table["speaker"][row])
            if speaker not in known:
                for name, values in columns.items():
                    values.append(np.asarray(table[name][row].values))
                continue
            audio, durations = (np.asarray(table[name][row].values) for name in ("audio", "durations"))
            begin = begins_at(audio, to_pcm16(read_recording(recordings[id])[0]))
            n_frames = len(audio) // manifest.config["audio"]["hop_length"]
            curve = known[speaker][f"{id.removeprefix(f'{speaker}_')}/f0"].astype(np.float64)
            f0, voiced = follow(curve, begin, n_frames, manifest)
            heard = interpolate_log_f0(np.where(voiced, f0, np.nan).astype(np.float32))
            if heard is None:
                raise InputError(id, "has no voice in the teacher's F0", "leave it out of the corpus")
            columns["log_f0"].append(np.log(f0).astype(np.float32))
            columns["voiced"].append(voiced)
            columns["phone_log_f0"].append(phone_means(heard, durations))
        for name, values in columns.items():
            index = table.schema.get_field_index(name)
            table = table.set_column(index, table.schema.field(name), pa.array(values, table.schema.field(name).type))
        write_table(path, table, shard.source, shard.rejected)
        tables.append(table.drop_columns(["mel", "audio"]))
    statistics = speaker_statistics(tables, manifest.config["preprocess"]["outlier_iqr"])
    changed = manifest.model_copy(update={"statistics": statistics})
    (features / MANIFEST_FILE).write_text(changed.model_dump_json(indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
