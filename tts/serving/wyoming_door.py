"""The Wyoming door: a socket, its conversations, and, on request, a name by which Home Assistant finds it."""

import asyncio
import socket

from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from tts.serving.studio import Studio
from tts.serving.wyoming import Conversation
from tts.serving.wyoming_frames import MAX_LINE

SERVICE = "_wyoming._tcp.local."
MAX_CONVERSATIONS = 256
ANYWHERE = "224.0.0.251"  # the address of multicast DNS: who reaches it does so from the address others can reach


class WyomingDoor:
    """Listens on ``listener`` from ``open`` to ``close``."""

    def __init__(self, studio: Studio, listener: socket.socket) -> None:
        self._studio, self._listener = studio, listener
        self._conversations: dict[Conversation, asyncio.Task[None]] = {}

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._welcome, sock=self._listener, limit=MAX_LINE)

    async def close(self, patience_s: float) -> None:
        """Lets those that are speaking finish, for so long."""
        self._server.close()
        for conversation, task in self._conversations.items():
            if not conversation.speaking:
                task.cancel()
        if tasks := list(self._conversations.values()):
            _, late = await asyncio.wait(tasks, timeout=patience_s)
            for task in late:
                task.cancel()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._conversations) >= MAX_CONVERSATIONS:
            writer.close()
            return
        conversation = Conversation(self._studio, reader, writer)
        task = asyncio.ensure_future(conversation.run())
        self._conversations[conversation] = task
        task.add_done_callback(lambda _: self._conversations.pop(conversation))


class Announcement:
    """What multicast DNS says of the door while it lasts."""

    def __init__(self, name: str, port: int) -> None:
        self._info = AsyncServiceInfo(
            SERVICE, f"{name}.{SERVICE}", addresses=[socket.inet_aton(_own_address())], port=port
        )

    async def open(self) -> None:
        self._zeroconf = AsyncZeroconf()
        await self._zeroconf.async_register_service(self._info)

    async def close(self) -> None:
        await self._zeroconf.async_unregister_all_services()
        await self._zeroconf.async_close()


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((ANYWHERE, 1))  # sends nothing
        address: str = probe.getsockname()[0]
        return address
