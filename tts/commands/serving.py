"""``tts serve``."""

import os
import sys
from typing import Any

import click

from tts.commands.options import key_in
from tts.runtime.catalogue import DEFAULT_VOICE

PORT = click.IntRange(0, 65_535)


@click.command()
@click.option(
    "--voice",
    "voices",
    multiple=True,
    default=[DEFAULT_VOICE],
    show_default=True,
    metavar="NAME|DIR",
    help="Several may be given; the first is the default.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Of HTTP; 0 takes a free one.")
@click.option(
    "--wyoming-port",
    type=click.IntRange(0, 65535),
    default=10_200,
    show_default=True,
    help="Of Home Assistant's protocol.",
)
@click.option("--wyoming-host", help="[default: as --host]")
@click.option("--no-wyoming", is_flag=True, help="Do not speak Wyoming.")
@click.option("--zeroconf", metavar="NAME", help="Home Assistant finds the server by itself, under this name.")
@click.option("--api-key-env", metavar="VAR", help="Environment variable that holds the key clients must send.")
@click.option("--cors", "origins", multiple=True, metavar="ORIGIN", help="Web pages elsewhere that may ask; * for all.")
@click.option("--max-chars", type=click.IntRange(1), default=16_384, show_default=True, help="Of one request's text.")
@click.option("--jobs", type=click.IntRange(1), help="Chunks of speech computed at once.  [default: one per core]")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Of each job.")
@click.option(
    "--queue",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Chunks that may wait; new requests then get 503.",
)
@click.option(
    "--per-client",
    type=click.IntRange(0),
    default=0,
    help="Requests of one address at once; more get 429.  [default: any]",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--engine",
    type=click.Choice(["threads", "ray"]),
    default="threads",
    show_default=True,
    help="Where it is computed: here, or by replicas of a Ray Serve deployment (the extra 'scale').",
)
@click.option("--replicas", metavar="N|LEAST-MOST", default="1", show_default=True, help="With --engine ray.")
@click.option("--address", metavar="URL", help="Of a Ray cluster.  [default: this machine alone]")
def serve(
    voices: tuple[str, ...],
    host: str,
    port: int,
    wyoming_port: int,
    wyoming_host: str | None,
    no_wyoming: bool,
    zeroconf: str | None,
    api_key_env: str | None,
    jobs: int | None,
    threads: int,
    log_format: Any,
    engine: str,
    replicas: str,
    address: str | None,
    **limits: Any,
) -> None:
    """Speak for other programs: OpenAI's speech interface, Home Assistant's Wyoming, Piper's HTTP, and a page.

    \b
    Examples:
      tts serve
      curl http://127.0.0.1:8000/v1/audio/speech -d '{"input": "Hello."}' -o hello.mp3
      tts serve --host 0.0.0.0 --voice linnet --voice voices/mine --api-key-env LINNET_KEY
    """
    from tts.serving import server as serving
    from tts.serving.settings import Settings

    settings = Settings(jobs=jobs or os.cpu_count() or 1, api_key=key_in(api_key_env), **limits)
    if engine == "ray":
        from tts.serving.scale import open_ray_studio, parse_replicas

        studio = open_ray_studio(voices, settings, parse_replicas(replicas), threads, address, log_format)
    else:
        studio = serving.open_studio(serving.load_voices(voices, threads), settings, log_format)
    addresses = serving.Addresses(host, port, wyoming_host, None if no_wyoming else wyoming_port, zeroconf)
    server = serving.Server(studio, addresses)
    click.echo(f"{studio.book}\n{_doors(server)}")
    sys.exit(128 + serving.serve(server))


def _doors(server: Any) -> str:
    http = f"  {server.url}/  a page, and /v1 for OpenAI's clients"
    return f"{http}\n  {server.wyoming_url}  for Home Assistant (Wyoming)" if server.wyoming_url else http
