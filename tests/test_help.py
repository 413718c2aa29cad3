"""Help that teaches: what a command is for, then an example that works as written."""

import os
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from documentation import REPOSITORY, commands, parse

from tts.cli import main
from tts.config.loader import load_config

COMPLETIONS = {"bash": "complete -o nosort -F", "zsh": "#compdef tts", "fish": "complete --no-files --command tts"}


def tree(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part, inner in command.commands.items():
            yield from tree(inner, f"{name} {part}")


TREE = dict(tree(main, "tts"))


def examples(name: str) -> list[str]:
    """The lines of the block that follows the first paragraph of the help."""
    paragraphs = (TREE[name].help or "").split("\n\n")
    lines = paragraphs[1].split("\n") if len(paragraphs) > 1 else []
    assert [line.strip() for line in lines[:2]] in (["\b", "Example:"], ["\b", "Examples:"]), f"{name}: no example"
    return [line.strip() for line in lines[2:]]


@pytest.mark.parametrize("name", TREE)
def test_help_begins_with_the_purpose_and_an_example_of_this_command(name: str) -> None:
    first = (TREE[name].help or "").split("\n\n")[0]
    assert first.endswith(".") and len(first) > 20
    assert examples(name)[0].startswith(name)


@pytest.mark.parametrize("name", TREE)
def test_every_example_parses_and_its_recipes_load(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)  # where recipes are named from
    for words in commands("\n".join(examples(name))):
        parameters = parse(words).params
        load_config(parameters.get("recipes", ()), parameters.get("overrides", ()))


@pytest.mark.parametrize("name", TREE)
def test_every_option_is_explained(name: str) -> None:
    options = [parameter for parameter in TREE[name].params if isinstance(parameter, click.Option)]
    assert not [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)]


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_shells_can_complete_our_commands(shell: str) -> None:
    program = "from tts.cli import main; main(prog_name='tts')"
    environment = os.environ | {"_TTS_COMPLETE": f"{shell}_source"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert COMPLETIONS[shell] in done.stdout


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    @main.command("bold")
    def bold() -> None:
        click.secho("loud", bold=True)

    monkeypatch.delenv("NO_COLOR", raising=False)
    try:
        assert CliRunner().invoke(main, ["bold"], color=True).output == "\x1b[1mloud\x1b[0m\n"
        monkeypatch.setenv("NO_COLOR", "1")
        assert CliRunner().invoke(main, ["bold"], color=True).output == "loud\n"
    finally:
        main.commands.pop("bold")
