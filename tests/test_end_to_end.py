"""The main job by the commands a person types: corpus, features, two models, a voice, speech."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from tts.cli import main
from tts.demo.corpus import make_corpus

pytestmark = pytest.mark.slow

TINY = Path(__file__).parent.parent / "configs" / "tiny.yaml"
SIXTEEN_KHZ = [
    "audio={sample_rate: 16000, n_fft: 640, win_length: 640, hop_length: 160, n_mels: 40, fmax: 7600}",
    "vocoder.generator={upsample_rates: [8, 5, 4], upsample_kernels: [16, 11, 8]}",
    "training.vocoder.segment_length=8000",
]


def tts(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def build_voice(folder: Path, corpus: Path, overrides: list[str]) -> Path:
    config = ["--config", TINY, *(part for override in overrides for part in ("--set", override))]
    tts("preprocess", corpus, folder / "features", "--workers", "1", *config)
    for task in ("acoustic", "vocoder"):
        tts("train", task, folder / "features", folder / task, *config)
    tts("export", "--acoustic", folder / "acoustic", "--vocoder", folder / "vocoder", folder / "voice")
    return folder / "voice"


def test_one_speaker(tmp_path: Path, tiny_corpus: Path) -> None:
    voice = build_voice(tmp_path, tiny_corpus, [])
    wav, times = tmp_path / "out.wav", tmp_path / "out.json"
    tts("synthesize", "--voice", voice, "Hello there. How are you?", "-o", wav, "--timestamps", times)
    audio, sample_rate = soundfile.read(wav)
    spans = json.loads(times.read_text(encoding="utf-8"))
    assert sample_rate == 22_050
    assert [word["label"].lower() for word in spans["words"]] == ["hello", "there", "how", "are", "you"]
    assert spans["phones"][-1]["end_s"] == pytest.approx(len(audio) / sample_rate, abs=1e-3)

    report = tts("convert", voice, tmp_path / "piper", "--target", "piper")
    assert {file.name for file in (tmp_path / "piper").iterdir()} == {"voice.onnx", "voice.onnx.json"}
    assert f"voice written to {tmp_path / 'piper'}" in report


def test_two_speakers_at_another_sample_rate(tmp_path: Path) -> None:
    make_corpus(tmp_path / "corpus", 8, sample_rate=44_100, voices=("en-us", "en-us+f1"))
    voice = build_voice(tmp_path, tmp_path / "corpus", SIXTEEN_KHZ)
    audios = []
    for speaker in ("en-us", "en-us+f1"):
        wav = tmp_path / f"{speaker}.wav"
        tts("synthesize", "--voice", voice, "Hello.", "--speaker", speaker, "-o", wav)
        audio, sample_rate = soundfile.read(wav)
        assert sample_rate == 16_000
        audios.append(audio)
    assert len(audios[0]) != len(audios[1]) or not np.array_equal(*audios)
    refused = CliRunner().invoke(main, ["synthesize", "--voice", str(voice), "Hello.", "--speaker", "nobody"])
    assert refused.exit_code == 2
    assert "en-us+f1" in refused.output and "Traceback" not in refused.output
