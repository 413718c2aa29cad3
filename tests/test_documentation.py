"""What the pages tell a person to type exists, their Python runs, their links lead somewhere, and they build."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from documentation import REPOSITORY, blocks, commands, pages, parse, shell

from tts.config.loader import load_config
from tts.config.recipes import shipped_recipes

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
HEADLINES = (
    'pip install -c constraints.txt -e ".[train]" && tts demo',
    'pip install -c constraints.txt -e ".[dev]" && pytest',
)
LONGEST_README = 200  # lines
NEEDS_A_SERVER = {"serve.md"}  # tests/serving/test_docs.py runs it
CARDS = sorted([*REPOSITORY.glob("configs/**/*.md"), *REPOSITORY.glob("tts/voices/**/*.md")])
LINKED = [*pages(), REPOSITORY / "CHANGELOG.md", *CARDS]
LINK = re.compile(r"(?<!\\)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def all_commands() -> list[tuple[str, str]]:
    """The page and the command."""
    text = [(name(path), path.read_text(encoding="utf-8")) for path in pages()]
    found = [(page, words) for page, content in text for body in shell(content) for words in commands(body)]
    return [(page, shlex.join(words)) for page, words in found]


def snippets() -> list[tuple[str, str]]:
    readable = [path for path in pages() if path.name not in NEEDS_A_SERVER]
    return [(name(path), body) for path in readable for body in blocks(path.read_text(encoding="utf-8"), "python")]


def test_the_readme_is_short_and_has_its_two_commands() -> None:
    assert len(README.splitlines()) <= LONGEST_README
    assert all(headline in README for headline in HEADLINES)


def test_every_command_is_shown() -> None:
    shown = {parse(shlex.split(command)).command.name for _, command in all_commands()}
    assert shown >= {"doctor", "preprocess", "acoustic", "vocoder", "export", "shrink", "convert", "synthesize", "demo"}


@pytest.mark.parametrize(("page", "command"), all_commands())
def test_command_parses_and_its_recipes_load(page: str, command: str) -> None:
    parameters = parse(shlex.split(command)).params
    load_config(parameters.get("recipes", ()), parameters.get("overrides", ()))


@pytest.mark.parametrize(("page", "snippet"), snippets())
def test_python_runs(page: str, snippet: str) -> None:
    exec(snippet, {})


def test_recipes_in_the_table_are_those_of_the_folder() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (REPOSITORY / "docs" / "train.md").read_text(encoding="utf-8"), re.MULTILINE)
    names = {path.stem for path in (REPOSITORY / "configs").glob("*.yaml")}
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) >= names == shipped_recipes().keys()


def test_files_in_the_tree_exist() -> None:
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = next(block for block in blocks(text, "") if "preprocess/  " in block)
    folder = ""
    for line in tree.splitlines():
        indent, entry = len(line) - len(line.lstrip()), line.split()[0]
        folder = entry if not indent else folder
        assert (REPOSITORY / (folder if indent else "") / entry).exists(), line


def anchors(path: Path) -> set[str]:
    """Of the headings of a page, as GitHub and MkDocs make them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", re.sub(r"`|\[|\]\([^)]*\)", "", heading)) for heading in headings]
    return {re.sub(r"\s+", "-", heading.strip().lower()) for heading in plain}


@pytest.mark.parametrize("path", LINKED, ids=map(name, LINKED))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists() and target.is_relative_to(REPOSITORY), f"{name(path)}: {link}"
        assert not anchor or anchor in anchors(target), f"{name(path)}: {link}"


def test_the_diffs_of_contributing_fit_the_registries_and_the_toys() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    registries = (REPOSITORY / "tts" / "names.py").read_text(encoding="utf-8")
    toys = (REPOSITORY / "tests" / "toys.py").read_text(encoding="utf-8")
    diffs = [diff for diff in blocks(text, "diff") if " = {" in diff]
    assert len(diffs) == 4
    for diff in diffs:
        lines = diff.splitlines()
        assert all(line[1:] in registries.splitlines() for line in lines if line.startswith(" "))
        added = [name for line in lines if line.startswith("+") for name in re.findall(r":(\w+)\"", line)]
        assert added and all(f"class {name}" in toys or f"\n{name} = " in toys for name in added)


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "decisions" / "index.html").is_file()
