"""``tts read``: what would be said, before anything is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tts.commands.options import FOLDER
from tts.runtime.catalogue import DEFAULT_VOICE


@click.command()
@click.argument("text", required=False)
@click.option(
    "--voice",
    "voice_folder",
    type=FOLDER,
    default=DEFAULT_VOICE,
    show_default=True,
    help="Whose lexicon and phones, of those that 'tts voices' lists, or a folder that 'tts export' wrote.",
)
@click.option("--input", "lines_file", type=FOLDER, help="A text on each line.")
@click.option("--json", "as_json", is_flag=True, help="An object for each sentence, one a line.")
def read(text: str | None, voice_folder: Path, lines_file: Path | None, as_json: bool) -> None:
    """Show what would be said of TEXT: words, phones, pauses, and where each comes from.

    \b
    Examples:
      tts read 'Dr. Smith paid $3.50 on Jan. 3.'
      tts read --json --input lines.txt

    "-" reads the text from standard input. CLASS says what something was taken for: a date, an amount of money,
    letters to be spelled. ORIGIN says where the phones come from: the lexicon, a rule, a guess.
    """
    if (text is None) == (lines_file is None):
        raise click.UsageError("Give either TEXT or --input.")
    from tts.text.account import as_object, as_table, heading

    if not as_json:
        click.echo(heading())
    for number, given, sentence in _sentences(text, lines_file, voice_folder):
        if as_json:
            about = as_object(sentence)
            click.echo(json.dumps({"line": number, **about} if lines_file else about, ensure_ascii=False))
        else:
            click.echo("\n".join([*as_table(sentence, given), ""]))


def _sentences(text: str | None, lines_file: Path | None, voice_folder: Path) -> Iterator[tuple[int, str, Any]]:
    """Number of the line, its text, and each of its sentences; a line without words has an empty one."""
    from tts.files.documents import read_standard_input
    from tts.runtime.catalogue import find_voice
    from tts.runtime.contract import MANIFEST_FILE
    from tts.runtime.folder import open_front_end, read_manifest
    from tts.runtime.lines import read_texts
    from tts.text.sentences import NothingToSayError, Sentence

    folder = find_voice(voice_folder)
    front_end = open_front_end(folder, read_manifest(folder / MANIFEST_FILE))
    if lines_file is None:
        given = read_standard_input() if text == "-" else text or ""
        yield from ((1, given, sentence) for sentence in front_end.sentences(given))
        return
    for number, given in read_texts(lines_file):
        shown = False
        try:
            for sentence in front_end.sentences(given):
                yield number, given, sentence
                shown = True
        except NothingToSayError:
            if not shown:
                yield number, given, Sentence(())
