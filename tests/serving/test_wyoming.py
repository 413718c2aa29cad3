"""Home Assistant's side of Wyoming, with the official client, in the order in which it writes and reads."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import TEXT, Running
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped, SynthesizeVoice

from tts.audio.wav import to_pcm16

T = TypeVar("T")
PATIENCE_S = 60


def converse(server: Running, talk: Callable[[AsyncTcpClient], Awaitable[T]]) -> T:
    host, _, port = server.wyoming.rpartition(":")

    async def all_of_it() -> T:
        async with AsyncTcpClient(host, int(port)) as client:
            return await asyncio.wait_for(talk(client), PATIENCE_S)

    return asyncio.run(all_of_it())


async def read(client: AsyncTcpClient) -> Event:
    event = await client.read_event()
    assert event is not None, "the connection was closed"
    return event


async def sound(client: AsyncTcpClient, last: type[Eventable] = AudioStop) -> bytes:
    """As Home Assistant collects it: the format of the first audio-start, then every chunk, up to ``last``."""
    start = AudioStart.from_event(await read(client))
    assert (start.rate, start.width, start.channels) == (22_050, 2, 1)
    heard = b""
    while True:
        event = await read(client)
        if AudioChunk.is_type(event.type):
            heard += AudioChunk.from_event(event).audio
        elif last.is_type(event.type):
            return heard
        else:
            assert AudioStop.is_type(event.type)


def whole(server: Running, text: str, **how: str) -> bytes:
    return to_pcm16(server.voice.synthesize(text, **how).audio).tobytes()


async def stream(client: AsyncTcpClient, fragments: list[str], **voice: SynthesizeVoice) -> bytes:
    await client.write_event(SynthesizeStart(**voice).event())
    for fragment in fragments:
        await client.write_event(SynthesizeChunk(fragment).event())
    await client.write_event(Synthesize("".join(fragments)).event())  # for servers that cannot stream
    await client.write_event(SynthesizeStop().event())
    return await sound(client, SynthesizeStopped)


def test_describes_itself(server: Running) -> None:
    async def talk(client: AsyncTcpClient) -> Info:
        await client.write_event(Describe().event())
        return Info.from_event(await read(client))

    (program,) = converse(server, talk).tts
    (voice,) = program.voices
    assert program.installed and program.supports_synthesize_streaming
    assert (voice.name, voice.installed, voice.languages) == ("levels", True, ["en_US"])
    assert [speaker.name for speaker in voice.speakers or []] == ["ann", "ben"]


def test_one_shot_again_and_again_on_one_socket(server: Running) -> None:
    async def talk(client: AsyncTcpClient) -> list[bytes]:
        heard = []
        for voice in (None, SynthesizeVoice("levels", speaker="ben"), SynthesizeVoice("levels")):
            await client.write_event(Synthesize(TEXT, voice=voice).event())
            heard.append(await sound(client))
        return heard

    usual, ben, named = converse(server, talk)
    assert usual == named == whole(server, TEXT)
    assert ben == whole(server, TEXT, speaker="ben")


def test_streams_in_home_assistants_order(server: Running) -> None:
    async def talk(client: AsyncTcpClient) -> tuple[bytes, bytes]:
        first = await stream(client, ["Hel", "lo wor", "ld. Hell", "o, hello!"])
        return first, await stream(client, list(TEXT), voice=SynthesizeVoice("levels", speaker="ben"))

    first, second = converse(server, talk)
    assert first == whole(server, TEXT)
    assert second == whole(server, TEXT, speaker="ben")


def test_a_sentence_is_spoken_as_soon_as_it_is_whole(server: Running) -> None:
    async def talk(client: AsyncTcpClient) -> str:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("Hello world. Hel").event())
        heard = await read(client)
        await client.write_event(SynthesizeStop().event())
        return heard.type

    assert converse(server, talk) == "audio-start"


def test_ssml(server: Running) -> None:
    markup = "<speak>Hello world. <s>Hello, hello!</s></speak>"

    async def talk(client: AsyncTcpClient) -> tuple[bytes, bytes]:
        await client.write_event(Synthesize(markup, text_format="ssml").event())
        one = await sound(client)
        await client.write_event(SynthesizeStart(text_format="ssml").event())
        for part in (markup[:9], markup[9:]):
            await client.write_event(SynthesizeChunk(part).event())
        await client.write_event(SynthesizeStop().event())
        return one, await sound(client, SynthesizeStopped)

    one, streamed = converse(server, talk)
    assert one == streamed == whole(server, markup, markup="ssml")


@pytest.mark.parametrize("text", ["", "  ", "...", "!?"])
def test_nothing_to_say_begins_and_ends(server: Running, text: str) -> None:
    async def talk(client: AsyncTcpClient) -> list[bytes]:
        await client.write_event(Synthesize(text).event())
        return [await sound(client), await stream(client, [text]), await stream(client, [])]

    assert converse(server, talk) == [b""] * 3


def test_unknown_events_are_passed_over(server: Running) -> None:
    async def talk(client: AsyncTcpClient) -> bytes:
        await client.write_event(Event("something-new", {"a": 1}, b"payload"))
        await client.write_event(Ping().event())
        assert Pong.is_type((await read(client)).type)
        await client.write_event(SynthesizeStart().event())
        await client.write_event(Event("something-new"))
        await client.write_event(SynthesizeStop().event())
        assert await sound(client, SynthesizeStopped) == b""
        await client.write_event(Synthesize(TEXT).event())
        return await sound(client)

    assert converse(server, talk) == whole(server, TEXT)


@pytest.mark.parametrize(
    "event", [Synthesize(TEXT, voice=SynthesizeVoice("nobody")).event(), Event("synthesize", {"text": 3})]
)
def test_an_error_ends_the_connection(server: Running, event: Event) -> None:
    async def talk(client: AsyncTcpClient) -> tuple[Event, Event | None]:
        await client.write_event(event)
        return await read(client), await client.read_event()

    told, end = converse(server, talk)
    assert Error.is_type(told.type) and end is None


FRAMES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda *parts: b"".join(parts), st.sampled_from([b"{", b'{"type":', b"[]", b"[" * 5000]), st.binary(max_size=50)
    ),
    st.builds(
        lambda kind, name, size, rest: f'{{"type":"{kind}","{name}":{size}}}\n'.encode() + rest,
        st.sampled_from(["synthesize", "synthesize-start", "describe", "x"]),
        st.sampled_from(["data", "data_length", "payload_length"]),
        st.sampled_from(["-1", "1", "5", "99999999999", "null", '"2"', "1e9", "[]", "{}", '{"text": "hello"}']),
        st.binary(max_size=100),
    ),
)


@given(frames=st.lists(FRAMES, min_size=1, max_size=4))
def test_any_bytes_leave_the_server_well(server: Running, frames: list[bytes]) -> None:
    host, _, port = server.wyoming.rpartition(":")

    async def talk() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"\n".join(frames))
        writer.write_eof()
        await asyncio.wait_for(reader.read(), PATIENCE_S)
        writer.close()

    asyncio.run(talk())
    test_describes_itself(server)


def test_a_sound_is_not_empty(server: Running) -> None:
    assert np.frombuffer(whole(server, TEXT), np.int16).any()
