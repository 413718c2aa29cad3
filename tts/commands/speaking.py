"""``tts voices``, ``check``, ``synthesize``, ``bench``: ONNX Runtime, no torch."""

import gc
import sys
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, get_args

import click

from tts.commands.options import EXIT_NOT_FIT, FOLDER, Command, show_report
from tts.names import AudioFormat, Device, Markup, Variant
from tts.runtime.catalogue import DEFAULT_VOICE


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--from", "source", metavar="URL|FOLDER", help="Where voices are offered: an index.json and the voices.")
@click.option("--to", "folder", type=FOLDER, default="voices", show_default=True, help="Folder for fetched voices.")
@click.option("--index", "indexed", type=FOLDER, help="Offer the voices in this folder: write its index.json.")
def voices(names: tuple[str, ...], source: str | None, folder: Path, indexed: Path | None) -> None:
    """List the voices that come with the package, or those that others offer, and fetch them.

    \b
    Examples:
      tts voices
      tts voices --from https://example.org/voices
      tts voices --from https://example.org/voices lj
      tts voices --index voices

    With --from, the voices NAME... are fetched, each into a folder of its name, as the index describes them or not at
    all. Any web server or folder will do: put voices beside the index.json that --index writes.
    """
    if bool(source) + bool(indexed) > 1 or (names and not source):
        raise click.UsageError("Give --from, with the names of voices to fetch, or --index, or neither.")
    if indexed:
        from tts.runtime.voice_index import INDEX_FILE, write_index

        click.echo(f"{write_index(indexed)}\n  {indexed / INDEX_FILE}")
        return
    if source:
        _fetch(source, names, folder)
        return
    from tts.runtime.catalogue import describe, shipped_voices

    for folder in shipped_voices():
        click.echo(describe(folder))


@click.command()
@click.argument("voice", type=FOLDER)
def check(voice: Path) -> None:
    """Say what VOICE holds, and whether it is safe to speak with.

    \b
    Example:
      tts check voices/from-the-net

    All of its graphs are read before anything runs: they may hold arithmetic on their own weights and nothing else.
    Then each variant speaks all phones in a process of its own, which gets only so much memory and time. Every command
    does the same when it meets a voice for the first time.
    """
    from tts.runtime.examination import examine_voice

    click.echo(examine_voice(voice))


def _fetch(source: str, names: tuple[str, ...], folder: Path) -> None:
    from tts.files.names import inside
    from tts.runtime.voice_index import fetch_voice, read_index

    index = read_index(source)
    if not names:
        click.echo(index)
    for name in names:
        place = inside(folder, name)
        size = index.voices[name].size if name in index.voices else 0
        with click.progressbar(length=size, label=name) as bar:
            fetch_voice(source, name, place, bar.update)
        click.echo(place)


def voice_options(command: Command) -> Command:
    """``--voice`` and what runs it, the same for every command that speaks."""
    voice = click.option(
        "--voice",
        "voice_folder",
        type=FOLDER,
        default=DEFAULT_VOICE,
        show_default=True,
        help="Name, of those that 'tts voices' lists, or a folder that 'tts export' wrote.",
    )
    device = click.option(
        "--device",
        type=click.Choice(get_args(Device)),
        default="cpu",
        show_default=True,
        help="What computes. All but cpu need the ONNX Runtime package made for it.",
    )
    threads = click.option("--threads", type=click.IntRange(min=1), help="On the CPU.  [default: one per core]")
    variant = click.option(
        "--variant",
        type=click.Choice(get_args(Variant)),
        help="Which graphs, of those that 'tts shrink' wrote.  [default: the most exact]",
    )
    return voice(variant(device(threads(command))))


@click.command()
@click.argument("text", required=False)
@voice_options
@click.option(
    "-o", "--output", "path", type=FOLDER, help='Sound file, or "-" for standard output.  [default: speech.wav]'
)
@click.option("--format", "name", type=click.Choice(get_args(AudioFormat)), help="[default: as the suffix says]")
@click.option("--stream", is_flag=True, help="Write while speaking: the first sound comes at once, memory stays small.")
@click.option("--play", is_flag=True, help="Stream to the sound card, not a file. Needs the package sounddevice.")
@click.option("--input", "lines_file", type=FOLDER, help="A text on each line, or id|text. With --output-dir.")
@click.option(
    "--output-dir",
    type=FOLDER,
    help="One sound file for each line. Those made from the same text and options are kept.",
)
@click.option("--speaker", help="Speaker of a voice that has several.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="2 speaks twice as fast.")
@click.option("--pitch", type=float, default=0.0, show_default=True, help="Shift in semitones.")
@click.option("--energy", type=float, default=0.0, show_default=True, help="Shift in dB.")
@click.option(
    "--variation",
    type=float,
    default=0.0,
    show_default=True,
    help="1 varies the melody as a speaker does, of a voice with a variational prosody.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another one varies otherwise.")
@click.option("--sample-rate", type=int, help="Hz.  [default: the voice's]")
@click.option("--loudness", type=float, help="LUFS, as ITU-R BS.1770 measures, for instance -23.  [default: untouched]")
@click.option("--dither", is_flag=True, help="Triangular noise before rounding to 16 bits.")
@click.option("--timestamps", type=FOLDER, help="Also write when what is said: .json, .srt, .vtt or .TextGrid.")
@click.option(
    "--markup",
    type=click.Choice(get_args(Markup)),
    default="plain",
    show_default=True,
    help="What the text is written in. In all of them [[phones]] are said as they stand.",
)
@click.option("--lexicon", type=FOLDER, help="Words and how to say them: 'gif = jiff', 'Nguyen = /W IH1 N/' a line.")
@click.option("--strict", is_flag=True, help="Refuse what has no reading, instead of leaving it out.")
def synthesize(
    text: str | None,
    voice_folder: Path,
    variant: Any,
    device: Any,
    threads: int | None,
    lines_file: Path | None,
    output_dir: Path | None,
    sample_rate: int | None,
    loudness: float | None,
    dither: bool,
    **options: Any,
) -> None:
    """Speak TEXT into a sound file. "-" reads the text from standard input.

    \b
    Examples:
      tts synthesize "Hello, how are you?" -o hello.wav --speed 1.1
      tts synthesize --markup ssml '<speak>Wait <break time="700ms"/> here.</speak>' --timestamps wait.vtt
      cat book.txt | tts synthesize --voice voices/lj - --stream -o - | ffplay -nodisp -
      tts synthesize --voice voices/lj --input lines.txt --output-dir spoken --format flac

    With --input each line of a file becomes a sound file. The same command again goes on where it stopped. What has no
    reading is named on standard error and left out; lines of which something was left out make the exit code 1.
    """
    from tts.audio.delivery import Delivery
    from tts.runtime.session import Hardware
    from tts.runtime.voice import Voice

    if (text is None) == (lines_file is None) or (lines_file is None) != (output_dir is None):
        raise click.UsageError("Give either TEXT, or --input and --output-dir.")
    output, how = _output_of(options)
    output.check(bool(lines_file), loudness)
    load_voice = partial(Voice.load, voice_folder, Hardware(device, threads or 0), variant)
    delivery = Delivery(sample_rate, loudness, dither)
    if lines_file and output_dir:
        from tts.runtime.lines import Speaking

        speaking = Speaking(output_dir, f".{output.name or 'wav'}", delivery, **how)
        _synthesize_lines(load_voice, voice_folder, variant, lines_file, speaking)
    else:
        _synthesize_text(load_voice, text or "", output, delivery, how)


@dataclass(frozen=True)
class Output:
    """Where the speech of one text goes."""

    path: Path | None
    name: AudioFormat | None
    stream: bool
    play: bool
    timestamps: Path | None

    @property
    def at_once(self) -> bool:
        """Sound leaves before all of it is spoken."""
        return self.stream or self.play

    def check(self, many: bool, loudness: float | None) -> None:
        if loudness is not None and self.at_once:
            raise click.UsageError(
                "--loudness needs all of the speech before its first sound: leave out --stream, --play."
            )
        if many and (self.path or self.timestamps or self.at_once):
            raise click.UsageError("--output, --timestamps, --stream and --play are for one TEXT, not for --input.")


def _output_of(options: dict[str, Any]) -> tuple[Output, dict[str, Any]]:
    """What says where to, and the rest, which says how to speak."""
    names = {field.name for field in fields(Output)}
    output = Output(**{name: value for name, value in options.items() if name in names})
    return output, {name: value for name, value in options.items() if name not in names}


def _synthesize_text(load_voice: Any, text: str, output: Output, delivery: Any, how: dict[str, Any]) -> None:
    from tts.files.documents import read_standard_input
    from tts.runtime.lines import left_out
    from tts.runtime.speak import deliver, open_sink
    from tts.runtime.timestamps import check_suffix, write_timestamps

    if output.timestamps:
        check_suffix(output.timestamps)
    path = output.path or Path("speech.wav")
    text = read_standard_input() if text == "-" else text
    voice = load_voice()
    spoken_rate = voice.manifest.sample_rate
    chunks = voice.stream(text, **how) if output.at_once else iter([voice.synthesize(text, **how)])
    with open_sink(path, output.name, delivery.rate(spoken_rate), play=output.play) as sink:
        timeline = deliver(chunks, spoken_rate, delivery, sink)
    if output.timestamps:
        write_timestamps(output.timestamps, timeline)
    if timeline.unread:
        click.echo(f"tts synthesize: {left_out(timeline.unread)}", err=True)
    click.echo(f"{'played' if output.play else path}: {timeline.duration_s:.2f} s", err=str(path) == "-")
    gc.freeze()  # or Python, at its end, would look for garbage among everything that was imported


def _synthesize_lines(load_voice: Any, voice_folder: Path, variant: Any, lines_file: Path, speaking: Any) -> None:
    from tts.runtime.catalogue import find_voice
    from tts.runtime.contract import MANIFEST_FILE
    from tts.runtime.folder import read_manifest
    from tts.runtime.lines import read_lines

    lines = read_lines(lines_file)
    todo = speaking.unfinished(lines, read_manifest(find_voice(voice_folder) / MANIFEST_FILE), variant)
    click.echo(f"{len(lines)} lines, {len(lines) - len(todo)} of them spoken already")
    if todo:
        voice = load_voice()
        with click.progressbar(speaking.speak(voice, todo), len(todo)) as spoken:
            problems = [problem for _, problem in spoken if problem]
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            click.echo(f"{len(problems)} of {len(todo)} lines have something that has no reading", err=True)
            sys.exit(EXIT_NOT_FIT)


@click.command()
@voice_options
@click.option(
    "--length",
    "lengths",
    multiple=True,
    type=click.FloatRange(min=0.1),
    help="Seconds of speech, about; may be given several times.  [default: from 1 to 600]",
)
@click.option("--json", "json_file", type=FOLDER, help="Also write the figures for programs.")
def bench(
    voice_folder: Path,
    variant: Any,
    device: Any,
    threads: int | None,
    lengths: tuple[float, ...],
    json_file: Path | None,
) -> None:
    """How fast a voice speaks here: real-time factor, first sound, loading, memory, over the length of the text.

    \b
    Example:
      tts bench --threads 2 --json bench.json
    """
    from tts.runtime.bench import LENGTHS, bench
    from tts.runtime.session import Hardware

    report = bench(voice_folder, Hardware(device, threads or 0), variant, lengths or LENGTHS)
    show_report(report, json_file)
