"""Piper's, Kokoro-FastAPI's and LocalAI's habits."""

import base64
import io
import json
import wave
from typing import Any

import httpx
import pytest
import soundfile
from running import TEXT, Running

from tts.audio.wav import to_pcm16


def post(server: Running, path: str, **fields: Any) -> httpx.Response:
    return httpx.post(f"{server.url}{path}", json=fields, timeout=60)


def wav(content: bytes) -> tuple[int, bytes]:
    with wave.open(io.BytesIO(content)) as file:
        return file.getframerate(), file.readframes(file.getnframes())


def test_piper_speaks(server: Running) -> None:
    for fields, how in (
        ({}, {}),
        ({"speaker": "ben", "noise_scale": 0.3}, {"speaker": "ben"}),
        ({"speaker_id": 1, "voice": "levels"}, {"speaker": "ben"}),
        ({"length_scale": 2.0}, {"speed": 0.5}),
    ):
        answer = post(server, "/synthesize", text=TEXT, **fields)
        assert answer.headers["content-type"] == "audio/wav"
        speech = server.voice.synthesize(TEXT, **how)
        assert wav(answer.content) == (speech.sample_rate, to_pcm16(speech.audio).tobytes())


@pytest.mark.parametrize("fields", [{"speaker_id": 2}, {"speaker": "eve"}, {"voice": "x"}, {"length_scale": 0}])
def test_piper_refuses(server: Running, fields: dict[str, Any]) -> None:
    assert post(server, "/synthesize", text=TEXT, **fields).status_code == 400
    assert post(server, "/synthesize").status_code == 400


def test_piper_lists_voices(server: Running) -> None:
    (voice,) = httpx.get(f"{server.url}/voices").json().values()
    assert voice["audio"]["sample_rate"] == 22_050
    assert voice["speaker_id_map"] == {"ann": 0, "ben": 1}


def test_captions_as_lines_and_as_one_object(server: Running) -> None:
    for path in ("/dev/captioned_speech", "/v1/audio/speech/timestamps"):
        answer = post(server, path, input=TEXT, voice="levels", response_format="wav", return_timestamps=True)
        lines = [json.loads(line) for line in answer.text.splitlines()]
        one = post(server, path, input=TEXT, response_format="wav", stream=False).json()
        assert len(lines) > 1
        assert b"".join(base64.b64decode(line["audio"]) for line in lines) == base64.b64decode(one["audio"])
        words = [word for line in lines for word in line["timestamps"]]
        assert words == one["timestamps"]
        spoken = server.voice.synthesize(TEXT).words
        assert [word["word"] for word in words] == [word.label for word in spoken]
        assert [word["end_time"] for word in words] == pytest.approx([word.end_s for word in spoken], abs=1e-3)


def test_captions_say_where_words_are_written_and_what_was_left_out(server: Running) -> None:
    text = "Hello, \U0001f984\ufffd world!"
    told = post(server, "/dev/captioned_speech", input=text, stream=False).json()
    words = [text[word["start_char"] : word["end_char"]] for word in told["timestamps"]]
    assert (words[0], words[-1]) == ("Hello", "world")
    assert told["unread"]


def test_markup(server: Running) -> None:
    plain = post(server, "/v1/audio/speech", input="Hello world.").content
    for fields in (
        {"input": "**Hello** world.", "markup": "markdown"},
        {"input": "<speak>Hello world.</speak>"},
        {"input": "<?xml version='1.0'?><speak>Hello world.</speak>", "ssml": True},
    ):
        assert post(server, "/v1/audio/speech", **fields).content == plain
    refused = post(server, "/v1/audio/speech", input="<speak>Hello")
    assert refused.status_code == 400 and refused.json()["error"]["code"] == "invalid_input"


def test_localai_names_the_voice_as_the_model(server: Running) -> None:
    answer = post(server, "/tts", model="levels/ben", input=TEXT, backend="piper", language="en")
    assert answer.content == post(server, "/v1/audio/speech", input=TEXT, voice="ben", response_format="wav").content
    assert soundfile.info(io.BytesIO(post(server, "/tts", input=TEXT, response_format="flac").content)).format == "FLAC"


def test_text_without_words_is_a_short_silence(server: Running) -> None:
    answer = post(server, "/v1/audio/speech", input="...", response_format="wav")
    _, samples = wav(answer.content)
    assert answer.status_code == 200 and samples and not any(samples)
