"""From recordings to a voice: the stages of ``tts adapt``, with the same functions that the other commands call."""

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from preprocess.alignment import write_alignments
from preprocess.alignment_inputs import prepare
from preprocess.doctor import Diagnosis, examine
from preprocess.doctor_page import html_report
from preprocess.doctor_report import one_line, summary
from preprocess.folder import open_folder
from preprocess.pipeline import run as preprocess
from tts.adapt.page import write_page
from tts.adapt.plan import make_plan
from tts.adapt.speakers import first_new_speaker, with_speakers_of
from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.alignment import aligner_inventory
from tts.errors import InputError
from tts.export.bundle import check_replaceable, export_voice
from tts.files.whole import write_file
from tts.models.from_voice import VoiceSource
from tts.models.saved import best_checkpoint, find_checkpoint
from tts.runtime.catalogue import NATURAL_VOICE, find_voice
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.folder import read_manifest
from tts.text.inventory import PhoneInventory
from tts.training.acoustic_task import train_acoustic
from tts.training.aligner_task import align, train_aligner
from tts.training.vocoder_task import train_vocoder

RECIPE = Path(__file__).with_name("recipe.yaml")
ALIGNED_LATER = "textgrid"  # the doctor's check that recordings without TextGrids cannot pass
N_SHOWN = 5  # findings on the terminal; the page has all
STAGES = (
    "Look at the recordings",
    "Find out when each phone is said",
    "Measure pitch, energy and mel spectrograms",
    "Tune the acoustic model: phones to mel",
    "Tune the vocoder: mel to audio",
    "Export, and compare the graphs with the models",
    "Speak sentences that were kept out of training, before and after",
)


@dataclass(frozen=True)
class Adaptation:
    """What ``tts adapt`` was asked for."""

    corpus: Path
    voice: Path
    base: VoiceSource
    work: Path
    config: Config
    textgrids: Path | None = None  # by default made here
    workers: int | None = None
    licence: str = ""
    adds: bool = False  # a speaker to those of the base

    @property
    def features(self) -> Path:
        return self.work / "features"


def config_for(base: VoiceSource, recipes: tuple[Path, ...], overrides: tuple[str, ...]) -> Config:
    """The features and networks of ``base``, tuned as ``RECIPE`` says, then what is asked for."""
    config = load_config([base.recipe(), RECIPE, *recipes], overrides)
    if config.training.acoustic.devices > 1 or config.training.vocoder.devices > 1:
        raise InputError("training.*.devices", "only 'tts train' trains in several processes", "leave it at 1")
    return config


def adapt(job: Adaptation) -> bool:
    """All stages, each of which goes on where it stopped. Returns False when asked to stop in one of them."""
    if job.work.resolve().is_relative_to(job.voice.resolve()):
        raise InputError(f"--work {job.work}", f"is in {job.voice}, which the voice replaces", "give another folder")
    if job.voice.exists():
        _check_is_ours(job)
    job.work.mkdir(parents=True, exist_ok=True)
    stages = _announced()
    next(stages)
    diagnosis = _look(job)
    click.echo(_plan(job, diagnosis))

    next(stages)
    grids = job.textgrids or _align(job)
    if not grids:
        return False

    next(stages)
    report = preprocess(
        job.corpus, open_folder(str(job.features)), job.config, textgrids=grids, workers=job.workers, skip_bad=True
    )
    click.echo(report)
    if job.adds:
        with_speakers_of(job.base, job.features)

    next(stages)
    if not train_acoustic(job.features, job.work / "acoustic", job.config, job.base.folder):
        return False

    next(stages)
    if not train_vocoder(job.features, job.work / "vocoder", job.config, job.base.folder):
        return False

    next(stages)
    runs = [job.work / task for task in ("acoustic", "vocoder")]
    acoustic, vocoder = (best_checkpoint(run) or find_checkpoint(run) for run in runs)
    click.echo(f"the best by validation: {acoustic}, {vocoder}")
    name, speaker = job.voice.resolve().name, first_new_speaker(job.base, job.features)
    spoken = f"{job.corpus.resolve().name}: {60 * report.manifest.hours:.1f} minutes of recordings"
    sources = {"base": job.base.manifest.name, "data": [spoken]}
    click.echo(
        export_voice(acoustic, vocoder, job.voice, name=name, speaker=speaker, licence=job.licence, sources=sources)
    )

    next(stages)
    page = write_page(job.work, job.base, job.voice, job.features)
    click.echo(f'\nDone: tts synthesize --voice {job.voice} "Hello."\nListen to before and after: {page}')
    return True


def _check_is_ours(job: Adaptation) -> None:
    """Only a voice that this command made is made again."""
    check_replaceable(job.voice)
    if job.voice.samefile(job.base.folder):
        raise InputError(job.voice, "is the voice to begin with", "give another folder")
    if not (job.work / "acoustic").is_dir():
        raise InputError(job.voice, f"exists, and was not made in {job.work}", "give another folder")


def _announced() -> Iterator[None]:
    for number, what in enumerate(STAGES, start=1):
        click.secho(f"\n{number}/{len(STAGES)}  {what}", bold=True)
        yield


def _look(job: Adaptation) -> Diagnosis:
    """The doctor's findings. What cannot be used is left out later; nothing that can be is the end of it."""
    diagnosis = examine(job.corpus, job.config, job.textgrids, job.workers)
    findings = [finding for finding in diagnosis.findings if job.textgrids or finding.check != ALIGNED_LATER]
    diagnosis = Diagnosis(diagnosis.corpus, diagnosis.config, diagnosis.measurements, findings)
    if not any(m.sound for m in diagnosis.measurements):
        first = findings[0] if findings else None
        raise InputError(job.corpus, f"has no recording that can be used ({first and one_line(first)})")
    click.echo(summary(diagnosis))
    serious = [finding for finding in findings if finding.severity != "note"]
    for finding in serious[:N_SHOWN]:
        click.echo(f"  {finding.severity}: {one_line(finding)}")
    if serious:
        path = job.work / "doctor.html"
        write_file(path, html_report(diagnosis).encode())
        click.echo(f"{len(serious)} findings, all in {path}; what cannot be used is left out")
    return diagnosis


def _plan(job: Adaptation, diagnosis: Diagnosis) -> str:
    minutes = sum(m.sound.duration_s for m in diagnosis.measurements if m.sound) / 60
    acoustic, vocoder = (
        sum(parameter.numel() for parameter in model.parameters()) for model in (job.base.acoustic, job.base.vocoder)
    )
    return str(make_plan(minutes, acoustic, vocoder, job.config))


def _align(job: Adaptation) -> Path | None:
    """The folder of TextGrids; None when asked to stop."""
    work, grids = job.work / "aligner", job.work / "TextGrid"
    inputs, skipped = prepare(
        job.corpus, work, job.config, textgrids=grids, workers=job.workers, skip_bad=True, overwrite=False
    )
    teacher = teacher_for(aligner_inventory(inputs).phones, job.base.folder)
    if not train_aligner(inputs, work / "run", job.config, teacher):
        return None
    with closing(align(inputs, work / "run", job.config)) as found:
        click.echo(write_alignments(inputs, found, skipped, work, job.config.aligner))
    return grids


def teacher_for(phones: Collection[str], base: Path) -> Path:
    """The voice that teaches the aligner: ``NATURAL_VOICE``, which learned from recordings when each phone is said,
    unless ``base`` has more of ``phones``."""

    def n_known(voice: Path) -> int:
        known = PhoneInventory(read_manifest(voice / MANIFEST_FILE).phones)
        return sum(known.closest(phone) is not None for phone in phones)

    return max((find_voice(NATURAL_VOICE), base), key=n_known)  # the first of equals
