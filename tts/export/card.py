"""The card of a voice: ``README.md`` with a YAML head, in the form of the Hugging Face Hub's model cards.

Everything in it is read off ``voice.json``. It is meant to be gone over by a person: what a voice is good for, and for
whom, no file knows.
"""

from pathlib import Path
from typing import Any

import yaml

from tts.runtime.contract import VoiceManifest

CARD_FILE = "README.md"
# Licences that the Hub knows by these names, among those that speech is given away under.
HUB_LICENCES = (
    "apache-2.0", "bsd-3-clause", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-sa-4.0", "cc0-1.0", "gpl-3.0", "mit", "unlicense",
)  # fmt: skip
MEASURES = {  # of ``quality`` in voice.json, in words
    "parity_log_mel": ("log mel of the graph beside the trained model, largest difference", "{:.1e}"),
    "parity_audio": ("audio of the graph beside the trained model, largest difference", "{:.1e}"),
    "megabytes": ("size", "{:.1f} MB"),
    "times_fp32_speed": ("speed beside single precision", "{:.2f} times"),
    "error_db": ("audio beside single precision", "{:.1f} dB"),
}


def write_card(folder: Path, manifest: VoiceManifest) -> None:
    (folder / CARD_FILE).write_text(card(manifest), encoding="utf-8")


def card(manifest: VoiceManifest) -> str:
    head = yaml.safe_dump(_head(manifest), sort_keys=False, allow_unicode=True)
    parts = [_what(manifest), _use(manifest), _data(manifest), _training(manifest), _measured(manifest), LIMITS]
    return f"---\n{head}---\n\n" + "\n\n".join(part for part in parts if part) + "\n"


def _head(manifest: VoiceManifest) -> dict[str, Any]:
    licence = manifest.licence.lower()
    head: dict[str, Any] = {"license": licence if licence in HUB_LICENCES else "other"}
    if head["license"] == "other":
        head["license_name"] = manifest.licence or "not stated"
    head |= {
        "language": [manifest.language.replace("_", "-").split("-")[0].lower()],
        "pipeline_tag": "text-to-speech",
        "library_name": "linnet-tts",
        "tags": ["text-to-speech", "onnx", "fastspeech2", _generator(manifest)],
    }
    if base := manifest.provenance.get("base"):
        head["base_model"] = base
    return head


def _what(manifest: VoiceManifest) -> str:
    n = len(manifest.speakers)
    speakers = f"{n} speakers ({', '.join(manifest.speakers)})" if n > 1 else "one speaker"
    licence = manifest.licence or "not stated: ask whoever made it before you use it"
    return f"""# {manifest.name}

A voice for Linnet (`linnet-tts`): {manifest.language}, {speakers}, {manifest.sample_rate:,} Hz.

Licence: {licence}."""


def _use(manifest: VoiceManifest) -> str:
    return f"""## Use

```
pip install linnet-tts
linnet synthesize --voice {manifest.name} "Hello."
```

The folder of this file is the voice; give its path after `--voice`. It is meant for reading text aloud: in programs,
for people who would rather listen, and for research. Do not use it to pretend that a person said something, and say
that it is synthetic where that is not plain."""


def _data(manifest: VoiceManifest) -> str:
    data, base = manifest.provenance.get("data"), manifest.provenance.get("base")
    lines = [f"- {entry}" for entry in data] if data else ["Not stated by whoever exported it (`tts export --data`)."]
    if base:
        lines += ["", f"It was not trained from nothing: it began as `{base}`, whose data and licence bind it too."]
    return "\n".join(["## Data", "", *lines])


def _training(manifest: VoiceManifest) -> str:
    rows = [
        f"| {name} | {origin['step']:,} steps |"
        for name in ("acoustic", "vocoder")
        if isinstance(origin := manifest.provenance.get(name), dict) and "step" in origin
    ]
    versions = manifest.provenance.get("versions", {})
    rows += [f"| {library} | {number} |" for library, number in versions.items()]
    head = f"FastSpeech 2 and a vocoder of the kind `{_generator(manifest)}`. The whole config is in `voice.json`."
    return "\n".join(["## Training", "", head, "", "| | |", "|---|---|", *rows]) if rows else ""


def _measured(manifest: VoiceManifest) -> str:
    rows = [f"| {' | '.join(_measure(name, value))} |" for name, value in sorted(manifest.quality.items())]
    note = "How it sounds is not in this table. `tts evaluate` measures it, and `tts evaluate listen` asks people."
    return "\n".join(["## Measured", "", "| | |", "|---|---|", *rows, "", note]) if rows else ""


def _measure(name: str, value: float) -> tuple[str, str]:
    """``fp16_megabytes`` is the size of the variant fp16; what is not known by name is shown as it is called."""
    for known, (words, form) in MEASURES.items():
        if name == known or name.endswith(f"_{known}"):
            variant = name.removesuffix(known).rstrip("_")
            return f"{variant}: {words}" if variant else words, form.format(value)
    return name, f"{value:.4g}"


def _generator(manifest: VoiceManifest) -> str:
    config = manifest.provenance.get("vocoder", {}).get("config", {})
    return str(config.get("vocoder", {}).get("generator", {}).get("kind", "vocoder"))


LIMITS = """## Limits

It sounds like its recordings at best, and plainer where it is asked for what they lack: shouting, singing, other
languages, feelings. Words that are in none of its lists are guessed, names above all. `tts read` shows what would be
said."""
