"""A long recording of known edges from a corpus: python -m tools.make_long_recording CORPUS FOLDER [--minutes 60].

Clips are joined with pauses of room noise. Some are left out of the text, some out of the audio. FOLDER receives
recording.flac, text.txt and truth.csv (id, start_s, end_s, said, written). 'python -m tools.score_cuts FOLDER CORPUS'
judges what 'tts cut' makes of the first two.
"""

import csv
from pathlib import Path

import click
import numpy as np
import soundfile
import soxr

from preprocess.corpus import read_corpus
from tts.audio.wav import read_audio

PAUSES_S = (0.25, 0.8)


@click.command()
@click.argument("corpus", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--minutes", type=float, default=60.0, show_default=True)
@click.option("--missing", type=float, default=0.05, show_default=True, help="Share of clips on each side.")
@click.option("--seed", type=int, default=0)
@click.option("--joint", default=" ", help="Between the texts of two clips.")
def main(corpus: Path, folder: Path, minutes: float, missing: float, seed: int, joint: str) -> None:
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    utterances = [u for u in read_corpus(corpus) if u.audio.is_file()]
    rate, rows, texts, at_s, number = soundfile.info(utterances[0].audio).samplerate, [], [], 0.0, 0
    with soundfile.SoundFile(folder / "recording.flac", "w", rate, 1) as out:
        while at_s < 60 * minutes:
            u = utterances[number % len(utterances)]
            number += 1
            draw = random.random()
            said, written = draw > missing, not missing < draw < 2 * missing
            audio, sample_rate = read_audio(u.audio)
            audio = audio if sample_rate == rate else soxr.resample(audio, sample_rate, rate)
            level = float(np.percentile(np.abs(audio), 5)) + 1e-5
            pause = random.normal(0, level, round(random.uniform(*PAUSES_S) * rate))
            if said:
                out.write(np.concatenate([audio, pause]).astype(np.float32))
            length_s = len(audio) / rate if said else 0.0
            rows.append((u.id, round(at_s, 3), round(at_s + length_s, 3), int(said), int(written), u.text))
            at_s += (len(audio) + len(pause)) / rate if said else 0.0
            texts += [u.text] if written else []
    (folder / "text.txt").write_text(joint.join(texts) + "\n", encoding="utf-8")
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "start_s", "end_s", "said", "written", "text"), *rows])
    click.echo(f"{len(rows)} clips, {at_s / 60:.1f} minutes")


if __name__ == "__main__":
    main()
