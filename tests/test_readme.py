"""What the README tells a person to type exists, with these options, and its Python runs."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tts.cli import main
from tts.config.loader import load_config

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
HEADLINES = (
    'pip install -c constraints.txt -e ".[train]" && tts demo',
    'pip install -c constraints.txt -e ".[dev]" && pytest',
)


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [body for name, body in fenced if name == language]


def tts_commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in re.split(r"&&|\|", line)]
    return [part for part in parts if part.startswith("tts ")]


def parse(command: str) -> click.Context:
    """The context of the innermost command, its arguments parsed and checked, nothing run."""
    found: click.Command = main
    arguments = shlex.split(command)[1:]
    while isinstance(found, click.Group):
        name = arguments.pop(0)
        assert name in found.commands, f"{command}: no command {name!r}"
        found = found.commands[name]
    return found.make_context(found.name, arguments)


@pytest.mark.parametrize("headline", HEADLINES)
def test_the_two_commands_are_there(headline: str) -> None:
    assert headline in README


def test_every_command_is_shown() -> None:
    shown = {parse(command).command.name for command in tts_commands()}
    assert shown >= {"doctor", "preprocess", "acoustic", "vocoder", "export", "shrink", "convert", "synthesize", "demo"}


@pytest.mark.parametrize("command", tts_commands())
def test_command_parses_and_its_recipes_load(command: str) -> None:
    parameters = parse(command).params
    recipes = [REPOSITORY / recipe for recipe in parameters.get("recipes", ())]
    load_config(recipes, parameters.get("overrides", ()))


def test_recipes_in_the_table_are_those_of_the_folder() -> None:
    named = set(re.findall(r"`(\w+\.yaml)`", README))
    assert named == {path.name for path in (REPOSITORY / "configs").glob("*.yaml")}


def test_files_in_the_tree_exist() -> None:
    tree = next(block for block in blocks("") if "preprocess/  " in block)
    folder = ""
    for line in tree.splitlines():
        indent, name = len(line) - len(line.lstrip()), line.split()[0]
        folder = name if not indent else folder
        assert (REPOSITORY / (folder if indent else "") / name).exists(), line


@pytest.mark.parametrize("snippet", blocks("python"))
def test_python_runs(snippet: str) -> None:
    exec(snippet, {})
