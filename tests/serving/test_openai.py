"""OpenAI's own client as a black box."""

import asyncio
import base64
import io
import json
import wave
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest
import soundfile
from running import TEXT, Running, running_server

from tts.audio.resample import resampled_length
from tts.serving.voices import ALIASES


@pytest.fixture(scope="module")
def client(server: Running) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.api, api_key="any", max_retries=0)


def speak(client: openai.OpenAI, **fields: Any) -> bytes:
    fields = {"model": "tts-1", "voice": "alloy", "input": TEXT} | fields
    return client.audio.speech.create(**fields).content


@pytest.fixture(scope="module")
def n_samples(server: Running) -> int:
    """At 24 kHz."""
    speech = server.voice.synthesize(TEXT)
    return resampled_length(len(speech.audio), speech.sample_rate, 24_000)


def test_pcm_is_what_the_voice_speaks(client: openai.OpenAI, server: Running, n_samples: int) -> None:
    pcm = np.frombuffer(speak(client, response_format="pcm"), "<i2")
    assert len(pcm) == n_samples
    spoken = server.voice.synthesize(TEXT).audio
    middle = slice(len(spoken) // 4, len(spoken) // 4 + 10)  # of a phone, which is a constant level
    at = round(middle.start * 24_000 / 22_050)
    assert np.abs(spoken[middle].mean() - pcm[at : at + 10].mean() / 32768) < 0.01


@pytest.mark.parametrize("name", ["wav", "flac", "opus"])
def test_lengths_are_exact(client: openai.OpenAI, n_samples: int, name: str) -> None:
    content = speak(client, response_format=name)
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        assert file.samplerate == 24_000
        assert file.frames == n_samples  # as its header says
        assert len(file.read()) == n_samples


def test_mp3_is_the_default(client: openai.OpenAI, n_samples: int) -> None:
    content = speak(client)
    assert content == speak(client, response_format="mp3")
    audio, sample_rate = soundfile.read(io.BytesIO(content))
    assert sample_rate == 24_000
    assert n_samples <= len(audio) < n_samples + 3000  # whole frames, and what the encoder puts around them


def test_wav_says_its_length_while_it_streams(client: openai.OpenAI, n_samples: int) -> None:
    fields: Any = {"model": "tts-1", "voice": "alloy", "input": TEXT, "response_format": "wav"}
    with client.audio.speech.with_streaming_response.create(**fields) as response:
        parts = list(response.iter_bytes(1024))
    with wave.open(io.BytesIO(parts[0])) as file:
        assert file.getnframes() == n_samples
    assert sum(map(len, parts)) == 44 + 2 * n_samples


@pytest.mark.parametrize("name", ["mp3", "wav", "pcm"])
def test_sse_carries_the_same_bytes(client: openai.OpenAI, name: str) -> None:
    fields: Any = {"model": "gpt-4o-mini-tts", "voice": "ash", "input": TEXT, "response_format": name}
    with client.audio.speech.with_streaming_response.create(**fields, stream_format="sse") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        data = [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data: ")]
    assert data.pop() == "[DONE]"
    *deltas, done = map(json.loads, data)
    assert {delta["type"] for delta in deltas} == {"speech.audio.delta"}
    assert b"".join(base64.b64decode(delta["audio"]) for delta in deltas) == speak(client, response_format=name)
    assert done["type"] == "speech.audio.done"
    assert done["usage"]["total_tokens"] == done["usage"]["input_tokens"] + done["usage"]["output_tokens"]


@pytest.mark.slow
def test_many_at_once_all_hear_the_same(server: Running, client: openai.OpenAI) -> None:
    async def all_of_them() -> list[bytes]:
        async with openai.AsyncOpenAI(base_url=server.api, api_key="any", max_retries=0) as several:
            fields: Any = {"model": "tts-1", "voice": "nova", "input": TEXT, "response_format": "wav"}
            answers = await asyncio.gather(*(several.audio.speech.create(**fields) for _ in range(32)))
            return [answer.content for answer in answers]

    assert set(asyncio.run(all_of_them())) == {speak(client, response_format="wav")}


def test_speed_and_pitch(client: openai.OpenAI, n_samples: int) -> None:
    assert len(speak(client, response_format="pcm", speed=0.5)) == pytest.approx(4 * n_samples, rel=0.01)
    assert speak(client, extra_body={"pitch": 3.0}) != speak(client)


def test_voices_by_every_name(client: openai.OpenAI) -> None:
    usual, other = speak(client), speak(client, voice="levels/ben")
    assert usual != other
    assert {speak(client, voice=name) for name in (*ALIASES, "levels", "levels/ann", "Alloy")} == {usual}
    assert speak(client, voice={"id": "ben"}) == other
    assert speak(client, model="levels/ben", voice="") == other


@pytest.mark.parametrize("sample_rate", [8000, 16_000, 48_000])
def test_other_sample_rates(client: openai.OpenAI, sample_rate: int, n_samples: int) -> None:
    content = speak(client, response_format="wav", extra_body={"sample_rate": sample_rate})
    with wave.open(io.BytesIO(content)) as file:
        assert file.getframerate() == sample_rate
        assert file.getnframes() == pytest.approx(n_samples * sample_rate / 24_000, abs=2)


BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"input": ""}, "empty_input"),
    ({"input": " \n"}, "empty_input"),
    ({"speed": 0}, "invalid_value"),
    ({"speed": 4.1}, "invalid_value"),
    ({"response_format": "aac"}, "unsupported_format"),
    ({"voice": "nobody"}, "unknown_voice"),
    ({"stream_format": "video"}, "invalid_value"),
    ({"extra_body": {"sample_rate": 1}}, "invalid_value"),
    ({"extra_body": {"input": 3}}, "invalid_value"),
]


@pytest.mark.parametrize(("fields", "code"), BAD_FIELDS)
def test_bad_requests_are_told_as_openai_does(client: openai.OpenAI, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        speak(client, **fields)
    assert caught.value.code == code
    assert caught.value.type == "invalid_request_error"


def test_too_long(client: openai.OpenAI, server: Running) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        speak(client, input="a" * (server.studio.settings.max_chars + 1))
    assert caught.value.status_code == 413 and caught.value.code == "input_too_long"


def test_key(level_voice: Path) -> None:
    with running_server(level_voice, api_key="secret") as running:
        right = openai.OpenAI(base_url=running.api, api_key="secret", max_retries=0)
        wrong = openai.OpenAI(base_url=running.api, api_key="Secret", max_retries=0)
        assert speak(right)
        for ask in (lambda: speak(wrong), wrong.models.list):
            with pytest.raises(openai.AuthenticationError):
                ask()
        assert httpx.get(f"{running.url}/health").status_code == 200
        assert httpx.get(f"{running.url}/metrics").status_code == 401


def test_models(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert {"tts-1", "tts-1-hd", "levels"} <= set(names)
    assert client.models.retrieve("levels").id == "levels"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no/such/model")


def test_lists_in_every_shape_that_clients_read(server: Running) -> None:
    for base in (server.api, server.url):
        voices = httpx.get(f"{base}/audio/voices", params={"model": "whatever"}).json()
        assert [voice["id"] for voice in voices["voices"]] == ["levels", "levels/ann", "levels/ben"]
        assert voices["data"][0]["name"] and voices["object"] == "list"
        assert httpx.get(f"{base}/audio/voices?legacy=true").json()["voices"][0] == "levels"
        assert httpx.get(f"{base}/audio/models").json()["models"][0]["id"] == "tts-1"


def test_what_is_not_there(server: Running) -> None:
    for answer in (httpx.get(f"{server.api}/nothing"), httpx.get(f"{server.api}/audio/speech")):
        assert answer.status_code in (404, 405)
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    answer = httpx.post(f"{server.api}/audio/speech", content=b"{not json")
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "invalid_value"


def test_headers(server: Running) -> None:
    answer = httpx.post(f"{server.api}/audio/speech", json={"input": TEXT}, headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "speech.mp3" in answer.headers["content-disposition"]
