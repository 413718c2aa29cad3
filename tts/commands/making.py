"""``tts record`` and ``tts cut``: corpora made of what people have."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from tts.commands.options import EXIT_NOT_FIT, FOLDER, config_options, exit_if_stopped, key_in
from tts.runtime.catalogue import NATURAL_VOICE


@click.command()
@click.argument("sentences", type=FOLDER)
@click.argument("corpus", type=FOLDER)
@click.option("--url", required=True, help="Of the server, for instance http://127.0.0.1:8000")
@click.option("--voice", required=True, help="As the server calls it.")
@click.option("--model", default="tts-1", show_default=True, help="As the server calls it.")
@click.option("--speed", type=click.FloatRange(0.25, 4.0), default=1.0, show_default=True, help="2 is twice as fast.")
@click.option("--jobs", type=click.IntRange(min=1), default=4, show_default=True, help="Requests at once.")
@click.option("--attempts", type=click.IntRange(min=1), default=6, show_default=True, help="Of each request.")
@click.option("--api-key-env", metavar="VARIABLE", help="Environment variable that holds the key, if one is needed.")
def record(
    sentences: Path,
    corpus: Path,
    url: str,
    voice: str,
    model: str,
    speed: float,
    jobs: int,
    attempts: int,
    api_key_env: str | None,
) -> None:
    """Make CORPUS of what a speech server says: the first step of distilling a large voice into a small one.

    \b
    Example:
      tts record sentences.txt heart --url http://127.0.0.1:8880 --voice af_heart --model kokoro
      tts adapt heart voices/heart

    SENTENCES has a text on each line, or id|text, or is the metadata.csv of a corpus. Any server with OpenAI's speech
    interface will do. Each clip is checked: can it be decoded, is it silent or clipped, is it as long as its text. What
    is wrong is asked for again, then left out and listed in left_out.csv (exit code 1). Clips that are there are kept:
    the same command goes on. CORPUS/record.json says who spoke. May you use the voice like that? See the terms of
    whoever serves it.
    """
    from tts.corpora.record import record as record_all
    from tts.corpora.speech_client import SpeechServer
    from tts.runtime.lines import read_lines

    server = SpeechServer(url, voice, model, speed, key_in(api_key_env) or "", attempts=attempts)
    lines = [replace(line, text=line.text.rsplit("|", 1)[-1].strip()) for line in read_lines(sentences)]
    try:
        with click.progressbar(length=len(lines), label="record") as bar:
            recording = record_all(lines, corpus, server, jobs, bar.update)
    except KeyboardInterrupt:
        exit_if_stopped(False)
    click.echo(recording)
    if recording.left_out:
        sys.exit(EXIT_NOT_FIT)


@click.command()
@click.argument("recording", type=FOLDER)
@click.argument("text", type=FOLDER)
@click.argument("corpus", type=FOLDER)
@click.option(
    "--from", "voice", type=FOLDER, default=NATURAL_VOICE, show_default=True, help="The voice that teaches the aligner."
)
@click.option("--language", help="Of the text, such as de-de, read by gruut.  [default: that of the voice]")
@config_options
def cut(
    recording: Path,
    text: Path,
    corpus: Path,
    voice: Path,
    language: str | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Cut a long RECORDING and its TEXT into clips of 2 to 12 s: a CORPUS for 'tts adapt'.

    \b
    Example:
      tts cut chapter1.mp3 chapter1.txt my-corpus
      tts adapt my-corpus voices/mine

    RECORDING is minutes to hours of one speaker, in any format that libsndfile reads; TEXT is what was read, as plain
    text. A voice reads the text first and so teaches an aligner when each sound is said; then the recording is followed
    in the text. Clips are cut at pauses. What is said and not written, or written and not said, is left out and listed
    with its times in left_out.csv, as are stretches where it is not sure. The same command goes on where it stopped.
    """
    from tts.commands.adapting import in_language
    from tts.config.loader import load_config
    from tts.corpora.cut import cut_recording
    from tts.models.from_voice import find_base

    base = find_base(voice)
    config = load_config([base.recipe(), *recipes], [*in_language(language, base.manifest.front_end), *overrides])
    report = cut_recording(recording, text, corpus, config, base.folder)
    click.echo(report)
