"""Before and after: sentences kept out of training, as recorded, as the base says them, and as the new voice does."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from tts.audio.wav import write_audio
from tts.data.store import FeatureStore
from tts.errors import InputError
from tts.evaluation.ear import opinion_of
from tts.evaluation.report import spread
from tts.files.names import inside
from tts.files.whole import whole_folder, write_file
from tts.models.from_voice import VoiceSource
from tts.page.report import report_page
from tts.runtime.voice import Voice

PAGE_FILE, SAMPLES_FOLDER = "report.html", "samples"
N_SENTENCES = 8
TITLES = {"recorded": "Recording", "before": "Before", "after": "After"}


def write_page(work: Path, base: VoiceSource, voice: Path, features: Path) -> Path:
    """Speak, and write the page into ``work``. Returns its path."""
    store = FeatureStore(features)
    rows = spread(store.split("validation"), N_SENTENCES)
    texts: dict[str, str] = {row.id: store.read(row, "text") for row in rows}
    sample_rate = store.manifest.config["audio"]["sample_rate"]
    samples = work / SAMPLES_FOLDER
    with whole_folder(samples, replace=True) as folder:
        for kind in TITLES:
            (folder / kind).mkdir()
        for row in rows:
            write_audio(inside(folder / "recorded", f"{row.id}.wav"), store.read_audio(row), sample_rate)
        spoken = {
            "before": _speak(base.folder, texts, folder / "before"),
            "after": _speak(voice, texts, folder / "after"),
        }
    heard = {kind: opinion_of(sorted((samples / kind).glob("*.wav"))) for kind in TITLES}
    write_file(work / PAGE_FILE, _html(work.name, texts, spoken, heard).encode())
    return work / PAGE_FILE


def _speak(voice: Path, texts: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Sound files named by id; for texts that the voice cannot say, why."""
    speaker, problems = Voice.load(voice), dict[str, str]()
    for id, text in texts.items():
        try:
            speech = speaker.synthesize(text)
        except InputError as error:
            problems[id] = str(error)
            continue
        write_audio(inside(folder, f"{id}.wav"), speech.audio, speech.sample_rate)
    return problems


def _html(
    title: str,
    texts: Mapping[str, str],
    problems: Mapping[str, Mapping[str, str]],
    heard: Mapping[str, Mapping[str, float]],
) -> str:
    head = "".join(f"<th>{name}</th>" for name in TITLES.values())
    rows = "".join(_row(id, text, problems) for id, text in texts.items())
    measures = list(dict.fromkeys(name for opinions in heard.values() for name in opinions))
    figures = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td>{heard[kind].get(name, float('nan')):.2f}</td>" for kind in TITLES)
        + "</tr>"
        for name in measures
    )
    table = f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{figures}</tbody></table>" if measures else ""
    body = f"""<h1>{escape(title)}: before and after</h1>
<p class="faint">Sentences that were kept out of training: as recorded, as the base voice says them, as the new voice
does.</p>
<table><thead><tr><th>Sentence</th>{head}</tr></thead><tbody>{rows}</tbody></table>
{table}"""
    return report_page(f"{title}: before and after", body)


def _row(id: str, text: str, problems: Mapping[str, Mapping[str, str]]) -> str:
    cells = "".join(
        f"<td>{escape(problem)}</td>"
        if (problem := problems.get(kind, {}).get(id))
        else f'<td><audio controls preload="none" src="{SAMPLES_FOLDER}/{kind}/{escape(id)}.wav" '
        f'aria-label="{name}"></audio></td>'
        for kind, name in TITLES.items()
    )
    return f"<tr><td>{escape(text)}</td>{cells}</tr>"
