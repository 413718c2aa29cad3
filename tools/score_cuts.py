"""How well 'tts cut' did on a recording of 'tools.make_long_recording': python -m tools.score_cuts FOLDER CUT_CORPUS.

Counted: edges of clips that lie in silence (a frame 25 dB or more below the loud ones, or between two true clips),
defects that were found (by at least half of their length, or of their words), and clips that hold something else than
their text: audio that is not written, or words that are not said.
"""

import csv
import re
from pathlib import Path

import click
import numpy as np
import soundfile

FRAME_S, QUIET_DB = 0.01, 25.0


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def find(path: Path, corpus: Path) -> list[tuple[float, float, str]]:
    """Start, end and text of each clip, found again in the recording by its samples."""
    whole, rate = soundfile.read(path, dtype="int16")
    found, at = [], 0
    for line in (corpus / "metadata.csv").read_text(encoding="utf-8").splitlines():
        id, text = line.split("|", 1)
        clip, _ = soundfile.read(corpus / "wavs" / f"{id}.flac", dtype="int16")
        middle = min(int(np.abs(clip.astype(np.int32)).argmax()), len(clip) - 65)  # where no two clips are alike
        key = clip[middle:][:64].tobytes()
        place = whole[at:].tobytes().find(key)
        while place % 2:
            place = whole[at:].tobytes().find(key, place + 1)
        start = at + place // 2 - middle
        found.append((start / rate, (start + len(clip)) / rate, text))
        at = start + middle
    return found


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("corpus", type=click.Path(path_type=Path))
def main(folder: Path, corpus: Path) -> None:
    truth, left = read(folder / "truth.csv"), read(corpus / "left_out.csv")
    whole, rate = soundfile.read(folder / "recording.flac", dtype="float32")
    size = round(FRAME_S * rate)
    levels = 10 * np.log10(np.square(whole[: len(whole) // size * size].reshape(-1, size)).mean(1) + 1e-10)
    loud = np.percentile(levels, 90)
    clips = find(folder / "recording.flac", corpus)
    said = [(float(r["start_s"]), float(r["end_s"]), r) for r in truth if r["said"] == "1"]
    edges = [edge for start, end, _ in clips for edge in (start, end)]
    silent = [
        levels[min(int(edge * rate / size), len(levels) - 1)] < loud - QUIET_DB
        or not any(start < edge < end for start, end, _ in said)
        for edge in edges
    ]
    click.echo(
        f"{len(clips)} clips, {sum(b - a for a, b, _ in clips) / 60:.1f} of {len(whole) / rate / 60:.1f} minutes"
    )
    click.echo(f"cuts in silence: {np.mean(silent):.4f} of {len(silent)}")
    kinds = {kind: [d for d in left if d["kind"] == kind] for kind in ("not written", "not said", "not sure")}
    for kind in kinds:
        click.echo(f"  {kind}: {len(kinds[kind])} listed")
    unwritten = [(a, b) for a, b, r in said if r["written"] == "0"]
    covered = [
        sum(max(0.0, min(b, float(d["end_s"])) - max(a, float(d["start_s"]))) for d in left if d["kind"] != "not said")
        > 0.5 * (b - a)
        for a, b in unwritten
    ]
    missing = " ".join(" ".join(words(d["text"])) for d in left if d["kind"] != "not written")
    unsaid = [r for r in truth if r["said"] == "0" and r["written"] == "1"]
    listed = [" ".join(words(r["text"])[2:-2]) in missing for r in unsaid]
    click.echo(f"not written: {sum(covered)} of {len(covered)} found; not said: {sum(listed)} of {len(listed)} found")
    wrong = []
    for start, end, text in clips:
        inside = [r for a, b, r in said if min(b, end) - max(a, start) > 0.5]
        spoken = " ".join(" ".join(words(r["text"])) for r in inside if r["written"] == "1")
        foreign = [r["id"] for r in inside if r["written"] == "0"]
        if foreign or " ".join(words(text)) not in spoken:
            wrong.append((round(start, 2), round(end, 2), text, foreign))
    click.echo(f"clips with something wrong: {len(wrong)}")
    for entry in wrong[:10]:
        click.echo(f"  {entry}")


if __name__ == "__main__":
    main()
