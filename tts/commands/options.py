"""What several commands share: arguments, options, how they end."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tts.errors import InputError, system_error
from tts.files.whole import remove_leftovers, write_file
from tts.signals import StopSignals

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_NOT_FIT = 1  # what was examined is not good enough
EXIT_STOPPED = 130  # by Ctrl-C; other signals have codes of their own


class LocalPath(click.Path):
    """A path on this machine, where all but 'tts preprocess' expect their files."""

    def convert(self, value: Any, *context: Any) -> Any:
        if "://" in str(value):
            raise InputError(value, "is a URL, but has to be a path", "copy what it names to this machine first")
        try:
            Path(value).stat()
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise system_error(value, "cannot be used", error) from None
        return super().convert(value, *context)


FOLDER = LocalPath(path_type=Path)


def config_options(command: Command) -> Command:
    """``--config`` and ``--set``, the same for every command that has a config."""
    recipe = click.option(
        "--config",
        "recipes",
        multiple=True,
        metavar="RECIPE|FILE|VOICE",
        type=click.Path(path_type=Path),
        callback=_recipes,
        help="What differs from the defaults: a recipe of this package, such as small, or a YAML file like it; or a "
        "voice, whose features and networks are meant. May be given several times; later ones win.",
    )
    override = click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="A.B=C",
        help="Override one value, for instance --set training.acoustic.steps=5000. May be given several times.",
    )
    return recipe(override(command))


def _recipes(context: click.Context, option: click.Parameter, paths: tuple[Path, ...]) -> tuple[Any, ...]:
    """What ``tts.config.loader.load_config`` takes: files, and what voices stand for."""
    return tuple(map(_recipe, paths))


def _recipe(path: Path) -> Any:
    from tts.config.recipes import shipped_recipes
    from tts.runtime.catalogue import shipped_voices
    from tts.runtime.contract import MANIFEST_FILE

    recipes, voices = shipped_recipes(), [folder.name for folder in shipped_voices()]
    if path.is_file():
        return path
    if (path / MANIFEST_FILE).is_file() or str(path) in voices:
        return _recipe_of_voice(path)
    if str(path) in recipes:
        return recipes[str(path)]
    named = ", ".join([*recipes, *voices])
    raise InputError(f"--config {path}", "is neither a file, nor a recipe or voice of this package", f"it has {named}")


def _recipe_of_voice(path: Path) -> Any:
    from tts.models.from_voice import voice_source

    source = voice_source(path)
    return source.recipe() if source else path


def key_in(variable: str | None) -> str | None:
    """The key that ``--api-key-env`` names the environment variable of."""
    if variable is None:
        return None
    if not (key := os.environ.get(variable)):
        raise click.UsageError(f"--api-key-env: the environment variable {variable} is not set, or empty.")
    return key


def exit_if_stopped(finished: bool) -> None:
    if not finished:
        click.echo("Stopped and saved. The same command goes on from here.", err=True)
        sys.exit(128 + StopSignals.latest)


def show_report(report: Any, json_file: Path | None) -> None:
    click.echo(report)
    if json_file:
        remove_leftovers(json_file.parent, json_file.name)
        write_file(json_file, (json.dumps(report.tree(), indent=1) + "\n").encode())
