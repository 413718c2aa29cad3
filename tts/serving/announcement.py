"""Multicast DNS: a name by which Home Assistant finds the Wyoming door."""

import socket

from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE = "_wyoming._tcp.local."
ANYWHERE = "224.0.0.251"  # the address of multicast DNS: who reaches it does so from the address others can reach


class Announcement:
    """What the network hears about the service at ``port``, from ``open`` to ``close``."""

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
