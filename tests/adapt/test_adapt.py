"""``tts adapt`` from the command line, on a corpus that the shipped voice speaks with other pitch."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tts.adapt.plan import EXPECTATIONS, make_plan
from tts.adapt.run import config_for, teacher_for
from tts.audio.wav import write_audio
from tts.cli import main
from tts.commands.adapting import in_language
from tts.config.root import Config
from tts.models.from_voice import find_base
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.voice import Voice

TEXTS = [f"{start} {end}" for start in ("The old man went", "She came back", "We walked", "Nobody ran") for end in (
    "to the market in the rain.", "along the river, slowly.", "over the hill at noon.")]  # fmt: skip
BRIEF = [
    argument
    for setting in (
        "training.aligner.lessons={steps: 30, minutes: 0.3, batch_size: 4}",
        "training.aligner={steps: 1, warmup_steps: 1}",
        "training.acoustic={steps: 2, batch_size: 2, validate_every: 1, checkpoint_every: 1, discriminators_first: 1}",
        "training.vocoder={steps: 2, batch_size: 2, validate_every: 1, checkpoint_every: 1, f0_lessons: {steps: 2}}",
    )
    for argument in ("--set", setting)
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, voice = tmp_path_factory.mktemp("recorded") / "ann", Voice.load("linnet-natural")
    (folder / "wavs").mkdir(parents=True)
    for number, text in enumerate(TEXTS):
        speech = voice.synthesize(text, pitch=3.0)
        write_audio(folder / "wavs" / f"u{number}.wav", speech.audio, speech.sample_rate)
    rows = "".join(f"u{number}|{text}\n" for number, text in enumerate(TEXTS))
    (folder / "metadata.csv").write_text(rows)
    return folder


def adapt(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["adapt", *map(str, arguments)])


@pytest.mark.slow
def test_recordings_become_a_voice_and_the_same_command_goes_on(corpus: Path, tmp_path: Path) -> None:
    voice, work = tmp_path / "ann", tmp_path / "ann.work"
    result = adapt(corpus, voice, "--workers", 1, *BRIEF)
    assert result.exit_code == 0, result.output
    assert "expect a likeness of the voice" in result.output and "7/7" in result.output
    spoken = Voice.load(voice)
    assert spoken.manifest.speakers == ("ann",)
    assert spoken.manifest.provenance["base"] == "linnet-natural" and "ann: " in spoken.manifest.provenance["data"][0]
    assert set(Voice.load("linnet-natural").manifest.phones) <= set(
        spoken.manifest.phones
    )  # also those that were never said
    assert len(spoken.synthesize("A measure of pleasure.").audio) > 0
    after, base = (find_base(voice_).recipe()["acoustic"]["sharpness"] for voice_ in (voice, Path("linnet-natural")))
    assert after > base == 0
    page = (work / "report.html").read_text()
    assert page.count("<audio") == 3 * len(list((work / "samples" / "after").iterdir())) > 0
    before = {path: path.stat().st_mtime_ns for path in (work / "acoustic" / "checkpoints").rglob("*.safetensors")}
    again = adapt(corpus, voice, "--workers", 1, *BRIEF)
    assert again.exit_code == 0, again.output
    assert before == {p: p.stat().st_mtime_ns for p in (work / "acoustic" / "checkpoints").rglob("*.safetensors")}


def test_the_natural_voice_teaches_the_aligner_unless_the_base_has_more_of_the_phones(tmp_path: Path) -> None:
    natural, linnet = find_voice("linnet-natural"), find_voice("linnet")
    manifest = json.loads((linnet / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["phones"].append("øː")
    (tmp_path / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    english, german = ("HH", "AH", "L", "OW"), ("h", "øː", "ɐ")
    assert teacher_for(english, linnet) == teacher_for(english, tmp_path) == natural
    assert teacher_for(german, linnet) == natural
    assert teacher_for((*english, *german), tmp_path) == tmp_path


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    nothing = adapt(tmp_path / "corpus", tmp_path / "voice")
    assert nothing.exit_code == 2 and "has no recording that can be used" in nothing.output
    base = adapt(tmp_path / "corpus", tmp_path / "voice", "--from", tmp_path / "corpus")
    assert base.exit_code == 2 and "is not a voice" in base.output


def test_a_voice_that_it_did_not_make_is_kept(tmp_path: Path) -> None:
    corpus, voice = tmp_path / "corpus", tmp_path / "voice"
    corpus.mkdir()
    shutil.copytree(find_voice("linnet-natural"), voice)
    before = {path: path.read_bytes() for path in voice.iterdir()}
    of_another = adapt(corpus, voice)
    assert of_another.exit_code == 2 and "exists, and was not made in" in of_another.output
    (tmp_path / "voice.work" / "acoustic").mkdir(parents=True)
    itself = adapt(corpus, voice, "--from", voice)
    assert itself.exit_code == 2 and "is the voice to begin with" in itself.output
    inside = adapt(corpus, tmp_path / "new", "--work", tmp_path / "new" / "work")
    assert inside.exit_code == 2 and "which the voice replaces" in inside.output
    assert before == {path: path.read_bytes() for path in voice.iterdir()}


@pytest.mark.parametrize("minutes", [0.5, 3.0, 5.0, 12.0, 60.0])
def test_more_recordings_promise_more_and_take_longer(minutes: float) -> None:
    plan = make_plan(minutes, 3_000_000, 4_000_000, Config())
    assert plan.expectation in dict(EXPECTATIONS).values() and plan.longest_s > 0
    assert f"{minutes:.1f} minutes" in str(plan)


@pytest.mark.slow
def test_an_added_speaker_leaves_the_others_as_they_were(corpus: Path, tmp_path: Path) -> None:
    voice = tmp_path / "more"
    learning = ("--set", "training.acoustic.learning_rate=0.1", "--set", "training.acoustic.ema_decay=null")
    result = adapt(corpus, voice, "--add", "--workers", 1, *BRIEF, *learning)
    assert result.exit_code == 0, result.output
    base, more = Voice.load("linnet-natural"), Voice.load(voice)
    assert more.manifest.speakers == (*base.manifest.speakers, "ann") and more.manifest.default_speaker == "ann"
    text = "The others sound as before."
    for speaker in base.manifest.speakers:
        before, after = (next(iter(v.compose(text, speaker=speaker))).mel for v in (base, more))
        np.testing.assert_allclose(after, before, atol=1e-5)
    new, mean = (next(iter(more.compose(text, speaker=s))).mel for s in ("ann", base.manifest.speakers[0]))
    assert new.shape != mean.shape or np.abs(new - mean).max() > 0.01


def test_it_trains_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    arguments = ["adapt", str(tmp_path / "ann"), str(tmp_path / "v"), "--set", "training.vocoder.devices=2"]
    refused = CliRunner().invoke(main, arguments)
    assert refused.exit_code == 2 and "only 'tts train' trains in several processes" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["ann"]


def test_the_encoder_learns_where_the_language_is_another() -> None:
    base = find_base(Path("linnet-natural"))
    assert config_for(base, (), ()).training.acoustic.frozen == ("encoder",)
    assert config_for(base, (), in_language("de-de", base.manifest.front_end)).training.acoustic.frozen == ()
