"""``tts adapt``: from a few minutes of recordings to a voice."""

from pathlib import Path

import click

from tts.commands.options import FOLDER, config_options, exit_if_stopped
from tts.runtime.catalogue import NATURAL_VOICE


@click.command()
@click.argument("corpus", type=FOLDER)
@click.argument("voice", type=FOLDER)
@click.option("--from", "start", type=FOLDER, default=NATURAL_VOICE, show_default=True, help="The voice to begin with.")
@click.option("--work", type=FOLDER, help="Folder for everything in between.  [default: VOICE.work]")
@click.option("--language", help="Of the recordings, such as de-de, read by gruut.  [default: that of the base]")
@click.option("--textgrids", type=FOLDER, help="Times of the phones, if known.  [default: found out here]")
@click.option("--add", "adds", is_flag=True, help="Keep the speakers of the base as they are, and add this one.")
@click.option("--licence", default="", help="Licence of the voice, recorded in it.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read.  [default: one per core]")
@config_options
def adapt(
    corpus: Path,
    voice: Path,
    start: Path,
    work: Path | None,
    language: str | None,
    textgrids: Path | None,
    adds: bool,
    licence: str,
    workers: int | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Make a VOICE of your own from a few minutes of recordings, beginning with a voice that speaks already.

    \b
    Examples:
      tts adapt my-recordings voices/me
      tts adapt kerstin voices/kerstin --language de-de
      tts adapt my-recordings voices/me --from voices/lj --set training.acoustic.steps=500

    CORPUS holds recordings and their texts, in any layout that 'tts preprocess' reads; TextGrids are not needed, and
    nothing is downloaded. Recordings are checked, a voice teaches the aligner, both models of the base are tuned
    until validation no longer gains, and the best of each is exported. Listen to VOICE.work/report.html: sentences kept
    out of training, before and after. With --add only the new speaker's own weights learn: quick, but less alike.

    Ctrl-C or a kill at any time: the same command goes on. On one core of a CPU, about half an hour.
    """
    from tts.adapt.run import Adaptation, config_for
    from tts.adapt.run import adapt as run
    from tts.adapt.speakers import adding
    from tts.models.from_voice import find_base

    base = find_base(start)
    overrides = (*in_language(language, base.manifest.front_end), *(adding(base) if adds else ()), *overrides)
    work = work or voice.with_name(f"{voice.name}.work")
    config = config_for(base, recipes, overrides)
    exit_if_stopped(run(Adaptation(corpus, voice, base, work, config, textgrids, workers, licence, adds)))


def in_language(language: str | None, front_end: str) -> tuple[str, ...]:
    """Overrides of the config for recordings in another language than that of a voice with ``front_end``."""
    if language is None:
        return ()
    if language.lower().startswith("en") and front_end != "lexicon":
        return (f"text.language={language}",)
    # What the encoder of the base knows of sounds and their order is not that of another language: all of it learns.
    all_learns = "training.acoustic.frozen=[]"
    return f"text.language={language}", "text.front_end=gruut", "preprocess.phones=null", all_learns
