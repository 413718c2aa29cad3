"""A page that speaks in the browser: open ``index.html`` from disk, or put the folder on any web host.

A page opened from disk may load scripts and nothing else. So the voice, and the WebAssembly build of ONNX Runtime from
the npm package onnxruntime-web, are strings in scripts: gzip in base64, which every browser of today unpacks.
"""

import gzip
import json
import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any

import onnx

from tts.errors import InputError
from tts.export.targets.sherpa_onnx import pronounceable
from tts.export.targets.target import fused_target
from tts.export.targets.web_english import page_characters, page_english
from tts.export.voice_graphs import VoiceGraphs
from tts.onnx_runtime import onnxruntime
from tts.page.shared import shared_files
from tts.runtime.synthesizer import CONTROL_RANGES, EDGE_FADE_S
from tts.text.arpabet import to_ipa
from tts.text.english.letters import NAMES
from tts.text.english.pronounce import THE_BEFORE_VOWEL
from tts.text.inventory import PAUSE_ID, PhoneInventory
from tts.text.marks import KINDS, mark_for
from tts.text.sentences import FIRST_PHONES, MAX_PHONES, Pause

PAGE = Path(__file__).with_name("web_page")
RUNTIME = Path("node_modules", "onnxruntime-web")
RUNTIME_FILES = {"module": "ort.wasm.bundle.min.mjs", "wasm": "ort-wasm-simd-threaded.wasm"}
WRITTEN = {**KINDS, "—": Pause.DASH, "…": Pause.ELLIPSIS}
RUNTIME_LICENCES = ("LICENSE", "ThirdPartyNotices.txt")  # the npm package lacks them, the Python package has them


def write_web(voice: VoiceGraphs, fused: onnx.ModelProto, folder: Path) -> str:
    """Writes the page. Returns a message for the user. Raises ``InputError`` where onnxruntime-web is not installed."""
    runtime = find_runtime()
    shutil.copytree(PAGE, folder, dirs_exist_ok=True)
    for name, content in shared_files().items():
        (folder / name).write_bytes(content)
    _write_script(folder / "runtime.js", "RUNTIME", {name: _pack(file.read_bytes()) for name, file in runtime.items()})
    for name in RUNTIME_LICENCES:
        shutil.copyfile(Path(onnxruntime.__file__).with_name(name), folder / f"onnxruntime-{name}")

    manifest, front_end = voice.manifest, voice.front_end()
    english = manifest.language.startswith("en")
    vocabulary = dict(front_end.vocabulary())
    if english:  # how letters are called, in upper case
        vocabulary |= {letter: to_ipa(n) if manifest.front_end == "gruut" else n for letter, n in NAMES.items()}
    inventory = PhoneInventory(manifest.phones)
    lexicon = pronounceable(vocabulary, inventory)
    the = pronounceable({"the": THE_BEFORE_VOWEL}, inventory)  # none but in ARPAbet
    facts = manifest.model_dump(
        include={"name", "language", "licence", "sample_rate", "speakers", "default_speaker", "phones"}
    )
    facts |= {
        "pause_id": PAUSE_ID,
        "marks": {mark: manifest.phones.index(mark_for(kind, inventory)) for mark, kind in WRITTEN.items()},
        "first_phones": FIRST_PHONES,
        "max_phones": MAX_PHONES,
        "edge_fade_s": EDGE_FADE_S,
        "control_ranges": CONTROL_RANGES,
        "english": page_english() if english else None,
        "characters": page_characters(english),
        "the_before_vowel": the["the"][0].split() if the else None,
        "lexicon": _pack("\n".join(f"{word} {lexicon[word][0]}" for word in sorted(lexicon)).encode()),
        "graph": _pack(fused.SerializeToString()),
    }
    _write_script(folder / "voice.js", "VOICE", facts)
    megabytes = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    return f"lexicon of {len(lexicon):,} words; {megabytes:.1f} MB in all; open index.html"


def find_runtime() -> dict[str, Path]:
    """Both files of onnxruntime-web, from where npm installs it: here, or in a folder above.

    Raises ``InputError`` where it is not installed.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        files = {name: folder / RUNTIME / "dist" / file for name, file in RUNTIME_FILES.items()}
        if all(file.is_file() for file in files.values()):
            return files
    raise InputError(RUNTIME, "is not here, nor in a folder above", "npm install onnxruntime-web")


def _pack(content: bytes) -> str:
    return b64encode(gzip.compress(content, mtime=0)).decode()  # without the time, equal voices are equal files


def _write_script(path: Path, name: str, value: dict[str, Any]) -> None:
    path.write_text(f"const {name} = {json.dumps(value)};\n", encoding="utf-8")


TARGET = fused_target(write_web, find_runtime)
