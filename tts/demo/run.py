"""``tts demo``: the whole pipeline on a corpus made on the spot, with the same functions the other commands call."""

from pathlib import Path

import click
import torch

from preprocess.pipeline import run as preprocess
from tts.audio.wav import write_audio
from tts.config.loader import load_config
from tts.config.root import Config
from tts.data.datasets import AcousticDataset
from tts.data.store import FeatureStore
from tts.demo.corpus import make_corpus
from tts.export.bundle import export_voice
from tts.files.digest import file_sha256, sha256
from tts.files.record import Record
from tts.files.whole import write_file
from tts.models.saved import MODEL_FILE, find_checkpoint, load_acoustic
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.voice import Voice
from tts.training.acoustic_task import train_acoustic
from tts.training.pictures import Spoken, draw_alignment, draw_losses, draw_utterance, write_picture
from tts.training.vocoder_task import train_vocoder

RECIPE = Path(__file__).with_name("demo.yaml")
N_UTTERANCES = 160  # some eight minutes of speech
GREETING = "Hello! I learned to speak a few minutes ago."  # not in the corpus
LICENCE = "Trained on speech of espeak-ng, for demonstration."


def run_demo(folder: Path, recipe: Path = RECIPE, n_utterances: int = N_UTTERANCES) -> bool:
    """Corpus, features, both models, voice, hello.wav and pictures in ``folder``; a rerun goes on where it stopped.

    Returns False when asked to stop while training.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = load_config([recipe])
    write_file(folder / RECIPE.name, recipe.read_bytes())  # for the commands that train on
    corpus, features, voice = folder / "corpus", folder / "features", folder / "voice"
    acoustic, vocoder = folder / "acoustic", folder / "vocoder"

    _stage(1, f"espeak-ng records {n_utterances} sentences and reports when each phone was spoken")
    if not (corpus / "metadata.csv").exists():
        make_corpus(corpus, n_utterances, config.audio.sample_rate)

    _stage(2, "Preprocess: durations in frames, pitch, energy and mel of every utterance")
    click.echo(preprocess(corpus, features, config))

    _stage(3, "Train the acoustic model, FastSpeech 2: phones to mel")
    if not train_acoustic(features, acoustic, config):
        return False

    _stage(4, "Train the vocoder, HiFi-GAN: mel to audio")
    if not train_vocoder(features, vocoder, config):
        return False

    _stage(5, "Export both to ONNX, and compare the graphs with torch")
    made_from = sha256(*(file_sha256(find_checkpoint(run) / MODEL_FILE).encode() for run in (acoustic, vocoder)))
    record = Record(voice.parent)
    if not record.is_current(f"{voice.name}/{MANIFEST_FILE}", made_from):
        click.echo(export_voice(acoustic, vocoder, voice, name="demo", licence=LICENCE))
        record.add(f"{voice.name}/{MANIFEST_FILE}", made_from, file_sha256(voice / MANIFEST_FILE))

    _stage(6, f"Speak without torch: {GREETING!r}")
    speech = Voice.load(voice).synthesize(GREETING)
    write_audio(folder / "hello.wav", speech.audio, speech.sample_rate)
    draw(folder / "pictures", features, acoustic, vocoder, config)
    click.echo(farewell(folder))
    return True


@torch.no_grad()
def draw(pictures: Path, features: Path, acoustic: Path, vocoder: Path, config: Config) -> None:
    """A validation utterance as recorded and as predicted, the alignment the model chose, and all losses."""
    pictures.mkdir(exist_ok=True)
    model, meta = load_acoustic(acoustic)
    batch = AcousticDataset(FeatureStore(features), "validation", config.acoustic).batch([0])
    phones = [meta.phones[index] for index in batch.phone_ids[0]]

    forced = model(batch.phone_ids, batch.phone_lengths, batch.speaker_ids, batch.durations, batch.pitch, batch.energy)
    target = Spoken(batch.mel[0].numpy(), batch.pitch[0].numpy(), batch.energy[0].numpy())
    predicted = Spoken(forced.final_mel[0].numpy(), forced.pitch[0].numpy(), forced.energy[0].numpy())
    durations = batch.durations[0].numpy()
    write_picture(pictures / "mel.png", draw_utterance(target, predicted, phones, durations, config.audio))

    ones, zeros = torch.ones(batch.phone_ids.shape), torch.zeros(batch.phone_ids.shape)
    free = model.infer(batch.phone_ids, batch.phone_lengths, batch.speaker_ids, ones, zeros, zeros)
    alignment = draw_alignment(phones, free.durations[0].numpy(), free.final_mel[0].numpy(), config.audio)
    write_picture(pictures / "alignment.png", alignment)
    for run in (acoustic, vocoder):
        write_picture(pictures / f"{run.name}_losses.png", draw_losses(run / "metrics.jsonl"))


def farewell(folder: Path) -> str:
    """Where everything is, and what to try next."""
    recipe = folder / RECIPE.name
    return f"""
Done. Listen to {folder}/hello.wav. Minutes of training make a rough voice; this shows that every stage works.

  {folder}/pictures/mel.png               an utterance it was not trained on: recorded above, predicted below
  {folder}/pictures/alignment.png         how long the model holds each phone when left alone
  {folder}/pictures/acoustic_losses.png   the losses, training beside validation; also vocoder_losses.png
  {folder}/vocoder/samples                the vocoder alone, beside the recordings
  {folder}/voice                          the voice: all that an app needs

What to try next:
  tts synthesize --voice {folder}/voice "Any text you like." -o own.wav --speed 0.9 --pitch 2
  tensorboard --logdir {folder}

Train on from here, then export again:
  tts train acoustic {folder}/features {folder}/acoustic --config {recipe} --set training.acoustic.steps=3000
  tts train vocoder {folder}/features {folder}/vocoder --config {recipe} --set training.vocoder.steps=10000
  tts export --acoustic {folder}/acoustic --vocoder {folder}/vocoder {folder}/voice

Your own recordings: see docs/train.md."""


def _stage(number: int, what: str) -> None:
    click.secho(f"\n{number}/6  {what}", bold=True)
