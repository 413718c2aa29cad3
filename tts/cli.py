"""The ``tts`` command. Bodies import what they need: ``--help`` answers at once and inference never sees torch."""

import io
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from tts.commands import (
    adapting,
    converting,
    corpus,
    evaluation,
    exporting,
    making,
    reading,
    serving,
    speaking,
    training,
)
from tts.commands.options import EXIT_STOPPED, FOLDER, exit_if_stopped
from tts.errors import EXIT_BAD_INPUT, InputError, system_error
from tts.signals import Stopped, raising_stopped

PACKAGE = "linnet-tts"

# Where the user has not decided otherwise. Read when tqdm and torch are imported, which only the commands' bodies do.
LOG = {"TQDM_DISABLE": "1"}  # a progress bar redraws itself, which fills a log
# What the dynamic linker, torch and oneDNN say of it.
NO_MEMORY = (
    "cannot allocate", "can't allocate", "map segment", "bad_alloc", "create a primitive", "out of memory",
    "calculation overflowed", "multiplication overflow",
)  # fmt: skip
PROCESS_NUMBERS = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "SLURM_PROCID", "JSM_NAMESPACE_RANK")
# Threads that wait sleep. By default they spin, and where another program wants the core, all of them wait for one.
NEIGHBOURLY = {"OMP_WAIT_POLICY": "PASSIVE"}
PRIVATE = {"RAY_USAGE_STATS_ENABLED": "0"}  # Ray tells its makers how it is used


class Linnet(click.Group):
    """Turns what cannot be done into one line and exit code 2, and signals into theirs."""

    def main(self, *args: Any, **how: Any) -> Any:
        _open_standard_streams()
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # names of files may not be text
        _name_standard_output()
        threading.excepthook = _say_in_thread
        try:
            with raising_stopped():
                return super().main(*args, **how)
        finally:
            threading.excepthook = threading.__excepthook__
            _flush_or_discard()

    def make_context(self, *args: Any, **how: Any) -> click.Context:
        try:
            return super().make_context(*args, **how)
        except click.UsageError as error:
            _tell("tts", error)
            sys.exit(EXIT_BAD_INPUT)
        except KeyboardInterrupt as stopped:  # click would make it 1
            sys.exit(_exit_code(stopped))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            try:
                done = super().invoke(ctx)
            finally:
                sys.stdout.flush()  # else what cannot be written would show when it is too late
            return done
        except KeyboardInterrupt as stopped:
            ctx.exit(_exit_code(stopped))
        except Exception as error:
            if Stopped.latest:
                ctx.exit(128 + Stopped.latest)
            error = _wrong_number(error) or error
            if not _can_be_told(error):
                raise
            _tell(f"tts {ctx.invoked_subcommand or ''}".strip(), error)
            ctx.exit(EXIT_BAD_INPUT)


def _exit_code(stopped: KeyboardInterrupt) -> int:
    return stopped.exit_code if isinstance(stopped, Stopped) else EXIT_STOPPED


def _tell(command: str, error: Exception) -> None:
    with suppress(OSError, ValueError):
        click.echo(f"{command}: {_line(error)}", err=True)


def _line(error: Exception) -> InputError:
    """What a person is told."""
    if isinstance(error, InputError):
        return error
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "tts"
        return InputError("command line", error.format_message().rstrip("."), f"'{command} --help' says what there is")
    if isinstance(error, OSError):
        where = error.filename or ("standard output" if isinstance(error, BrokenPipeError) else "a file")
        return system_error(where, "cannot be used", error)
    if _lacks_memory(error):
        return InputError("memory", "there is not enough of it", "close other programs, or allow more (ulimit -v)")
    if isinstance(error, ModuleNotFoundError) and (extra := _extra_with(error.name or "", _requirements())):
        return InputError(f"package {error.name!r}", "is not installed", f'pip install "{PACKAGE}[{extra}]"')
    return InputError("a library", f"cannot be loaded ({error})", "install Linnet again, with the extra that has it")


def _wrong_number(error: Exception) -> InputError | None:
    """Of a process among several, in the environment, where libraries look for it as they are loaded."""
    for name in PROCESS_NUMBERS:
        value = os.environ.get(name)
        if isinstance(error, ValueError) and value is not None and repr(value) in str(error):
            return InputError(f"environment variable {name}", f"is {value[:40]!r}, not a number", "unset it")
    return None


def _can_be_told(error: Exception) -> bool:
    """In one line, as it is not a fault of this program."""
    return isinstance(error, InputError | OSError | MemoryError | ImportError | click.UsageError) or (
        isinstance(error, RuntimeError) and _lacks_memory(error)
    )


def _lacks_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY)


def _requirements() -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        return requires(PACKAGE) or []
    except PackageNotFoundError:
        return []


def _extra_with(module: str, requirements: Iterable[str]) -> str:
    """The smallest extra that brings it, as far as the names of packages and of their modules are alike."""
    name = module.partition(".")[0].replace("_", "-")
    pairs = [found.groups() for line in requirements if (found := re.fullmatch(r"([\w-]+).*extra == .(\w+).", line))]
    sizes = Counter(extra for _, extra in pairs)
    return min((extra for package, extra in pairs if package == name), key=sizes.__getitem__, default="")


class StandardOutput(io.FileIO):
    """Says its name where it cannot be written, whoever prints."""

    def write(self, content: Any) -> int:
        try:
            return super().write(content)
        except OSError as error:
            error.filename = "standard output"
            raise


def _name_standard_output() -> None:
    """A terminal is never full."""
    given = sys.stdout
    if given is sys.__stdout__ and isinstance(given, io.TextIOWrapper) and not given.isatty():
        by_line = given.line_buffering or given.write_through
        named = io.BufferedWriter(StandardOutput(given.fileno(), "w", closefd=False))
        sys.stdout = io.TextIOWrapper(named, given.encoding, given.errors, line_buffering=by_line)


def _say_in_thread(failure: threading.ExceptHookArgs) -> None:
    """What the system refuses in a thread is raised where the thread is waited for: once is enough."""
    if not isinstance(failure.exc_value, OSError):
        threading.__excepthook__(failure)


def _open_standard_streams() -> None:
    """Where one is closed, the next file would take its number, and what is printed would end up in it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", closefd=False))
            if name == "stdout":
                click.echo("tts: standard output: is closed; open it, or send it to a file", err=True)
                sys.exit(EXIT_BAD_INPUT)


def _flush_or_discard() -> None:
    """What a closed or full stream does not take is lost; Python would say so once more, and end with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            with suppress(OSError, ValueError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@click.group(cls=Linnet, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=PACKAGE, prog_name="tts")
def main() -> None:
    """Linnet: speech synthesis you can train, ship and trust.

    \b
    Example:
      tts synthesize "Hello." -o hello.wav

    \b
    A voice of your own, from a few minutes of recordings:
      tts adapt CORPUS VOICE                               begins with the voice that ships
      tts cut RECORDING TEXT CORPUS                        from one long recording and its text
      tts record SENTENCES CORPUS --url URL --voice NAME   from what a speech server says

    \b
    From recordings to a voice, step by step:
      tts doctor CORPUS                                    what is wrong with the recordings
      tts align CORPUS                                     when each phone is said, if not known yet
      tts preprocess CORPUS FEATURES                       durations, pitch, energy, mel
      tts show FEATURES UTTERANCE                          a picture of them
      tts train acoustic FEATURES runs/acoustic            FastSpeech 2
      tts train vocoder  FEATURES runs/vocoder             HiFi-GAN
      tts evaluate vocoder runs/vocoder FEATURES           how close to the recordings
      tts export --acoustic runs/acoustic --vocoder runs/vocoder VOICE
      tts check VOICE                                      is it safe to speak with
      tts synthesize --voice VOICE "Hello." -o hello.wav   ONNX Runtime, no torch
      tts read "Hello."                                    what would be said, in words and phones
      tts bench --voice VOICE                              how fast it speaks here
      tts serve --voice VOICE                              speak for other programs

    Try it first on a small corpus made on the spot: tts demo. Any command that was stopped goes on when given again.
    """
    os.environ.update(NEIGHBOURLY | PRIVATE | ({} if sys.stderr.isatty() else LOG) | os.environ)
    if os.environ.get("NO_COLOR"):  # https://no-color.org; without a terminal click leaves colours out anyway
        click.get_current_context().color = False


@main.command()
@click.argument("folder", type=FOLDER, default="demo")
def demo(folder: Path) -> None:
    """Make a small spoken corpus, train both models on it, export them and speak, in a few minutes on a CPU.

    \b
    Example:
      tts demo

    Everything lands in FOLDER (default: demo): the corpus, features, runs, voice, pictures and hello.wav.
    """
    from tts.demo.run import run_demo

    exit_if_stopped(run_demo(folder))


for command in (
    adapting.adapt,
    making.record,
    making.cut,
    corpus.doctor,
    corpus.align,
    corpus.preprocess,
    corpus.show,
    training.train,
    evaluation.evaluate,
    exporting.import_,
    exporting.export,
    converting.shrink,
    converting.convert,
    speaking.voices,
    speaking.check,
    reading.read,
    speaking.synthesize,
    speaking.bench,
    serving.serve,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
