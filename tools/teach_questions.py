"""Teach an acoustic model of English that the end of a question rises, where its corpus did not.

    python -m tools.teach_questions CORPUS ACOUSTIC OUT

Only what predicts the pitch learns. It reads the transcripts of CORPUS as statements, questions and exclamations, and
is to say what it said before, but from the nucleus of a question on it is to rise (L* H-H% of Pierrehumbert, 1980).
Questions with a question word or with a choice are to end as they did. No sound is needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from math import nan
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from tqdm import trange

from tools.taught import read_sentences, write_taught
from tts.config.root import Config
from tts.models.fastspeech2 import FastSpeech2
from tts.models.saved import find_checkpoint, load_acoustic
from tts.runtime.script import Script, write_script
from tts.text.inventory import PhoneInventory
from tts.text.marks import PAUSES
from tts.text.sentences import Pause, Sentence

Lesson = tuple[Script, bool]  # and whether it is to rise

QUESTION_WORDS = {"what", "who", "whom", "whose", "which", "when", "where", "why", "how"}
LOW, HIGH = 1.0, 7.0  # semitones above the median of the sentence, at the nucleus and at the end
LONE = 6.0  # where the nucleus is the last vowel
OWN = 4  # times as often: what a transcript does ask, since a statement with another mark is another kind of question
MOST_WORDS = 14
BATCH, RATE = 32, 1e-3
ENDS = (Pause.FULL_STOP, Pause.QUESTION, Pause.EXCLAMATION)
PREDICTOR = "variance_adaptor.pitch.predictor"


def rises(sentence: Sentence) -> bool:
    """Whether it asks for a yes or no."""
    words = [word.text.lower().partition("'")[0] for word in sentence.words]
    return sentence.words[-1].pause is Pause.QUESTION and not QUESTION_WORDS & set(words[:2]) and "or" not in words


def risen(pitch: Sequence[float], phones: Sequence[str]) -> list[float]:
    """``pitch``, semitones of each of ``phones``, with a rise from the last stressed vowel on."""
    vowels = [place for place, phone in enumerate(phones) if phone[-1] in "012"]
    if not vowels:
        return list(pitch)
    nucleus = next((place for place in reversed(vowels) if phones[place][-1] == "1"), vowels[-1])
    voiced = [place for place, phone in enumerate(phones) if phone not in PAUSES]
    middle = float(np.median([pitch[place] for place in voiced]))
    behind = [place for place in vowels if place >= nucleus]
    tops = np.linspace(LOW, HIGH, len(behind)) if len(behind) > 1 else np.array([LONE])
    wanted = middle + np.interp(np.arange(len(phones)), behind, tops)
    return [*pitch[:nucleus], *np.maximum(pitch[nucleus:], wanted[nucleus:]).tolist()]


def scripts(corpus: Path, config: Config, inventory: PhoneInventory) -> Iterator[Lesson]:
    """Every sentence of the transcripts, short ones with each of ``ENDS``, and whether it is to rise."""
    for sentence in read_sentences(corpus, config, inventory):
        for end in dict.fromkeys((*ENDS, sentence.end)) if len(sentence.words) <= MOST_WORDS else (sentence.end,):
            said = replace(sentence, words=(*sentence.words[:-1], replace(sentence.words[-1], pause=end)))
            is_own = end is Pause.QUESTION and sentence.end is end
            yield from repeat((write_script(said, inventory), rises(said)), OWN if is_own else 1)


def teach(model: FastSpeech2, lessons: Sequence[Lesson], n_steps: int) -> float:
    """Tunes the predictor of the pitch in place. Returns the error of the last steps, in semitones."""
    pitch, random, errors = model.variance_adaptor.pitch, np.random.default_rng(0), list[float]()
    examples = [e for speaker in range(model.n_speakers) for e in _examples(model, lessons, speaker)]
    optimizer = torch.optim.AdamW(pitch.predictor.parameters(), lr=RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
    for _ in (progress := trange(n_steps, unit="step")):
        chosen = [examples[i] for i in random.integers(len(examples), size=BATCH)]
        hidden = pad_sequence([hidden for hidden, _ in chosen], batch_first=True)
        wanted = pad_sequence([wanted for _, wanted in chosen], batch_first=True, padding_value=nan)
        mask = ~wanted.isnan()
        error = pitch.predictor(hidden, mask)[mask] - wanted[mask]
        loss = error.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        errors.append(float(loss.detach()) ** 0.5)
        progress.set_postfix(deviations=f"{np.mean(errors[-50:]):.3f}")
    return float(np.mean(errors[-50:])) / float(pitch.in_std(torch.ones(1, 1), torch.zeros(1, dtype=torch.long)))


@torch.no_grad()
def _examples(model: FastSpeech2, lessons: Sequence[Lesson], speaker: int) -> Iterator[tuple[Tensor, Tensor]]:
    """What the predictor is given (P, C), and what it is to say (P,)."""
    pitch, speakers = model.variance_adaptor.pitch, torch.tensor([speaker])
    semitone = pitch.in_std(torch.ones(1, 1), speakers)[0]  # in standard deviations
    for script, is_rising in lessons:
        ids = torch.tensor([script.phone_ids])
        mask = torch.ones_like(ids, dtype=torch.bool)
        hidden = model.encoder(model.phone_embedding(ids), mask)
        if model.speaker_embedding is not None:
            hidden = hidden + model.speaker_embedding(speakers)
        wanted = pitch.predictor(hidden, mask)[0]
        if is_rising:
            wanted = torch.tensor(risen((wanted / semitone).tolist(), script.phones)) * semitone
        yield hidden[0], wanted


@click.command()
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.argument("acoustic", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--steps", "n_steps", default=3000, show_default=True)
def main(corpora: tuple[Path, ...], acoustic: Path, out: Path, n_steps: int) -> None:
    """Write the checkpoint OUT: ACOUSTIC, taught on the transcripts of CORPORA."""
    torch.manual_seed(0)
    checkpoint = find_checkpoint(acoustic)
    model, meta = load_acoustic(checkpoint)
    config, inventory = meta.resolved_config(checkpoint), PhoneInventory(meta.phones)
    lessons = [lesson for corpus in corpora for lesson in scripts(corpus, config, inventory)]
    click.echo(f"{len(lessons)} sentences, {sum(is_rising for _, is_rising in lessons)} of them rise")
    click.echo(f"off by {teach(model, lessons, n_steps):.2f} semitones")
    write_taught(checkpoint, out, ("acoustic", "acoustic_ema"), PREDICTOR, model.get_submodule(PREDICTOR).state_dict())


if __name__ == "__main__":
    main()
