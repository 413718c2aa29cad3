"""Control in the text, heard: with a voice of which every phone is a constant level of the audio."""

import json
from pathlib import Path

import numpy as np
import pytest
import webvtt
from level_voice import (
    HOP_LENGTH,
    LEVEL_PER_ID,
    LEVEL_PER_SEMITONE,
    PHONES,
    SAMPLE_RATE,
    write_level_voice,
)
from praatio import textgrid

from tts.errors import InputError
from tts.runtime.pauses import USUAL_S, PauseLengths, hold
from tts.runtime.speech import Speech, Timeline, WordSpan
from tts.runtime.synthesizer import join
from tts.runtime.timestamps import as_srt, as_vtt, check_suffix, cues_of, stretches, with_left_out, write_timestamps
from tts.runtime.voice import Voice
from tts.text.sentences import Pause, Unread

FRAME_S = HOP_LENGTH / SAMPLE_RATE
WAIT = (
    '<speak><mark name="a"/>Hello <break time="700ms"/>world. <mark name="b"/>Hello.<break time="1s"/> World.</speak>'
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_level_voice(tmp_path_factory.mktemp("voices") / "levels")


@pytest.fixture(scope="module")
def voice(folder: Path) -> Voice:
    return Voice.load(folder)


def level(speech: Speech, word: WordSpan) -> float:
    """Of the middle of its second phone."""
    phone = [span for span in speech.phones if span.start_s >= word.start_s][1]
    return float(speech.audio[round((phone.start_s + phone.end_s) / 2 * SAMPLE_RATE)])


@pytest.mark.parametrize("speed", [1.0, 2.0])
def test_a_break_lasts_as_long_as_asked_for(voice: Voice, speed: float) -> None:
    first, second, third, fourth = voice.synthesize(WAIT, markup="ssml", speed=speed).words
    assert second.start_s - first.end_s == pytest.approx(0.7, abs=FRAME_S)
    assert third.start_s - second.end_s == pytest.approx(USUAL_S[Pause.FULL_STOP] / speed, abs=2 * FRAME_S)
    assert fourth.start_s - third.end_s == pytest.approx(1.0, abs=FRAME_S)


def test_breaks_at_both_ends(voice: Voice) -> None:
    text = '<speak><break time="250ms"/>Hello.<break time="300ms"/></speak>'
    speech = voice.synthesize(text, markup="ssml")
    (word,) = speech.words
    assert word.start_s == pytest.approx(0.25, abs=FRAME_S)
    assert len(speech.audio) / SAMPLE_RATE - word.end_s == pytest.approx(0.3, abs=FRAME_S)


def test_marks_have_times(voice: Voice) -> None:
    speech = voice.synthesize(WAIT, markup="ssml")
    assert [(mark.name, mark.time_s) for mark in speech.marks] == [
        ("a", speech.words[0].start_s),
        ("b", speech.words[1].end_s),
    ]


def test_prosody_changes_its_word_alone(voice: Voice) -> None:
    text = '<speak>hello <prosody pitch="+4st" volume="-6dB" rate="50%">hello</prosody> hello</speak>'
    speech = voice.synthesize(text, markup="ssml")
    before, word, after = speech.words
    neutral = LEVEL_PER_ID * PHONES.index("AH0")
    assert level(speech, before) == pytest.approx(neutral) == level(speech, after)
    assert level(speech, word) == pytest.approx((neutral + 4 * LEVEL_PER_SEMITONE) * 10 ** (-6 / 20), rel=1e-4)
    assert word.end_s - word.start_s == pytest.approx(2 * (before.end_s - before.start_s))


def test_silence_of_markup_is_silent_and_smooth_at_its_edges(voice: Voice) -> None:
    text = '<speak>hello <prosody volume="silent">hello</prosody> hello</speak>'
    speech = voice.synthesize(text, markup="ssml")
    assert abs(level(speech, speech.words[1])) < 1e-5
    edge = round(speech.words[1].start_s * SAMPLE_RATE)
    assert np.abs(np.diff(speech.audio[edge - 40 : edge + 40])).max() < 0.02


@pytest.mark.parametrize("markup", ["plain", "ssml"])
def test_a_stream_says_the_same(voice: Voice, markup: str) -> None:
    text = WAIT if markup == "ssml" else "Hello, world. Hello!\n\nWorld [[HH AH0 L OW1]] world."
    whole = voice.synthesize(text, markup=markup)  # type: ignore[arg-type]
    streamed = join(voice.stream(text, markup=markup))  # type: ignore[arg-type]
    np.testing.assert_allclose(streamed.audio, whole.audio, atol=1e-6)
    assert (streamed.words, streamed.phones, streamed.marks) == (whole.words, whole.phones, whole.marks)


def test_pauses_grow_from_commas_to_paragraphs(folder: Path) -> None:
    voice = Voice.load(folder)
    one, two, three = voice.synthesize("Hello. World.\n\nHello.").words
    assert two.start_s - one.end_s == pytest.approx(USUAL_S[Pause.FULL_STOP], abs=2 * FRAME_S)
    assert three.start_s - two.end_s == pytest.approx(USUAL_S[Pause.PARAGRAPH], abs=2 * FRAME_S)
    lengths = PauseLengths(voice.manifest.model_copy(update={"pauses": {"full stop": 1.0, "comma": 0.2}}))
    assert [lengths.of(kind) * FRAME_S for kind in (Pause.COMMA, Pause.QUESTION, Pause.PARAGRAPH)] == pytest.approx(
        [0.2, 1.0, 1.8], abs=FRAME_S
    )


@pytest.mark.parametrize(("index", "frames"), [(0, 0), (0, 1), (0, 5), (2, 0), (2, 3), (2, 9), (4, 2), (4, 7)])
def test_a_pause_is_cut_or_filled_where_it_is_quietest(index: int, frames: int) -> None:
    durations = np.array([2, 3, 4, 3, 5])
    mel = np.arange(17, dtype=np.float32)[None, None].repeat(2, axis=1)
    held, counts = hold(mel, durations, {index: frames})
    assert counts[index] == frames and counts.sum() == held.shape[2]
    ends, held_ends = np.cumsum(durations), np.cumsum(counts)
    for other in set(range(5)) - {index}:
        kept = held[0, 0, held_ends[other] - counts[other] : held_ends[other]]
        np.testing.assert_array_equal(kept, mel[0, 0, ends[other] - durations[other] : ends[other]])
    assert set(held[0, 0].tolist()) <= set(mel[0, 0].tolist())


def test_a_lexicon_of_ones_own_is_heard(voice: Voice, tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("gnarl = /W ER1 L D/\n", encoding="utf-8")
    speech = voice.synthesize("Hello gnarl.", lexicon=path)
    assert [span.label for span in speech.phones] == ["sil", "HH", "AH0", "L", "OW1", "W", "ER1", "L", "D", "sil"]
    with pytest.raises(InputError, match="markup 'html': is not one of plain"):
        voice.synthesize("Hello.", markup="html")  # type: ignore[typeddict-item]
    with pytest.raises(InputError, match=r"missing.txt: cannot be read"):
        voice.synthesize("Hello.", lexicon=tmp_path / "missing.txt")


def test_strict_refuses_what_is_else_left_out(voice: Voice) -> None:
    speech = voice.synthesize("Hello 北京 world.")
    assert [entry.text for entry in speech.unread] == ["北京"] and (speech.unread[0].start, speech.unread[0].end) == (
        6,
        8,
    )
    with pytest.raises(InputError, match="word '北京': cannot be read"):
        voice.synthesize("Hello 北京 world.", strict=True)
    with pytest.raises(InputError, match="holds no word to speak"):
        voice.synthesize("北京")


WORDS = (
    WordSpan("three", 1.0, 1.5, 0, 5, "$3.50,"),
    WordSpan("dollars", 1.5, 2.0, 0, 5, "$3.50,"),
    WordSpan("<b>", 2.1, 2.5, 7, 10, "<b>"),
    WordSpan("later", 3700.0, 3700.25, 11, 16, "later."),
)


def test_what_is_said_for_one_stretch_of_the_text_is_one_span(voice: Voice, tmp_path: Path) -> None:
    assert [[word.label for word in said] for said in stretches(WORDS)] == [["three", "dollars"], ["<b>"], ["later"]]
    text = "Hello, world."
    write_timestamps(tmp_path / "a.json", voice.synthesize(text).timeline())
    tree = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [(span["text"], text[span["start"] : span["end"]], span["words"]) for span in tree["spans"]] == [
        ("Hello,", "Hello", ["hello"]),
        ("world.", "world", ["world"]),
    ]


def test_subtitles() -> None:
    timeline = Timeline(list(WORDS))
    assert as_srt(timeline) == (
        "1\n00:00:01,000 --> 00:00:02,500\n$3.50, <b>\n\n2\n01:01:40,000 --> 01:01:40,250\nlater.\n"
    )
    assert as_vtt(timeline) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n$3.50, <00:00:02.100>&lt;b&gt;\n\n"
        "01:01:40.000 --> 01:01:40.250\nlater.\n"
    )
    with pytest.raises(InputError, match=r"a.txt: names no format of timestamps; end it in .json, .srt"):
        check_suffix(Path("a.txt"))


def test_subtitles_show_what_is_left_out() -> None:
    words = [WordSpan("two", 0.0, 0.5, 6, 11, "2 $"), WordSpan("dollars", 0.5, 1.0, 6, 11, "2 $")]
    timeline = Timeline(words, unread=[Unread("日本", 0, 2), Unread("語", 12, 13), Unread("字", 14, 15)])
    assert [cue.text for cue in cues_of(with_left_out(timeline))] == ["日本 2 $ 語 字"]


@pytest.mark.parametrize("suffix", ["srt", "vtt"])
def test_subtitles_are_read_by_another_program(voice: Voice, tmp_path: Path, suffix: str) -> None:
    speech = voice.synthesize("Hello, world.\n\n日本 hello!")
    write_timestamps(tmp_path / f"a.{suffix}", speech.timeline())
    captions = list(getattr(webvtt, f"from_{suffix}" if suffix == "srt" else "read")(str(tmp_path / f"a.{suffix}")))
    assert [caption.text for caption in captions] == ["Hello, world. 日本", "hello!"]
    for caption, (first, last) in zip(captions, [(0, 1), (2, 2)], strict=True):
        assert caption.start_in_seconds == pytest.approx(speech.words[first].start_s, abs=1)
        assert caption.end_in_seconds == pytest.approx(speech.words[last].end_s, abs=1)


def test_a_textgrid_is_read_by_praatio(voice: Voice, tmp_path: Path) -> None:
    speech = voice.synthesize("Hello, world.\n\nHello!")
    write_timestamps(tmp_path / "a.TextGrid", speech.timeline())
    grid = textgrid.openTextgrid(str(tmp_path / "a.TextGrid"), includeEmptyIntervals=True)
    assert grid.maxTimestamp == pytest.approx(len(speech.audio) / SAMPLE_RATE, abs=1e-5)
    phones = [(span.label, span.start_s) for span in speech.phones]
    found = [(entry.label, pytest.approx(entry.start, abs=1e-5)) for entry in grid.getTier("phones").entries]
    assert phones == found
    words = [entry.label for entry in grid.getTier("words").entries if entry.label]
    assert words == ["hello", "world", "hello"]
