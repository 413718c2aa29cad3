"""``tts doctor``, ``align``, ``preprocess``, ``show``: from recordings to features."""

import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click

from tts.commands.options import EXIT_NOT_FIT, FOLDER, config_options, exit_if_stopped
from tts.errors import InputError


@click.command()
@click.argument("corpus", type=FOLDER)
@click.argument("features")
@click.option("--textgrids", type=FOLDER, help="Folder of TextGrids.  [default: CORPUS/TextGrid]")
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@click.option("--skip-bad", is_flag=True, help="Go on without unusable utterances; they are listed at the end.")
@click.option(
    "--engine",
    type=click.Choice(["process", "ray"]),
    default="process",
    show_default=True,
    help="Work on this machine, or on those of a Ray cluster, which all see CORPUS and FEATURES there.",
)
@click.option("--address", help="Of the Ray cluster, such as ray://HOST:10001.  [default: RAY_ADDRESS, this machine's]")
@config_options
def preprocess(
    corpus: Path,
    features: str,
    textgrids: Path | None,
    engine: str,
    address: str | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
    **choices: Any,
) -> None:
    """Extract durations, pitch, energy and mel spectrograms of CORPUS into FEATURES.

    \b
    Examples:
      tts preprocess LJSpeech-1.1 features/lj --config ljspeech
      tts preprocess /shared/corpus s3://voices/features --engine ray --address ray://head:10001

    CORPUS is in the LJSpeech layout: metadata.csv with lines "id|text|normalised text", wavs/ID.wav (or .flac, any
    sample rate), and TextGrid/ID.TextGrid with the tiers "words" and "phones", as the Montreal Forced Aligner writes
    them. A folder of such folders is a corpus of several speakers, one per folder.

    FEATURES may be a URL that fsspec knows, such as s3://bucket/features (with the package s3fs). Training reads it
    from a folder: copy it there.
    """
    from preprocess.folder import open_folder
    from preprocess.pipeline import run
    from tts.config.loader import load_config

    config = load_config(recipes, overrides)
    folder, run_jobs = open_folder(features), _engine(engine, address)
    if engine == "ray":  # the other machines work in other folders
        corpus, folder, textgrids = corpus.absolute(), folder.absolute(), textgrids and textgrids.absolute()
    report = run(corpus, folder, config, textgrids=textgrids, engine=run_jobs, **choices)
    click.echo(report)


def _engine(name: str, address: str | None) -> Any:
    if name == "ray":
        from preprocess import ray_engine

        return partial(ray_engine.run_jobs, address=address)
    if address:
        raise InputError(f"--address {address}", "is that of a Ray cluster", "add --engine ray")
    from preprocess.workers import run_jobs

    return run_jobs


@click.command()
@click.argument("corpus", type=FOLDER)
@click.option("--textgrids", type=FOLDER, help="Folder of TextGrids.  [default: CORPUS/TextGrid]")
@click.option("--json", "json_file", type=FOLDER, help="Also write every finding and measurement, for programs.")
@click.option("--html", "html_file", type=FOLDER, help="Also write a page with charts and recordings to listen to.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@config_options
def doctor(
    corpus: Path,
    textgrids: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    workers: int | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Check CORPUS before hours are spent on it: recordings, transcripts, TextGrids, speakers, phones.

    \b
    Example:
      tts doctor LJSpeech-1.1 --html report.html --config ljspeech

    Everything that is wrong becomes a finding: an error would stop 'tts preprocess', a warning may spoil the voice.
    What counts as wrong is set in the config's section "doctor". Exit code 0: training may start. 1: there are errors.
    2: the command itself cannot be carried out.
    """
    from preprocess.doctor import examine
    from preprocess.doctor_page import html_report
    from preprocess.doctor_report import json_report, text_report
    from tts.config.loader import load_config
    from tts.files.whole import remove_leftovers, write_file

    for path in (json_file, html_file):
        if path and not path.parent.is_dir():
            raise InputError(path, "its folder does not exist", "make the folder first")
    diagnosis = examine(corpus, load_config(recipes, overrides), textgrids, workers)
    click.echo(text_report(diagnosis))
    for path, report in ((json_file, json_report), (html_file, html_report)):
        if path:
            remove_leftovers(path.parent, path.name)
            write_file(path, report(diagnosis).encode())
            click.echo(f"report: {path}")
    if not diagnosis.may_train:
        sys.exit(EXIT_NOT_FIT)


@click.command()
@click.argument("corpus", type=FOLDER)
@click.option("--textgrids", type=FOLDER, help="Folder to write to.  [default: CORPUS/TextGrid]")
@click.option("--work", type=FOLDER, help="Folder of the training run.  [default: 'aligner' beside the TextGrids]")
@click.option(
    "--from",
    "start",
    type=FOLDER,
    help="Begin with the --work of another run, or with a voice, which teaches the aligner: needed for few recordings.",
)
@click.option("--overwrite", is_flag=True, help="Replace TextGrids that this command did not write, or edited ones.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read.  [default: one per core]")
@click.option("--skip-bad", is_flag=True, help="Go on without unusable utterances; they are listed at the end.")
@config_options
def align(
    corpus: Path,
    textgrids: Path | None,
    work: Path | None,
    start: Path | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
    **choices: Any,
) -> None:
    """Find out when each word and phone of CORPUS is said, and write it as TextGrids.

    \b
    Examples:
      tts align kathleen
      tts align LJSpeech-1.1 --textgrids lj/TextGrid --set text.front_end=arpabet
      tts align another --from kathleen/aligner --set training.aligner.steps=200
      tts align five-minutes --from linnet-natural --set training.aligner.steps=50

    A small network trains on the corpus itself, in a few minutes on a CPU: any language that the front end reads, no
    download. 'tts preprocess' reads the TextGrids from where they are. Phones are those of the front end; set
    text.front_end to the one your voice should have. Pauses are found between any two words.

    Each utterance gets a confidence, the mean probability of its frames to sound like the text, and the stretch where
    it is lowest. Those far below the rest of the corpus are listed: the text was probably not said like that. All are
    in alignments.csv of the work folder. A second corpus needs fewer steps with --from.
    """
    from preprocess.alignment import write_alignments
    from preprocess.alignment_inputs import default_textgrids, prepare
    from preprocess.lock import exclusive
    from tts.config.loader import load_config
    from tts.training import aligner_task

    config = load_config(recipes, overrides)
    work = work or (textgrids or default_textgrids(corpus)).parent / "aligner"
    with exclusive(work):
        inputs, skipped = prepare(corpus, work, config, textgrids=textgrids, **choices)
        exit_if_stopped(aligner_task.train_aligner(inputs, work / "run", config, start and _run_of(start)))
        with closing(aligner_task.align(inputs, work / "run", config)) as alignments:
            click.echo(write_alignments(inputs, alignments, skipped, work, config.aligner))


def _run_of(work: Path) -> Path:
    return work / "run" if (work / "run").is_dir() else work


@click.command()
@click.argument("features", type=FOLDER)
@click.argument("utterance")
@click.option("-o", "--output", type=FOLDER, help="Picture.  [default: UTTERANCE.png]")
def show(features: Path, utterance: str, output: Path | None) -> None:
    """Draw one utterance of FEATURES: waveform, mel with its phones, pitch, energy.

    \b
    Example:
      tts show features/lj LJ001-0001 -o LJ001-0001.png
    """
    from tts.data.store import FeatureStore
    from tts.files.whole import remove_leftovers
    from tts.training.pictures import draw_features, write_picture

    store = FeatureStore(features)
    figure = draw_features(store, store.find(utterance))
    output = output or Path(f"{utterance}.png")
    remove_leftovers(output.parent, output.name)
    write_picture(output, figure)
    click.echo(output)
