"""Mutated inputs against the parsers: each is read, or refused with one line, and nothing else happens.

    python tools/fuzz.py --cases 100000 metadata textgrid

Inputs that once failed, and whatever fails now, stand in ``tools/fuzz_corpus/PARSER/``, with some that are right. With
the package atheris (``pip install atheris``) --atheris lets coverage choose the mutations.
"""

import copy
import json
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from tts.errors import InputError

CORPUS = Path(__file__).with_name("fuzz_corpus")
BYTES = [
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"9" * 400,
    b"9" * 5000,
    b"[" * 2000,
    b"\xed\xa0\x80",
    b"NaN",
    b"-1",
]
BYTES += [
    b"../../x",
    b"\r\n",
    b"|",
    b'"',
    b"<",
    b"&",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"\xef\xbb\xbf",
    b"{",
    b"*a",
    b"`",
    b"!!int ",
    b"!!bool ",
]

VALUES = [None, True, -1, 0, 1 << 70, 1e308, float("inf"), float("nan"), "", "../../x", "\ud800", "\0", "x" * 300]
VALUES += [[], {}, [[None]], {"a": 1}, [0] * 50]
IN_JSON = frozenset({"manifest", "textgrid", "voice", "checkpoint", "metrics"})  # parsers of it

Parser = Callable[[bytes, Path], object]  # content, and an empty file that it may be written to


def metadata(content: bytes, path: Path) -> None:
    from preprocess.corpus import read_corpus

    (path.parent / "metadata.csv").write_bytes(content)
    read_corpus(path.parent)


def manifest(content: bytes, path: Path) -> None:
    from preprocess.corpus import read_corpus

    (path.parent / "manifest.jsonl").write_bytes(content)
    read_corpus(path.parent / "manifest.jsonl")


def textgrid(content: bytes, path: Path) -> None:
    from preprocess.textgrid import lay_out, read_textgrid

    path.write_bytes(content)
    lay_out(path, read_textgrid(path, "ann"), 3.4, 0.01)


def config(content: bytes, path: Path) -> None:
    from tts.config.loader import load_config

    path.write_bytes(content)
    load_config([path])


def voice(content: bytes, path: Path) -> None:
    from tts.runtime.folder import read_manifest

    path.write_bytes(content)
    read_manifest(path)


def lexicon(content: bytes, path: Path) -> None:
    from tts.text.user_lexicon import parse_user_lexicon

    parsed = parse_user_lexicon(content, path)
    for match in parsed.pattern.finditer(content[:2000].decode(errors="replace").swapcase()):
        parsed.find(" ".join(match["entry"].split()))


def english(content: bytes, path: Path) -> None:
    from tts.text.front_end import front_end_for

    for _ in front_end_for("arpabet", "en-us", None)(content.decode(errors="replace")):
        pass


def markup(kind: str) -> Parser:
    def parse(content: bytes, path: Path) -> None:
        from tts.text.inventory import PhoneInventory
        from tts.text.markup.reading import read_document

        inventory = PhoneInventory(("<pad>", "sil", "AH0", "HH", "L", "OW1"))
        read_document(content.decode(errors="replace"), kind, "en-us", inventory, [])  # type: ignore[arg-type]

    return parse


def wav(content: bytes, path: Path) -> None:
    from tts.audio.wav import read_audio

    path.write_bytes(content)
    read_audio(path)


def shard(content: bytes, path: Path) -> None:
    from tts.files.shard import DamagedShardError, open_sealed, read_whole

    path.write_bytes(content)
    try:
        read_whole(open_sealed(path)).to_pylist()
    except DamagedShardError as error:
        raise InputError(path, str(error)) from None


def checkpoint(content: bytes, path: Path) -> None:
    from tts.models.saved import read_meta

    (path.parent / "meta.json").write_bytes(content)
    read_meta(path.parent)


def graph(content: bytes, path: Path) -> None:
    from tts.runtime.graph_file import check_graph

    check_graph(content, path)


def metrics(content: bytes, path: Path) -> None:
    from tts.training.metrics_log import read_metrics

    path.write_bytes(content)
    read_metrics(path)


PARSERS: dict[str, Parser] = {
    "metadata": metadata, "manifest": manifest, "textgrid": textgrid, "config": config, "voice": voice,
    "lexicon": lexicon, "ssml": markup("ssml"), "markdown": markup("markdown"), "wav": wav, "shard": shard,
    "checkpoint": checkpoint, "graph": graph, "metrics": metrics, "english": english,
}  # fmt: skip


def mutate(content: bytes, rng: random.Random) -> bytes:
    """A few changes: bits, values that are seldom right, pieces left out, doubled or moved."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at, length = rng.randrange(len(changed) + 1), min(rng.choice((1, 2, 4, 16, 200)), len(changed))
        kind = rng.randrange(6)
        if kind == 0 and changed:
            changed[at % len(changed)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            changed[at:at] = rng.choice(BYTES)
        elif kind == 2:
            changed[at : at + length] = rng.choice(BYTES)
        elif kind == 3:
            del changed[at : at + length]
        elif kind == 4:
            changed[at:at] = changed[at : at + length] * rng.choice((1, 2, 50))
        else:
            del changed[at:]
    return bytes(changed)


def mutate_json(content: bytes, rng: random.Random) -> bytes:
    """Values of other kinds, left out, or put elsewhere, in one line of JSON, or in all of a file that is one value."""
    lines = [content] if _tree(content) is not None else content.splitlines()
    at = rng.randrange(len(lines)) if lines else 0
    tree = _tree(lines[at]) if lines else None
    if not isinstance(tree, dict | list):
        return mutate(content, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        owner = rng.choice(list(_owners(tree)))
        key = rng.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
        if rng.random() < 0.3:
            del owner[key]
        else:
            owner[key] = copy.deepcopy(rng.choice([*VALUES, owner, tree]))
        if not tree:
            break
    lines[at] = json.dumps(tree, ensure_ascii=rng.random() < 0.5).encode(errors="surrogatepass")
    return b"\n".join(lines)


def _tree(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _owners(tree: Any) -> Iterator[Any]:
    """Objects and lists that hold anything."""
    if isinstance(tree, dict | list) and tree:
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _owners(value)


def try_one(parse: Parser, content: bytes, path: Path) -> str:
    """ "read" or "refused". Raises what should not be raised."""
    try:
        parse(content, path)
    except InputError as refused:
        if not str(refused).isprintable() or len(str(refused)) > 2000:
            raise AssertionError(f"not one short line: {refused}") from None
        return "refused"
    return "read"


def seeds(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def fuzz(name: str, cases: int, seed: int) -> Counter[str]:
    """What became of the cases, exceptions by name; a new kind of failure joins the corpus."""
    rng, found, known = random.Random(f"{name} {seed}"), Counter[str](), seeds(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        for case in range(cases):
            change = mutate_json if name in IN_JSON and rng.random() < 0.5 else mutate
            content = known[case] if case < len(known) else change(rng.choice(known), rng)
            try:
                found[try_one(PARSERS[name], content, path)] += 1
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__}_{Path(place.filename).stem}_{place.lineno}"
                if kind not in found:
                    (CORPUS / name / kind).write_bytes(content)
                found[kind] += 1
    return found


def guided(name: str, cases: int) -> None:
    """Until atheris has had enough, or something fails."""
    import atheris

    path = Path(tempfile.mkdtemp()) / "input"
    with atheris.instrument_imports(include=["tts", "preprocess"]):  # which parsers do when they are first used
        try_one(PARSERS[name], seeds(name)[0], path)
    atheris.Setup([sys.argv[0], f"-runs={cases}", str(CORPUS / name)], lambda data: try_one(PARSERS[name], data, path))
    atheris.Fuzz()


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*PARSERS]))
@click.option("--cases", default=100_000, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--atheris", "by_coverage", is_flag=True)
def main(names: tuple[str, ...], cases: int, seed: int, by_coverage: bool) -> None:
    """Fuzz the parsers NAMES, by default all."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    failed = False
    for name in names or PARSERS:
        if by_coverage:
            guided(name, cases)
            continue
        started = time.process_time()
        found = fuzz(name, cases, seed)
        told = ", ".join(f"{kind} {count:,}" for kind, count in found.most_common())
        click.echo(f"{name}: {cases:,} cases in {time.process_time() - started:.0f} s of the processor: {told}")
        failed |= not found.keys() <= {"read", "refused"}
    sys.exit(failed)


if __name__ == "__main__":
    main()
