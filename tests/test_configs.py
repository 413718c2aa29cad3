"""Every recipe of the repository loads; a recipe is not rotten because nobody ran it."""

from pathlib import Path

import pytest

from tts.config.loader import config_from_tree, load_config
from tts.config.root import Config

REPOSITORY = Path(__file__).parent.parent
RECIPES = sorted([*(REPOSITORY / "configs").rglob("*.yaml"), *(REPOSITORY / "tts" / "demo").glob("*.yaml")])


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_recipe_loads_and_states_only_what_differs(recipe: Path) -> None:
    config = load_config([recipe])
    assert config != Config() or recipe.name == "ljspeech.yaml"  # which names the defaults
    assert config_from_tree(config.model_dump(mode="json"), recipe) == config


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_recipe_says_what_it_is_for(recipe: Path) -> None:
    assert recipe.read_text(encoding="utf-8").startswith("# ")


def test_there_are_recipes() -> None:
    assert {"ljspeech.yaml", "tiny.yaml", "demo.yaml"} <= {recipe.name for recipe in RECIPES}
