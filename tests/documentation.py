"""What the documentation and the help texts tell a person to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from tts.cli import main

REPOSITORY = Path(__file__).parent.parent
COMMANDS = ("tts", "linnet")


def pages() -> list[Path]:
    """Every page that people read, the README first."""
    docs = sorted(path for path in (REPOSITORY / "docs").rglob("*.md"))
    return [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *docs]


def blocks(text: str, language: str) -> list[str]:
    fenced = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL)
    return [body for name, body in fenced if name == language]


def shell(text: str) -> list[str]:
    return [body for language in ("sh", "bash") for body in blocks(text, language)]


def commands(shell: str) -> Iterator[list[str]]:
    """The words of each of our commands in lines of a shell, without what is set before it."""
    for line in shell.splitlines():
        words: list[str] = []
        for word in [*_words(line), ";"]:
            if word not in ("&&", "||", "|", "|&", ";"):
                words.append(word)
                continue
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if words and words[0] in COMMANDS:
                yield words
            words = []


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    return list(lexer)


def parse(words: list[str]) -> click.Context:
    """The context of the innermost command, its arguments parsed and checked, nothing run."""
    found: click.Command = main
    arguments = words[1:]
    while isinstance(found, click.Group) and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        assert name in found.commands, f"{shlex.join(words)}: no command {name!r}"
        found = found.commands[name]
    try:
        return found.make_context(found.name, arguments)
    except click.exceptions.Exit:  # --help and --version answer at once
        return click.Context(found)
