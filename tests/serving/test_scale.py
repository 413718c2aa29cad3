"""Replicas of a real Ray Serve deployment, which die while they speak."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest

from tts.runtime.synthesizer import AudioChunk, join
from tts.runtime.voice import Voice
from tts.serving.errors import ServingError
from tts.serving.performance import Opening, Order
from tts.serving.settings import Settings
from tts.serving.studio import Studio
from tts.serving.voices import Choice

ray = pytest.importorskip("ray", reason="the extra 'scale' is not installed")
pytest.importorskip("ray.serve", reason="the extra 'scale' is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Ray's own warnings
TEXT = "Hello world. " * 30
KILLED_AFTER = 5  # chunks


@pytest.fixture(scope="module")
def studio(level_voice: Path) -> Iterator[Studio]:
    from tts.serving.scale import Replicas, open_ray_studio

    yield open_ray_studio([str(level_voice)], Settings(jobs=1), Replicas(2, 2))
    ray.shutdown()


def kill_all_replicas() -> None:
    replicas = [actor for actor in ray.util.list_named_actors(all_namespaces=True) if "REPLICA" in actor["name"]]
    assert replicas
    for replica in replicas:
        ray.kill(ray.get_actor(**replica))


async def chunks(studio: Studio, order: Order) -> AsyncIterator[AudioChunk]:
    async for item in studio.engine.perform(order):
        if not isinstance(item, Opening):
            yield item


@pytest.mark.parametrize("measured", [False, True])
def test_what_is_heard_does_not_depend_on_who_dies(studio: Studio, level_voice: Path, measured: bool) -> None:
    async def listen() -> list[AudioChunk]:
        heard = []
        async for chunk in chunks(studio, Order(TEXT, Choice("levels"), measured=measured)):
            heard.append(chunk)
            if len(heard) == KILLED_AFTER:
                kill_all_replicas()
        return heard

    speech = join(asyncio.run(listen()))
    expected = join(Voice.load(level_voice).stream(TEXT))
    np.testing.assert_array_equal(speech.audio, expected.audio)
    assert speech.words == expected.words


def test_errors_cross_processes(studio: Studio) -> None:
    async def listen() -> list[AudioChunk]:
        return [chunk async for chunk in chunks(studio, Order("<speak>", Choice("levels"), markup="ssml"))]

    with pytest.raises(ServingError) as caught:
        asyncio.run(listen())
    assert caught.value.status == 400


def test_voices_are_known_here(studio: Studio) -> None:
    assert studio.book.names() == ["levels", "levels/ann", "levels/ben"]
