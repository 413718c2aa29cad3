"""``tts read``: what would be said, before anything is."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click

from tts.commands.options import FOLDER
from tts.names import Markup
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
@click.option(
    "--markup", type=click.Choice(get_args(Markup)), default="plain", show_default=True, help="What TEXT is written in."
)
@click.option("--lexicon", type=FOLDER, help="Words and how to say them: 'gif = jiff', 'Nguyen = /W IH1 N/' a line.")
@click.option("--json", "as_json", is_flag=True, help="An object for each sentence, one a line.")
def read(
    text: str | None, voice_folder: Path, lines_file: Path | None, markup: Markup, lexicon: Path | None, as_json: bool
) -> None:
    """Show what would be said of TEXT: words, phones, pauses, and where each comes from.

    \b
    Examples:
      tts read 'Dr. Smith paid $3.50 on Jan. 3.'
      tts read --json --input lines.txt
      tts read --markup ssml '<speak>Wait <break time="700ms"/> [[HH IH1 R]].</speak>'

    "-" reads the text from standard input. CLASS says what something was taken for: a date, an amount of money,
    letters to be spelled. ORIGIN says where the phones come from: the lexicon, a rule, a guess.
    """
    if (text is None) == (lines_file is None):
        raise click.UsageError("Give either TEXT or --input.")
    from tts.text.account import as_object, as_table, heading

    if not as_json:
        click.echo(heading())
    read_sentences = _reader(voice_folder, markup, lexicon)
    for number, given, sentence in _sentences(text, lines_file, read_sentences):
        if as_json:
            about = as_object(sentence)
            click.echo(json.dumps({"line": number, **about} if lines_file else about, ensure_ascii=False))
        else:
            click.echo("\n".join([*as_table(sentence, given), ""]))


def _reader(voice_folder: Path, markup: Markup, lexicon: Path | None) -> Callable[[str], Iterator[Any]]:
    """From a text to the sentences that the voice would say."""
    from tts.runtime.catalogue import find_voice
    from tts.runtime.contract import MANIFEST_FILE
    from tts.runtime.folder import open_front_end, open_user_lexicon, read_manifest
    from tts.text.inventory import PhoneInventory
    from tts.text.markup.reading import read_document, read_sentences
    from tts.text.user_lexicon import read_user_lexicon

    folder = find_voice(voice_folder)
    manifest = read_manifest(folder / MANIFEST_FILE)
    front_end, inventory = open_front_end(folder, manifest), PhoneInventory(manifest.phones)
    own = open_user_lexicon(folder, manifest)
    lexicons = [*([read_user_lexicon(lexicon)] if lexicon else []), *([own] if own else [])]

    def sentences(text: str) -> Iterator[Any]:
        document = read_document(text, markup, manifest.language, inventory, lexicons)
        return read_sentences(document, front_end)

    return sentences


def _sentences(
    text: str | None, lines_file: Path | None, read_sentences: Callable[[str], Iterator[Any]]
) -> Iterator[tuple[int, str, Any]]:
    """Number of the line, its text, and each of its sentences; a line without words has an empty one."""
    from tts.files.documents import read_standard_input
    from tts.runtime.lines import read_texts
    from tts.text.sentences import NothingToSayError, Sentence

    if lines_file is None:
        given = read_standard_input() if text == "-" else text or ""
        yield from ((1, given, sentence) for sentence in read_sentences(given))
        return
    for number, given in read_texts(lines_file):
        shown = False
        try:
            for sentence in read_sentences(given):
                yield number, given, sentence
                shown = True
        except NothingToSayError:
            if not shown:
                yield number, given, Sentence(())
