"""``tts evaluate``: how close models come to the recordings, and what people say of them."""

from pathlib import Path
from typing import Any, get_args

import click

from tts.commands.options import FOLDER, Command, show_report
from tts.names import ListeningKind


@click.group()
def evaluate() -> None:
    """Find out how good models are: by measures, beside the recordings, and by people's ears.

    \b
    Example:
      tts evaluate vocoder runs/lj-vocoder features/lj

    'vocoder' and 'acoustic' measure on the validation clips of FEATURES, which no model was trained on. Every figure
    compares whole clips with their recordings; the column "ideal" is what a perfect copy scores. 'endings' hears
    whether a voice asks its questions. 'listen' makes a page for a blind listening test, and 'votes' counts what its
    listeners said.
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

    \b
    Examples:
      tts evaluate vocoder runs/lj-vocoder features/lj --json vocoder.json
      tts evaluate vocoder voices/lj features/lj --clips 20

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
    """
    from tts.evaluation.vocoder import evaluate_vocoder

    show_report(evaluate_vocoder(model, features, n_clips), json_file)


@evaluate.command("acoustic")
@evaluate_options
def evaluate_acoustic(model: Path, features: Path, n_clips: int | None, json_file: Path | None) -> None:
    """Mel, pitch, energy and durations of the acoustic model MODEL, beside the recordings.

    \b
    Example:
      tts evaluate acoustic runs/lj-acoustic features/lj --json acoustic.json

    MODEL is a run of 'tts train acoustic' (its newest checkpoint), a checkpoint in it, or a voice folder.

    "forced" rows: given the recorded durations, pitch and energy, what would it have chosen, frame by frame. A voice
    folder cannot be forced. "free" rows: given the phones alone; frames are paired by dynamic time warping, durations
    phone by phone without pauses. F0 is compared where the recording is voiced: of a run, the contour that it predicts;
    of a voice, what its vocoder makes audible. A variance_ratio below 1 is a mel smoother than speech; a pause_ratio
    above 1 pauses for longer than the recording at marks of that kind.
    """
    from tts.evaluation.acoustic import evaluate_acoustic

    show_report(evaluate_acoustic(model, features, n_clips), json_file)


@evaluate.command("endings")
@click.argument("voice")
@click.option("--speaker", help="One of the voice.  [default: the voice's]")
@click.option("--json", "json_file", type=FOLDER, help="Also write it for programs, sentence by sentence.")
def evaluate_endings(voice: str, speaker: str | None, json_file: Path | None) -> None:
    """How VOICE, a folder or the name of a voice, ends the same words with a full stop, '?' and '!'.

    \b
    Example:
      tts evaluate endings voices/lj

    \b
      end_semitones  the last voiced 0.15 s, above the median of the sentence
      rises          share of the questions that end a semitone or more above their statements
    """
    from tts.evaluation.endings import evaluate_endings

    show_report(evaluate_endings(voice, speaker), json_file)


@evaluate.command()
@click.argument("systems", nargs=-1, required=True, metavar="A B [C ...]")
@click.option("--text", "lines_file", type=FOLDER, required=True, help="A sentence on each line, or id|sentence.")
@click.option("-o", "--output", type=FOLDER, default="listening.html", show_default=True, help="The page.")
@click.option(
    "--kind",
    type=click.Choice(get_args(ListeningKind)),
    default="pairs",
    show_default=True,
    help="Which of two sounds better, or how good each sounds (mean opinion score, 1 to 5).",
)
@click.option("--reference", type=FOLDER, help="With --kind mos: recordings, hidden among the rest.")
def listen(systems: tuple[str, ...], lines_file: Path, output: Path, kind: Any, reference: Path | None) -> None:
    """Make a page for a blind listening test of two or more systems.

    \b
    Examples:
      tts evaluate listen linnet voices/lj --text sentences.txt -o listening.html
      tts evaluate listen linnet voices/lj --kind mos --reference recordings --text sentences.txt

    A, B and so on are voices (names or folders, which then speak the sentences), or folders of sound files named by the
    ids of the sentences, such as 00001.wav for the first line. All are brought to the same loudness.

    The page is one file: send it to listeners, or put it on any host. It works with mouse, touch or keyboard, in random
    order, without naming the systems. At the end a listener saves the answers as CSV; 'tts evaluate votes' counts them.
    """
    from tts.evaluation.listening import listening_page
    from tts.files.whole import write_file
    from tts.runtime.lines import read_lines

    lines = read_lines(lines_file)
    page = listening_page(systems, lines, kind, reference).encode()
    write_file(output, page)
    click.echo(f"{output}: {len(lines)} sentences, {len(page) / 1e6:.1f} MB; open it in a browser")


@evaluate.command()
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="CSV...")
@click.option("--json", "json_file", type=FOLDER, help="Also write it for programs.")
def votes(files: tuple[Path, ...], json_file: Path | None) -> None:
    """Count the votes of a listening test that 'tts evaluate listen' made.

    \b
    Example:
      tts evaluate votes votes-ann.csv votes-ben.csv

    Pairs: who was preferred, the exact binomial test, and the confidence interval of the share (Clopper and Pearson).
    Scores: means with confidence intervals (bootstrap over listeners and sentences), and the same test of whose score
    was higher. A p below 0.05 is called a difference.
    """
    from tts.evaluation.votes import read_votes

    show_report(read_votes(files), json_file)
