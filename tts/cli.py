"""The ``tts`` command. Bodies import what they need: ``--help`` answers at once and inference never sees torch."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from tts.config.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_NOT_FIT = 1  # what was examined is not good enough
EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130  # by Ctrl-C or SIGTERM, after saving


class LocalPath(click.Path):
    """A path on this machine, where all but 'tts preprocess' expect their files."""

    def convert(self, value: Any, *context: Any) -> Any:
        if "://" in str(value):
            raise InputError(value, "is a URL, but has to be a path", "copy what it names to this machine first")
        return super().convert(value, *context)


FOLDER = LocalPath(path_type=Path)


class Linnet(click.Group):
    """Turns every ``InputError`` into its one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"tts {ctx.invoked_subcommand}: {error}", err=True)
            ctx.exit(EXIT_BAD_INPUT)


def config_options(command: Command) -> Command:
    """``--config`` and ``--set``, the same for every command that has a config."""
    recipe = click.option(
        "--config",
        "recipes",
        multiple=True,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="YAML recipe stating what differs from the defaults. May be given several times; later ones win.",
    )
    override = click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="A.B=C",
        help="Override one value, for instance --set training.acoustic.steps=5000. May be given several times.",
    )
    return recipe(override(command))


@click.group(cls=Linnet, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="linnet-tts", prog_name="tts")
def main() -> None:
    """Linnet: speech synthesis you can train, ship and trust.

    \b
    From recordings to a voice:
      tts doctor CORPUS                                    what is wrong with the recordings
      tts align CORPUS                                     when each phone is said, if not known yet
      tts preprocess CORPUS FEATURES                       durations, pitch, energy, mel
      tts show FEATURES UTTERANCE                          a picture of them
      tts train acoustic FEATURES runs/acoustic            FastSpeech 2
      tts train vocoder  FEATURES runs/vocoder             HiFi-GAN
      tts evaluate vocoder runs/vocoder FEATURES           how close to the recordings
      tts export --acoustic runs/acoustic --vocoder runs/vocoder VOICE
      tts synthesize --voice VOICE "Hello." -o hello.wav   ONNX Runtime, no torch
      tts bench --voice VOICE                              how fast it speaks here

    Try it first on a small corpus made on the spot: tts demo. Any command that was stopped goes on when given again.
    """


@main.command()
@click.argument("corpus", type=FOLDER)
@click.argument("features")
@click.option("--textgrids", type=FOLDER, help="Folder of TextGrids.  [default: CORPUS/TextGrid]")
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@click.option("--skip-bad", is_flag=True, help="Go on without unusable utterances; they are listed at the end.")
@click.option(
    "--engine",
    type=click.Choice(["process", "ray"]),
    default="process",
    show_default=True,
    help="Work on this machine, or on those of a Ray cluster, which all see CORPUS and FEATURES there.",
)
@click.option("--address", help="Of the Ray cluster, such as ray://HOST:10001.  [default: RAY_ADDRESS, this machine's]")
@config_options
def preprocess(
    corpus: Path,
    features: str,
    textgrids: Path | None,
    workers: int | None,
    skip_bad: bool,
    engine: str,
    address: str | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Extract durations, pitch, energy and mel spectrograms of CORPUS into FEATURES.

    CORPUS is in the LJSpeech layout: metadata.csv with lines "id|text|normalised text", wavs/ID.wav (or .flac, any
    sample rate), and TextGrid/ID.TextGrid with the tiers "words" and "phones", as the Montreal Forced Aligner writes
    them. A folder of such folders is a corpus of several speakers, one per folder.

    FEATURES may be a URL that fsspec knows, such as s3://bucket/features (with the package s3fs). Training reads it
    from a folder: copy it there.

    \b
    Examples:
      tts preprocess LJSpeech-1.1 features/lj --config configs/ljspeech.yaml
      tts preprocess /shared/corpus s3://voices/features --engine ray --address ray://head:10001
    """
    from preprocess import workers as local
    from preprocess.folder import open_folder
    from preprocess.pipeline import run
    from tts.config.loader import load_config

    config = load_config(recipes, overrides)
    folder = open_folder(features)
    run_jobs: local.Engine = local.run_jobs
    if engine == "ray":
        from preprocess import ray_engine

        run_jobs = partial(ray_engine.run_jobs, address=address)
        corpus, folder = corpus.absolute(), folder.absolute()  # the other machines work in other folders
        textgrids = textgrids and textgrids.absolute()
    elif address:
        raise InputError(f"--address {address}", "is that of a Ray cluster", "add --engine ray")
    report = run(corpus, folder, config, textgrids=textgrids, workers=workers, skip_bad=skip_bad, engine=run_jobs)
    click.echo(report)


@main.command()
@click.argument("corpus", type=FOLDER)
@click.option("--textgrids", type=FOLDER, help="Folder of TextGrids.  [default: CORPUS/TextGrid]")
@click.option("--json", "json_file", type=FOLDER, help="Also write every finding and measurement, for programs.")
@click.option("--html", "html_file", type=FOLDER, help="Also write a page with charts and recordings to listen to.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one per core]")
@config_options
def doctor(
    corpus: Path,
    textgrids: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    workers: int | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Check CORPUS before hours are spent on it: recordings, transcripts, TextGrids, speakers, phones.

    Everything that is wrong becomes a finding: an error would stop 'tts preprocess', a warning may spoil the voice.
    What counts as wrong is set in the config's section "doctor". Exit code 0: training may start. 1: there are errors.
    2: the command itself cannot be carried out.

    \b
    Example:
      tts doctor LJSpeech-1.1 --html report.html --config configs/ljspeech.yaml
    """
    from preprocess.doctor import examine
    from preprocess.doctor_page import html_report
    from preprocess.doctor_report import json_report, text_report
    from tts.config.atomic_write import write_atomically
    from tts.config.loader import load_config

    for path in (json_file, html_file):
        if path and not path.parent.is_dir():
            raise InputError(path, "its folder does not exist", "make the folder first")
    diagnosis = examine(corpus, load_config(recipes, overrides), textgrids, workers)
    click.echo(text_report(diagnosis))
    for path, report in ((json_file, json_report), (html_file, html_report)):
        if path:
            write_atomically(path, report(diagnosis).encode())
            click.echo(f"report: {path}")
    if not diagnosis.may_train:
        sys.exit(EXIT_NOT_FIT)


@main.command()
@click.argument("corpus", type=FOLDER)
@click.option("--textgrids", type=FOLDER, help="Folder to write to.  [default: CORPUS/TextGrid]")
@click.option("--work", type=FOLDER, help="Folder of the training run.  [default: 'aligner' beside the TextGrids]")
@click.option("--from", "start", type=FOLDER, help="Begin with an aligner already trained: the --work of another run.")
@click.option("--overwrite", is_flag=True, help="Replace TextGrids that this command did not write, or edited ones.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that read.  [default: one per core]")
@click.option("--skip-bad", is_flag=True, help="Go on without unusable utterances; they are listed at the end.")
@config_options
def align(
    corpus: Path,
    textgrids: Path | None,
    work: Path | None,
    start: Path | None,
    overwrite: bool,
    workers: int | None,
    skip_bad: bool,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Find out when each word and phone of CORPUS is said, and write it as TextGrids.

    A small network trains on the corpus itself, in some minutes on a CPU: any language that the front end reads, no
    download. 'tts preprocess' reads the TextGrids from where they are. Phones are those of the front end; set
    text.front_end to the one your voice shall have. Pauses are found between any two words.

    Each utterance gets a confidence, the mean probability of its frames to sound like the text, and the stretch where
    it is lowest. Those far below the rest of the corpus are listed: the text was probably not said like that. All are
    in alignments.csv of the work folder. A second corpus needs fewer steps with --from.

    \b
    Examples:
      tts align kathleen
      tts align LJSpeech-1.1 --textgrids lj/TextGrid --set text.front_end=arpabet
      tts align another --from kathleen/aligner --set training.aligner.steps=200
    """
    from preprocess.alignment import write_alignments
    from preprocess.alignment_inputs import default_textgrids, prepare
    from preprocess.lock import exclusive
    from tts.config.loader import load_config
    from tts.training.aligner_task import align as align_all
    from tts.training.aligner_task import train_aligner

    config = load_config(recipes, overrides)
    work = work or (textgrids or default_textgrids(corpus)).parent / "aligner"
    with exclusive(work):
        inputs, skipped = prepare(
            corpus, work, config, textgrids=textgrids, workers=workers, skip_bad=skip_bad, overwrite=overwrite
        )
        _exit_if_stopped(train_aligner(inputs, work / "run", config, start and _run_of(start)))
        click.echo(write_alignments(inputs, align_all(inputs, work / "run", config), skipped, work, config.aligner))


def _run_of(work: Path) -> Path:
    return work / "run" if (work / "run").is_dir() else work


@main.command()
@click.argument("features", type=FOLDER)
@click.argument("utterance")
@click.option("-o", "--output", type=FOLDER, help="Picture.  [default: UTTERANCE.png]")
def show(features: Path, utterance: str, output: Path | None) -> None:
    """Draw one utterance of FEATURES: waveform, mel with its phones, pitch, energy.

    \b
    Example:
      tts show features/lj LJ001-0001 -o LJ001-0001.png
    """
    from tts.data.store import FeatureStore
    from tts.training.pictures import draw_features

    store = FeatureStore(features)
    figure = draw_features(store, store.find(utterance))
    output = output or Path(f"{utterance}.png")
    try:
        figure.savefig(output, format="png")
    except OSError as error:
        raise InputError(output, f"cannot be written ({error.strerror})") from None
    click.echo(output)


@main.group()
def train() -> None:
    """Train a model on the features of 'tts preprocess'.

    RUN is a folder that receives the config, checkpoints, metrics (JSONL and TensorBoard) and samples. The same command
    on an existing run goes on where it stopped; Ctrl-C saves first.
    """


start_option = click.option(
    "--from", "start", type=FOLDER, help="Start with the weights of another run, or of a checkpoint in it."
)


@train.command()
@click.argument("features", type=FOLDER)
@click.argument("run", type=FOLDER)
@start_option
@config_options
def acoustic(
    features: Path, run: Path, start: Path | None, recipes: tuple[Path, ...], overrides: tuple[str, ...]
) -> None:
    """Train FastSpeech 2: phones to mel, with durations, pitch and energy.

    \b
    Example:
      tts train acoustic features/lj runs/lj-acoustic --config configs/ljspeech.yaml
    """
    from tts.config.loader import load_config
    from tts.training.acoustic_task import train_acoustic

    _exit_if_stopped(train_acoustic(features, run, load_config(recipes, overrides), start))


@train.command()
@click.argument("features", type=FOLDER)
@click.argument("run", type=FOLDER)
@start_option
@click.option(
    "--gta", "acoustic", type=FOLDER, help="Train on the mels that this run of 'tts train acoustic' predicts."
)
@config_options
def vocoder(
    features: Path,
    run: Path,
    start: Path | None,
    acoustic: Path | None,
    recipes: tuple[Path, ...],
    overrides: tuple[str, ...],
) -> None:
    """Train HiFi-GAN: mel to audio.

    A vocoder that has learned from recorded mels sounds cleaner after some thousand steps on those that its acoustic
    model predicts, with the durations, pitch and energy of the recordings (--gta). They are computed once, into RUN.

    \b
    Examples:
      tts train vocoder features/lj runs/lj-vocoder --config configs/ljspeech.yaml --config configs/hifigan_v2.yaml
      tts train vocoder features/lj runs/lj-tuned --from runs/lj-vocoder --gta runs/lj-acoustic
    """
    from tts.config.loader import load_config
    from tts.training.vocoder_task import train_vocoder

    _exit_if_stopped(train_vocoder(features, run, load_config(recipes, overrides), start, acoustic))


def _exit_if_stopped(finished: bool) -> None:
    if not finished:
        click.echo("Stopped and saved. The same command goes on from here.", err=True)
        sys.exit(EXIT_STOPPED)


@main.group()
def evaluate() -> None:
    """Measure a model on the validation clips of FEATURES, which it was not trained on.

    Every figure compares whole clips with their recordings. The column "ideal" is what a perfect copy scores.
    """


def evaluate_options(command: Command) -> Command:
    """What every command of ``evaluate`` measures on, and where it writes."""
    n_clips = click.option(
        "--clips", "n_clips", type=click.IntRange(min=1), help="Of the validation split.  [default: all]"
    )
    json_file = click.option("--json", "json_file", type=FOLDER, help="Also write it for programs, clip by clip.")
    return click.argument("model", type=FOLDER)(click.argument("features", type=FOLDER)(n_clips(json_file(command))))


@evaluate.command("vocoder")
@evaluate_options
def evaluate_vocoder(model: Path, features: Path, n_clips: int | None, json_file: Path | None) -> None:
    """Copy synthesis: recorded mels through the vocoder MODEL, beside the recordings.

    MODEL is a run of 'tts train vocoder' (its newest checkpoint), a checkpoint in it, an ONNX vocoder, or a voice
    folder.

    \b
      mel_l1                 log-mel spectrograms, natural log
      stft_distance          spectral convergence + log magnitude over three resolutions
      mcd_db                 mel-cepstral distortion: cepstra 1 to 13, frame by frame, without c_0
      f0_rmse_cents          where both are voiced; 100 are a semitone
      voicing_error_percent  frames voiced in one alone: hoarse, or buzzing
      periodicity_rmse       0 to 1 per frame: noise in vowels, or tones in hiss
      snr_db                 sample by sample; hears phase, so good vocoders are near 0 too
      amplitude_ratio        loudness
      pesq                   ITU-T P.862.2, wide band; needs: pip install pesq

    \b
    Examples:
      tts evaluate vocoder runs/lj-vocoder features/lj --json vocoder.json
      tts evaluate vocoder voices/lj features/lj --clips 20
    """
    from tts.evaluation.vocoder import evaluate_vocoder

    _show(evaluate_vocoder(model, features, n_clips), json_file)


@evaluate.command("acoustic")
@evaluate_options
def evaluate_acoustic(model: Path, features: Path, n_clips: int | None, json_file: Path | None) -> None:
    """Mel, pitch, energy and durations of the acoustic model MODEL, beside the recordings.

    MODEL is a run of 'tts train acoustic' (its newest checkpoint), a checkpoint in it, or a voice folder.

    "forced" rows: given the recorded durations, pitch and energy, what would it have chosen, frame by frame. A voice
    folder cannot be forced. "free" rows: given the phones alone; frames are paired by dynamic time warping, durations
    phone by phone without pauses. F0 is compared where the recording is voiced: of a run, the contour that it predicts;
    of a voice, what its vocoder makes audible. A variance_ratio below 1 is a mel smoother than speech.

    \b
    Example:
      tts evaluate acoustic runs/lj-acoustic features/lj --json acoustic.json
    """
    from tts.evaluation.acoustic import evaluate_acoustic

    _show(evaluate_acoustic(model, features, n_clips), json_file)


@main.group("import")
def import_() -> None:
    """Take weights that other programs published."""


@import_.command()
@click.argument("config_json", type=FOLDER)
@click.argument("checkpoint", type=FOLDER)
@click.argument("run", type=FOLDER)
@click.option("--discriminators", type=FOLDER, help="The do_* file, to train further from it.")
def hifigan(config_json: Path, checkpoint: Path, run: Path, discriminators: Path | None) -> None:
    """HiFi-GAN as jik876 published it: CONFIG_JSON and the generator g_* become the folder RUN.

    RUN can be exported, and training can start from it: 'tts train vocoder FEATURES NEW_RUN --from RUN', on features
    that were made with --config RUN/config.yaml.

    \b
    Example:
      tts import hifigan config.json g_02500000 runs/universal --discriminators do_02500000
    """
    from tts.training.hifigan_import import import_hifigan

    click.echo(import_hifigan(config_json, checkpoint, run, discriminators))


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--acoustic", type=FOLDER, help="Run of 'tts train acoustic', or a checkpoint in it.")
@click.option("--vocoder", type=FOLDER, help="Run of 'tts train vocoder', or a checkpoint in it.")
@click.option("--voice", "voice_folder", type=FOLDER, help="Instead of both: a voice exported before.")
@click.option(
    "--target",
    type=click.Choice(["voice", "fused", "sherpa-onnx", "piper", "triton"]),
    default="voice",
    show_default=True,
    help="Who shall speak.",
)
@click.option("--name", help="Name of the voice.  [default: the folder's]")
@click.option("--licence", default="", help="Licence of the voice, recorded in what is written.")
@click.option(
    "--variant",
    "variants",
    type=click.Choice(["fp16", "int8", "mixed"]),
    multiple=True,
    help="Smaller or faster graphs beside the others, several if wanted; for another target: which of --voice to take.",
)
@click.option("--calibration", type=FOLDER, help="Features, to make variants with.  [default: sentences in English]")
@click.option("--force", is_flag=True, help="Keep also variants that are slower, or worse than their limit.")
def export(
    folder: Path,
    acoustic: Path | None,
    vocoder: Path | None,
    voice_folder: Path | None,
    target: Any,
    name: str | None,
    licence: str,
    variants: tuple[Any, ...],
    calibration: Path | None,
    force: bool,
) -> None:
    """Export both models to ONNX into FOLDER.

    Both graphs are compared with torch over many lengths, batch sizes and controls; unless they agree nothing is
    written. Other targets are made of these graphs, and compared with them.

    \b
    Targets:
      voice        a voice folder, for 'tts synthesize'
      fused        fused.onnx: phone ids to audio in one graph, for ONNX Runtime
      sherpa-onnx  model.onnx, tokens.txt, lexicon.txt: its --vits-model, --vits-tokens, --vits-lexicon
      piper        voice.onnx, voice.onnx.json: English, with espeak-ng's pronunciation
      triton       a model repository for NVIDIA's Triton server

    \b
    Variants, each measured against the exported voice (size, speed, error); one that does not reach its limit is
    refused (exit code 1):
      fp16         weights of half precision: half the size, the same speed
      int8         the vocoder in 8 bits: the fastest, the least exact
      mixed        8 bits only for the layers that gain from it

    \b
    Examples:
      tts export --voice voices/lj --variant fp16 --variant mixed voices/lj-small
      tts export --acoustic runs/lj-acoustic --vocoder runs/lj-vocoder voices/lj
      tts export --voice voices/lj --target piper piper/lj
    """
    if (acoustic is None or vocoder is None) == (voice_folder is None):
        raise click.UsageError("Give either --acoustic and --vocoder, or --voice.")
    if target != "voice" and variants and not (voice_folder and len(variants) == 1):
        raise click.UsageError("With another --target goes one --variant, and only if --voice has it already.")
    if voice_folder:
        if acoustic or vocoder or name or licence or (target == "voice" and not variants):
            raise click.UsageError("With --voice go --variant and --target alone, one of them at least.")
        if target == "voice":
            from tts.export.variants import Wanted, copy_with_variants, variants_table

            rows = copy_with_variants(voice_folder, folder, Wanted(variants, calibration, force))
            click.echo(f"{variants_table(rows)}\nvoice written to {folder}")
            _exit_if_refused(rows)
            return
        from tts.export.targets.convert import convert

        click.echo(convert(voice_folder, target, folder, *variants))
        return
    assert acoustic and vocoder
    from tts.models.saved import find_checkpoint, standing

    for path in (acoustic, vocoder):
        click.echo(standing(find_checkpoint(path)))
    name = name or folder.resolve().name
    if target == "voice":
        from tts.export.bundle import export_voice
        from tts.export.variants import Wanted

        wanted = Wanted(variants, calibration, force)
        report = export_voice(acoustic, vocoder, folder, name=name, licence=licence, wanted=wanted)
        click.echo(report)
        _exit_if_refused(report.variants)
    else:
        from tts.export.targets.convert import export_for

        click.echo(export_for(target, acoustic, vocoder, folder, name=name, licence=licence))


def _exit_if_refused(variants: Any) -> None:
    if any(row.refused for row in variants):
        sys.exit(EXIT_NOT_FIT)


def voice_options(command: Command) -> Command:
    """``--voice`` and what runs it, the same for every command that speaks."""
    voice = click.option(
        "--voice", "voice_folder", required=True, type=FOLDER, help="Voice folder, as 'tts export' writes it."
    )
    device = click.option(
        "--device",
        type=click.Choice(["cpu", "cuda", "coreml", "dml"]),
        default="cpu",
        show_default=True,
        help="What computes. All but cpu need the ONNX Runtime package made for it.",
    )
    threads = click.option("--threads", type=click.IntRange(min=1), help="On the CPU.  [default: one per core]")
    variant = click.option(
        "--variant",
        type=click.Choice(["fp32", "fp16", "int8", "mixed"]),
        default="fp32",
        show_default=True,
        help="Which graphs, of those that 'tts export --variant' wrote.",
    )
    return voice(variant(device(threads(command))))


@main.command()
@click.argument("text", required=False)
@voice_options
@click.option("-o", "--output", type=FOLDER, help='Sound file, or "-" for standard output.  [default: speech.wav]')
@click.option(
    "--format", "name", type=click.Choice(["wav", "flac", "ogg", "raw"]), help="[default: as the suffix says]"
)
@click.option("--stream", is_flag=True, help="Write while speaking: the first sound comes at once, memory stays small.")
@click.option("--play", is_flag=True, help="Stream to the sound card, not a file. Needs the package sounddevice.")
@click.option("--input", "lines_file", type=FOLDER, help="A text on each line, or id|text. With --output-dir.")
@click.option("--output-dir", type=FOLDER, help="One sound file for each line. Those already there are kept.")
@click.option("--speaker", help="Speaker of a voice that has several.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="2 speaks twice as fast.")
@click.option("--pitch", type=float, default=0.0, show_default=True, help="Shift in semitones.")
@click.option("--energy", type=float, default=0.0, show_default=True, help="Shift in dB.")
@click.option("--sample-rate", type=int, help="Hz.  [default: the voice's]")
@click.option("--loudness", type=float, help="LUFS, as ITU-R BS.1770 measures, for instance -23.  [default: untouched]")
@click.option("--dither", is_flag=True, help="Triangular noise before rounding to 16 bits.")
@click.option("--timestamps", type=FOLDER, help="Also write the times of words and phones, as JSON.")
def synthesize(
    text: str | None,
    voice_folder: Path,
    variant: Any,
    device: Any,
    threads: int | None,
    output: Path | None,
    name: str | None,
    stream: bool,
    play: bool,
    lines_file: Path | None,
    output_dir: Path | None,
    sample_rate: int | None,
    loudness: float | None,
    dither: bool,
    timestamps: Path | None,
    **how: Any,
) -> None:
    """Speak TEXT into a sound file. "-" reads the text from standard input.

    With --input each line of a file becomes a sound file. The same command again goes on where it stopped.

    \b
    Examples:
      tts synthesize --voice voices/lj "Hello, how are you?" -o hello.wav --speed 1.1
      cat book.txt | tts synthesize --voice voices/lj - --stream -o - | ffplay -nodisp -
      tts synthesize --voice voices/lj --input lines.txt --output-dir spoken --format flac
    """
    if (text is None) == (lines_file is None) or (lines_file is None) != (output_dir is None):
        raise click.UsageError("Give either TEXT, or --input and --output-dir.")
    if loudness is not None and (stream or play):
        raise click.UsageError("--loudness needs all of the speech before its first sound: leave out --stream, --play.")
    from tts.audio.delivery import Delivery
    from tts.runtime.session import Hardware
    from tts.runtime.speak import deliver, open_sink
    from tts.runtime.voice import Voice

    delivery = Delivery(sample_rate, loudness, dither)
    load_voice = partial(Voice.load, voice_folder, Hardware(device, threads or 0), variant)
    if lines_file and output_dir:
        if output or timestamps or stream or play:
            raise click.UsageError("--output, --timestamps, --stream and --play are for one TEXT, not for --input.")
        _synthesize_lines(load_voice, lines_file, output_dir, f".{name or 'wav'}", delivery, how)
        return
    assert text is not None
    output = output or Path("speech.wav")
    if text == "-":
        text = sys.stdin.read()
    voice = load_voice()
    spoken_rate = voice.manifest.sample_rate
    chunks = voice.stream(text, **how) if stream or play else iter([voice.synthesize(text, **how)])
    with open_sink(output, name, delivery.rate(spoken_rate), play=play) as sink:
        spoken_s = deliver(chunks, spoken_rate, delivery, sink, timestamps)
    click.echo(f"{'played' if play else output}: {spoken_s:.2f} s", err=str(output) == "-")


def _synthesize_lines(
    load_voice: Any, lines_file: Path, folder: Path, suffix: str, delivery: Any, how: dict[str, Any]
) -> None:
    from tts.runtime.lines import read_lines, speak_lines, unfinished

    lines = read_lines(lines_file)
    todo = unfinished(lines, folder, suffix)
    click.echo(f"{len(lines)} lines, {len(lines) - len(todo)} of them spoken already")
    if todo:
        voice = load_voice()
        with click.progressbar(speak_lines(voice, todo, folder, suffix, delivery, **how), len(todo)) as spoken:
            for _ in spoken:
                pass


@main.command()
@voice_options
@click.option("--json", "json_file", type=FOLDER, help="Also write the figures for programs.")
def bench(voice_folder: Path, variant: Any, device: Any, threads: int | None, json_file: Path | None) -> None:
    """How fast a voice speaks here: real-time factor, first sound, loading, memory, over the length of the text.

    \b
    Example:
      tts bench --voice voices/lj --threads 2 --json bench.json
    """
    from tts.runtime.bench import bench
    from tts.runtime.session import Hardware

    report = bench(voice_folder, Hardware(device, threads or 0), variant)
    _show(report, json_file)


def _show(report: Any, json_file: Path | None) -> None:
    import json

    click.echo(report)
    if json_file:
        try:
            json_file.write_text(json.dumps(report.tree(), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(json_file, f"cannot be written ({error.strerror})") from None


@main.command()
@click.argument("folder", type=FOLDER, default="demo")
def demo(folder: Path) -> None:
    """Make a small spoken corpus, train both models on it, export them and speak, in some minutes on a CPU.

    Everything lands in FOLDER (default: demo): the corpus, features, runs, voice, pictures and hello.wav.
    """
    from tts.demo.run import run_demo

    _exit_if_stopped(run_demo(folder))


if __name__ == "__main__":
    main()
