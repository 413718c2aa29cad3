"""``tts evaluate``: how close models come to the recordings."""

from pathlib import Path

import click

from tts.commands.options import FOLDER, Command, show_report


@click.group()
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

    show_report(evaluate_vocoder(model, features, n_clips), json_file)


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

    show_report(evaluate_acoustic(model, features, n_clips), json_file)
