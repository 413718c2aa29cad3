"""Beyond one machine: performances on the replicas of a Ray Serve deployment.

All doors stay in this process. What is spoken does not depend on where it is: when a replica dies, another one begins
again and the client hears it from where the first one stopped.
"""

import logging
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from tts.errors import InputError
from tts.runtime.catalogue import find_voice
from tts.runtime.contract import MANIFEST_FILE
from tts.runtime.folder import read_manifest
from tts.serving.engine import LocalEngine
from tts.serving.errors import BusyError, ServingError, as_serving_error
from tts.serving.journal import Journal, LogFormat
from tts.serving.metrics import Metrics
from tts.serving.performance import Item, Order
from tts.serving.server import load_voices, voice_labels
from tts.serving.settings import Settings
from tts.serving.studio import Studio
from tts.serving.voices import VoiceBook

APPLICATION = "linnet"
ATTEMPTS = 5  # replicas that may die under one request
RETRY_AFTER_S = 2
log = logging.getLogger("tts.serving")


@dataclass(frozen=True)
class Replicas:
    """How many: between the two, by the number of requests that are waiting."""

    least: int
    most: int


def parse_replicas(text: str) -> Replicas:
    """``2``, or ``1-4``. Raises ``InputError`` for anything else."""
    given = re.fullmatch("([0-9]{1,5})(?:-([0-9]{1,5}))?", text)
    least, most = (int(given[1]), int(given[2] or given[1])) if given else (0, 0)
    if not 1 <= least <= most:
        raise InputError(f"--replicas {text}", "is not a number of at least 1, nor two of them", "give 2, or 1-4")
    return Replicas(least, most)


@dataclass(frozen=True)
class Refusal:
    """A ``ServingError`` on its way between processes."""

    status: int
    code: str
    message: str
    param: str | None
    headers: dict[str, str]


class Speaker:
    """One replica: the voices, and an engine of its own."""

    def __init__(self, voices: Sequence[str], settings: Settings, threads: int) -> None:
        self._engine = LocalEngine(load_voices(voices, threads), settings.jobs, settings.queue, Metrics())

    async def perform(self, order: Order, heard: int) -> AsyncGenerator[Item | Refusal, None]:
        """All but the first ``heard`` items."""
        number = 0
        try:
            async with aclosing(self._engine.perform(order)) as items:
                async for item in items:
                    number += 1
                    if number > heard:
                        yield item
        except Exception as error:
            told = as_serving_error(error)
            if told.status == 500:
                raise
            yield Refusal(told.status, told.code, told.message, told.param, dict(told.headers or {}))


class RayEngine:
    """Hands orders to replicas."""

    def __init__(self, handle: Any) -> None:
        self._perform = handle.perform.options(stream=True)

    async def perform(self, order: Order) -> AsyncGenerator[Item, None]:
        from ray.exceptions import RayActorError
        from ray.serve.exceptions import BackPressureError

        heard = 0
        for _ in range(ATTEMPTS):
            answer = self._perform.remote(order, heard)
            try:
                async for item in answer:
                    if isinstance(item, Refusal):
                        raise ServingError(item.status, item.code, item.message, param=item.param, headers=item.headers)
                    heard += 1
                    yield item
                return
            except RayActorError:
                log.warning("a replica died; its request goes to another one, from item %d on", heard)
            except BackPressureError:
                raise BusyError(RETRY_AFTER_S) from None
            finally:
                answer.cancel()
        raise ServingError(503, "no_replica", "every replica died", headers={"Retry-After": str(RETRY_AFTER_S)})

    async def close(self) -> None:
        from ray import serve

        serve.delete(APPLICATION)


def open_ray_studio(
    voices: Sequence[str],
    settings: Settings,
    replicas: Replicas,
    threads: int = 1,
    address: str | None = None,
    log_format: LogFormat = "text",
) -> Studio:
    """Replicas on the cluster at ``address``, or on this machine alone. Raises ``InputError`` for unknown voices."""
    import ray
    from ray import serve

    manifests = {label: read_manifest(find_voice(name) / MANIFEST_FILE) for label, name in voice_labels(voices).items()}
    own = {"include_dashboard": False, "num_cpus": settings.jobs * replicas.most}  # with room for every replica
    local: dict[str, Any] = {} if address else own
    ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **local)
    serve.start(proxy_location="Disabled")
    deployment = serve.deployment(
        Speaker,
        name="Speaker",
        max_ongoing_requests=settings.queue,
        max_queued_requests=settings.queue * replicas.most,
        ray_actor_options={"num_cpus": settings.jobs},
        autoscaling_config={
            "min_replicas": replicas.least,
            "max_replicas": replicas.most,
            "target_ongoing_requests": 2 * settings.jobs,
        },
        health_check_period_s=1,
        graceful_shutdown_timeout_s=20,
    )
    handle = serve.run(deployment.bind(list(voices), settings, threads), name=APPLICATION, route_prefix=None)
    metrics = Metrics()
    return Studio(VoiceBook(manifests), RayEngine(handle), metrics, settings, Journal(metrics, log_format))
