"""``tts import`` and ``tts export``: weights of others in, ONNX out."""

from pathlib import Path

import click

from tts.commands.options import FOLDER


@click.group("import")
def import_() -> None:
    """Take weights that other programs published.

    \b
    Example:
      tts import hifigan config.json g_02500000 runs/universal
    """


@import_.command()
@click.argument("config_json", type=FOLDER)
@click.argument("checkpoint", type=FOLDER)
@click.argument("run", type=FOLDER)
@click.option("--discriminators", type=FOLDER, help="The do_* file, to train further from it.")
def hifigan(config_json: Path, checkpoint: Path, run: Path, discriminators: Path | None) -> None:
    """HiFi-GAN as jik876 published it: CONFIG_JSON and the generator g_* become the folder RUN.

    \b
    Example:
      tts import hifigan config.json g_02500000 runs/universal --discriminators do_02500000

    RUN can be exported, and training can start from it: 'tts train vocoder FEATURES NEW_RUN --from RUN', on features
    that were made with --config RUN/config.yaml.
    """
    from tts.training.hifigan_import import ignored_keys, import_hifigan

    click.echo(import_hifigan(config_json, checkpoint, run, discriminators))
    if ignored := ignored_keys(config_json):
        click.echo(f"ignored, since it does not change the network: {', '.join(ignored)}")


@click.command()
@click.argument("folder", metavar="VOICE", type=FOLDER)
@click.option("--acoustic", required=True, type=FOLDER, help="Run of 'tts train acoustic', or a checkpoint in it.")
@click.option("--vocoder", required=True, type=FOLDER, help="Run of 'tts train vocoder', or a checkpoint in it.")
@click.option("--name", help="Name of the voice.  [default: the folder's]")
@click.option("--speaker", help="Who speaks when nobody is named.  [default: the first]")
@click.option("--licence", default="", help="Licence of the voice, such as CC0-1.0; recorded in it and on its card.")
@click.option(
    "--data", multiple=True, metavar="TEXT", help="What it learned from, for its card. May be given several times."
)
@click.option("--base", help="The voice it began as, for its card.")
@click.option("--lexicon", type=FOLDER, help="Words and how to say them, to travel with the voice.")
def export(
    folder: Path,
    acoustic: Path,
    vocoder: Path,
    name: str | None,
    speaker: str | None,
    licence: str,
    data: tuple[str, ...],
    base: str | None,
    lexicon: Path | None,
) -> None:
    """Export both models to ONNX, as the folder VOICE that 'tts synthesize' speaks with.

    \b
    Example:
      tts export --acoustic runs/lj-acoustic --vocoder runs/lj-vocoder voices/lj

    Both graphs are compared with the trained models over many lengths, batch sizes and controls. Unless they agree,
    nothing is written. The voice gets a card, README.md, in the form of the Hugging Face Hub's. 'tts shrink' makes a
    voice smaller or faster, 'tts convert' takes it to other programs.
    """
    from tts.export.bundle import export_voice
    from tts.models.saved import find_checkpoint, standing

    for path in (acoustic, vocoder):
        click.echo(standing(find_checkpoint(path)))
    name = name or folder.resolve().name
    sources = {key: value for key, value in (("data", list(data)), ("base", base)) if value}
    report = export_voice(
        acoustic, vocoder, folder, name=name, speaker=speaker, licence=licence, lexicon=lexicon, sources=sources
    )
    click.echo(report)
