"""The Wyoming door: a socket, and its conversations."""

import asyncio
import socket

from tts.serving.studio import Studio
from tts.serving.wyoming import Conversation
from tts.serving.wyoming_frames import MAX_LINE

MAX_CONVERSATIONS = 256
FINISHING_S = 60  # s for what is being spoken when the door closes


class WyomingDoor:
    """Listens on ``listener`` from ``open`` to ``close``."""

    def __init__(self, studio: Studio, listener: socket.socket) -> None:
        self._studio, self._listener = studio, listener
        self._conversations: dict[Conversation, asyncio.Task[None]] = {}

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._welcome, sock=self._listener, limit=MAX_LINE)

    async def close(self) -> None:
        """Lets those that are speaking finish."""
        self._server.close()
        for conversation, task in self._conversations.items():
            if not conversation.speaking:
                task.cancel()
        if tasks := list(self._conversations.values()):
            _, late = await asyncio.wait(tasks, timeout=FINISHING_S)
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
