"""YAML recipes and ``--set a.b=c`` into a checked ``Config``."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tts.config.earlier import modernised
from tts.config.root import Config
from tts.errors import InputError
from tts.files.documents import parse_yaml, read_document

LARGEST_NUMBER = 2**31 - 1  # products of two of them still fit into the 64 bits that torch counts with
LONGEST_SHOWN = 80  # characters of an override, in a message

N_NAMED = 10  # of what is wrong, in an error


def load_config(recipes: Iterable[Path | Mapping[str, Any]] = (), overrides: Iterable[str] = ()) -> Config:
    """Defaults, then each recipe, a file or what would stand in one, then each ``a.b=value`` override; later ones win.

    Raises ``InputError`` naming the file or override and the dotted path of what is wrong.
    """
    tree: dict[str, Any] = {}
    sources = []
    for recipe in recipes:
        tree = _merge(tree, read_recipe(recipe) if isinstance(recipe, Path) else recipe)
        sources.append(str(recipe) if isinstance(recipe, Path) else "the config of a voice")
    for override in overrides:
        tree = _merge(tree, _parse_override(override))
        sources.append(f"--set {override}")
    where = " + ".join(sources) or "defaults"
    if changed := differences(tree, modernised(tree)):
        raise InputError(where, f"is written as for an earlier version: {'; '.join(changed)}", "write it as after ->")
    return _validate(tree, where)


def config_from_tree(tree: Mapping[str, Any], where: object) -> Config:
    """A config saved earlier (run directory, features' lock, checkpoint), by this version or one before, back into a
    ``Config``."""
    return _validate(modernised(tree), str(where))


def dump_config(config: Config) -> str:
    """The whole resolved config as YAML."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def differences(left: Mapping[str, Any], right: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Dotted paths at which two config trees differ, as ``path: left -> right``."""
    found = []
    for key in sorted(left.keys() | right.keys()):
        path, a, b = f"{prefix}{key}", left.get(key), right.get(key)
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            found += differences(a, b, f"{path}.")
        elif a != b:
            found.append(f"{path}: {a} -> {b}")
    return found


def read_recipe(path: Path) -> dict[str, Any]:
    """As it is written. Raises ``InputError`` for a file that is not a recipe."""
    tree = parse_yaml(read_document(path), path)
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise InputError(path, "a recipe is a mapping of sections, such as 'audio:' with indented keys")
    return tree


def _parse_override(override: str) -> dict[str, Any]:
    path, equals, value = override.partition("=")
    if not equals or not all(path.split(".")):
        raise InputError(f"--set {override[:LONGEST_SHOWN]}", "must look like section.key=value")
    tree: Any = parse_yaml(value, f"--set {override[:LONGEST_SHOWN]}")
    for key in reversed(path.split(".")):
        tree = {key: tree}
    return dict(tree)


def _merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    if change.get("kind", base.get("kind")) != base.get("kind"):
        return dict(change)  # a section of another kind has other keys
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _validate(tree: dict[str, Any], where: str) -> Config:
    # Defaults first, so that a recipe may name one entry of a dictionary (a loss weight) and keep the others.
    complete = _merge(Config().model_dump(), tree)
    try:
        config = Config.model_validate(complete)
    except ValidationError as error:
        problems = [_describe(problem, complete) for problem in error.errors()]
        more = [f"and {len(problems) - N_NAMED} more"] if len(problems) > N_NAMED else []
        raise InputError(where, "; ".join(problems[:N_NAMED] + more)) from None
    if large := [path for path, value in _leaves(complete) if isinstance(value, int) and abs(value) > LARGEST_NUMBER]:
        raise InputError(where, f"{large[0]}: is larger than {LARGEST_NUMBER:,}, which no number here may be")
    return config


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted path and value of all that is neither a mapping nor a list."""
    if isinstance(tree, Mapping | list | tuple):
        for key, value in tree.items() if isinstance(tree, Mapping) else enumerate(tree):
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, tree


def _describe(problem: Any, tree: Any) -> str:
    names = []
    for part in problem["loc"]:
        if isinstance(tree, Mapping) and part not in tree:
            continue  # pydantic's own: the tag of a union's member
        names.append(str(part))
        try:
            tree = tree[part]
        except (LookupError, TypeError):  # what is missing
            tree = None
    path = ".".join(names)
    if problem["type"] == "extra_forbidden":
        return f"{path}: unknown key"
    if problem["type"] == "union_tag_invalid":
        return f"{path}.kind: {problem['ctx']['tag']!r} is not one of {problem['ctx']['expected_tags']}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{path}: {message}" if path else message
