"""The recipes that come with the package, by name."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# A wheel has them in the package, as pyproject.toml says; the repository shows them beside it.
FOLDERS = (PACKAGE / "recipes", PACKAGE.parent / "configs")


def shipped_recipes() -> dict[str, Path]:
    """The file of each name."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
