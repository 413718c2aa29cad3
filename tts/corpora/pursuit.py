"""Where in a long recording each word of its text is said, window by window."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path as FilePath

import numpy as np
import torch
from safetensors.torch import load_file, save

from tts.config.root import Config
from tts.corpora.clips import MARGIN_S, PAUSE_S, Piece, Place
from tts.corpora.follow import Chain, Path, Scores, follow, runs
from tts.corpora.recording import LongRecording
from tts.data.alignment import z_scored
from tts.files.digest import file_sha256, sha256
from tts.files.record import Record
from tts.files.sealed_lines import SealedLines
from tts.files.whole import write_file
from tts.models.aligner import Aligner
from tts.runtime.contract import MANIFEST_FILE
from tts.text.inventory import PAUSE, PAUSE_ID, PhoneInventory, without_stress
from tts.text.sentences import Sentence
from tts.training.aligner_lessons import taught

ALIGNER_FILE = "aligner.safetensors"
WINDOW_S, LOOK_S = 40.0, 10.0  # heard at once; of that, what is heard again with what follows
TEXT_S = 60.0  # of text that is looked at for a window; where none of it is heard, up to ``FURTHER`` times as much
FURTHER = 16
FASTEST = 15.0  # phones a second
DOUBT = 4.5  # robust standard deviations below the median at which words were probably not said
LEAST_SPREAD = 0.3  # nats, of that deviation
SHORTEST_S = 0.5  # of speech that is not written; less is a breath
SHORT_WORDS = 5  # a stretch of fewer may be heard in something else
HEARD_TOGETHER = 3  # words: a single short one is seldom sure


@dataclass(frozen=True)
class Found:
    """A word and when it is said; or, with word -1, a stretch that is not written."""

    word: int  # of the whole text
    start_s: float
    end_s: float
    agreement: float = 0.0  # mean log probability of its frames to sound like it


@dataclass(frozen=True)
class _Lesson:
    """A sentence, for the voice that teaches the aligner."""

    id: str
    phones: tuple[str, ...]
    n_frames: int = 0

    def read_mel(self) -> Scores:
        raise NotImplementedError  # it is spoken by the voice

    @classmethod
    def of(cls, sentence: Sentence) -> "_Lesson":
        return cls(sentence.words[0].text, (PAUSE, *(p for word in sentence.words for p in (*word.phones, PAUSE))))


@dataclass(frozen=True)
class Reading:
    """The sentences of a text, and an aligner that knows their phones."""

    text: str
    sentences: Sequence[Sentence]
    words: list[Place]
    states: list[list[int]]  # of the words: classes of the aligner
    aligner: Aligner
    source: str  # digest of what the aligner was taught with

    @classmethod
    def of(cls, text: str, sentences: Sequence[Sentence], voice: FilePath, work: FilePath, config: Config) -> "Reading":
        """The aligner is taught by ``voice`` once, and kept in ``work``."""
        lessons, made = [_Lesson.of(sentence) for sentence in sentences], Record(work)
        taught_with = (text, config.text, config.aligner, config.training.aligner.lessons)
        source = sha256(repr(taught_with).encode(), file_sha256(voice / MANIFEST_FILE).encode())
        inventory = PhoneInventory.build(without_stress(phone) for lesson in lessons for phone in lesson.phones)
        if made.is_current(ALIGNER_FILE, source):
            aligner = Aligner(config.aligner, len(inventory)).eval()
            aligner.load_state_dict(load_file(work / ALIGNER_FILE))
        else:
            aligner = taught(voice, lessons, inventory, config)
            content = save(aligner.state_dict())
            write_file(work / ALIGNER_FILE, content)
            made.add(ALIGNER_FILE, source, sha256(content))
        words, states, n = list[Place](), list[list[int]](), config.aligner.n_states
        for number, sentence in enumerate(sentences):
            for index, word in enumerate(sentence.words):
                ids = inventory.encode(map(without_stress, word.phones), f"word {word.text!r}")
                words.append((number, index))
                states.append([n * id + state for id in ids for state in range(n)])
        return cls(text, sentences, words, states, aligner, source)

    def chain(self, first: int, seconds: float) -> Chain:
        """Of the words from ``first`` on that so much speech may hold."""
        n, left = self.aligner.config.n_states, seconds * FASTEST
        words = []
        for word in self.states[first:]:
            words.append(word)
            left -= len(word) / n
            if left <= 0:
                break
        return Chain.of(words, n * PAUSE_ID + 1)

    def slice(self, first: Place, last: Place) -> str:
        """The text from one word to another, (sentence, word) both, with the punctuation around them."""
        start = self.sentences[first[0]].words[first[1]].start
        words = self.sentences[last[0]].words
        if last[1] + 1 < len(words):
            end = words[last[1] + 1].start
        elif last[0] + 1 < len(self.sentences):
            end = self.sentences[last[0] + 1].words[0].start
        else:
            end = len(self.text)
        end = max(end, words[last[1]].end)
        return " ".join(self.text[start:end].replace("|", " ").split())


def pursue(
    reading: Reading, sound: LongRecording, file: FilePath, progress: Callable[[float], object]
) -> Iterator[Found]:
    """All words that are said and all that is not written, in order. What is found is added to ``file``, window by
    window, so that a run that is killed goes on."""
    frame, word = 0, 0
    lines = SealedLines(file, sha256(reading.source.encode(), sound.source.encode()))
    for line in lines.found:
        window = json.loads(line)
        frame, word = window["frame"], window["word"]
        yield from (Found(**found) for found in window["found"])
    progress(frame * sound.frame_s)
    while frame < len(sound.mel):
        found, following, word = _window(reading, sound, frame, word)
        lines.add(json.dumps({"frame": following, "word": word, "found": [asdict(item) for item in found]}))
        progress((following - frame) * sound.frame_s)
        frame = following
        yield from found


def _window(reading: Reading, sound: LongRecording, first: int, word: int) -> tuple[list[Found], int, int]:
    """What is found from frame ``first`` on, and the frame and the word to go on with."""
    seconds, text_s = WINDOW_S, TEXT_S
    while True:
        after = min(first + round(seconds / sound.frame_s), len(sound.mel))
        scores, log_probabilities = _hear(reading.aligner, sound, first, after)
        chain = reading.chain(word, text_s)
        last = after == len(sound.mel)
        path = follow(scores, chain, to_the_end=last)
        more_text = word + len(chain.boundaries) - 1 < len(reading.states)
        if float((path.states < 0).mean()) > 0.5 and more_text and text_s < TEXT_S * FURTHER:
            text_s *= 4  # perhaps a page was not read
            continue
        keep = len(scores) if last else _last_boundary(path.at_boundary(chain), round(LOOK_S / sound.frame_s))
        if keep:
            break
        seconds *= 2  # no pause
    path = Path(path.states[:keep], path.places[:keep])
    return (
        _found(path, chain, log_probabilities, word, first, sound, reading),
        first + keep,
        word + int(path.places[-1]),
    )


def _last_boundary(at_boundary: np.ndarray, look: int) -> int:
    """Frames up to the last boundary before what is heard again; 0 where there is none."""
    places = np.flatnonzero(at_boundary[: max(len(at_boundary) - look, 1)])
    return int(places[-1]) + 1 if len(places) else 0


@torch.inference_mode()
def _hear(aligner: Aligner, sound: LongRecording, first: int, after: int) -> tuple[Scores, Scores]:
    """(T, C) log-likelihoods to follow, and log probabilities to judge by."""
    mel = torch.from_numpy(z_scored(np.ascontiguousarray(sound.mel[first:after].T, np.float32)))[None]
    log_posteriors = aligner(mel, torch.tensor([mel.shape[2]]))[0]
    likelihoods = log_posteriors - aligner.config.prior_scale * aligner.log_prior
    return likelihoods.numpy(), log_posteriors.numpy()


def _found(
    path: Path,
    chain: Chain,
    log_probabilities: Scores,
    word: int,
    first: int,
    sound: LongRecording,
    reading: Reading,
) -> list[Found]:
    n = reading.aligner.config.n_states
    heard = np.logaddexp.reduce(log_probabilities.reshape(len(log_probabilities), -1, n), axis=2)  # (T, phones)
    pauses = np.isin(path.states, chain.boundaries)
    found = []
    for place, start, after in runs(np.where(path.states < 0, -2, np.where(pauses, -1, path.places))):
        span = ((first + start) * sound.frame_s, (first + after) * sound.frame_s)
        if place == -2:
            found.append(Found(-1, *span))
        elif place >= 0:
            phones = chain.classes[path.states[start:after]] // n
            agreement = float(heard[np.arange(start, after), phones].mean())
            found.append(Found(word + place, *span, round(agreement, 3)))
    return found


def unwritten(found: Sequence[Found], sound: LongRecording) -> list[tuple[float, float]]:
    """Stretches (s) of speech that is not written, with no word of the text within; a breath is none."""
    stretches: list[list[float]] = []
    word_between = True
    for item in found:
        if item.word >= 0:
            word_between = True
        elif word_between:
            stretches.append([item.start_s, item.end_s])
            word_between = False
        else:
            stretches[-1][1] = item.end_s
    spoken = [sound.spoken_within(*stretch) for stretch in stretches]
    return [(start_s, end_s) for start_s, end_s in spoken if end_s - start_s >= SHORTEST_S]


def pieces_of(found: Sequence[Found], reading: Reading, sound: LongRecording) -> list[Piece]:
    """Stretches of words between pauses that can be cut in.

    A stretch is not sure if it holds words that were probably not said, if it cannot be cut out of its surroundings, or
    if it is but a few words beside something that is missing, which may have been heard in that.
    """
    words, gaps = [item for item in found if item.word >= 0], unwritten(found, sound)
    sure, pieces = _sure(words), list[Piece]()
    for group in _between_pauses(words, sound):
        first, last = words[group[0]], words[group[-1]]
        before = words[group[0] - 1] if group[0] else None
        earlier = [before.end_s if before else -PAUSE_S, *(end for _, end in gaps if end <= first.start_s)]
        later = [words[group[-1] + 1].start_s] if group[-1] + 1 < len(words) else [sound.duration_s + PAUSE_S]
        later += [start for start, _ in gaps if start >= last.end_s]
        start_s, quiet_before = _cut_between(max(earlier), first.start_s, sound, behind=True)
        end_s, quiet_behind = _cut_between(last.end_s, min(later), sound, behind=False)
        follows = before is not None and first.word == before.word + 1 and max(earlier) == before.end_s
        sentence, index = reading.words[last.word]
        ends = index == len(reading.sentences[sentence].words) - 1
        goes_on = group[-1] + 1 == len(words) or (words[group[-1] + 1].word == last.word + 1 and min(later) == later[0])
        alone = len(group) < SHORT_WORDS and not ((follows or not group[0]) and goes_on)
        squeezed = any(_squeezed(word, reading, sound) for word in (first, last))
        certain = quiet_before and quiet_behind and not alone and not squeezed and all(sure[i] for i in group)
        at = reading.words[first.word], (sentence, index)
        pieces.append(Piece(first.start_s, last.end_s, *at, ends, start_s, end_s, certain, follows))
    return pieces


def _squeezed(word: Found, reading: Reading, sound: LongRecording) -> bool:
    """Whether a word lasts no longer than it must: beside a pause it is probably said on the other side of that."""
    return word.end_s - word.start_s < (len(reading.states[word.word]) + 0.5) * sound.frame_s


def _cut_between(start_s: float, end_s: float, sound: LongRecording, *, behind: bool) -> tuple[float, bool]:
    """Where to cut in a pause that is between two sounds: near the one behind, or before it. And whether that is
    quiet."""
    middle = (start_s + end_s) / 2
    return sound.quietest(
        *((max(middle, end_s - MARGIN_S), end_s) if behind else (start_s, min(middle, start_s + MARGIN_S)))
    )


def _between_pauses(words: Sequence[Found], sound: LongRecording) -> list[list[int]]:
    """The indices of words without a pause, or words that were passed over, between them."""
    groups: list[list[int]] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        pause = before is None or word.start_s - before.end_s >= PAUSE_S
        if before and word.word == before.word + 1 and not (pause and sound.quietest(before.end_s, word.start_s)[1]):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _sure(words: Sequence[Found]) -> list[bool]:
    """Whether each word was probably said: judged by itself and its neighbours, against the whole recording."""
    if not words:
        return []
    agreement = np.array([word.agreement for word in words])
    padded = np.pad(agreement, HEARD_TOGETHER // 2, mode="edge")
    together = np.convolve(padded, np.full(HEARD_TOGETHER, 1 / HEARD_TOGETHER), mode="valid")
    centre = np.median(together)
    spread = max(1.4826 * float(np.median(np.abs(together - centre))), LEAST_SPREAD)
    return [bool(value > centre - DOUBT * spread) for value in together]
