"""One HTTP/1.1 connection, either side, over asyncio streams; h11 is the protocol."""

import asyncio
from typing import Any, Self

import h11

CHUNK_BYTES = 65536
# The limit of a real load balancer for a request line and all headers together.
MAX_HEAD_BYTES = 65536

Headers = list[tuple[bytes, bytes]]


class Wire:
    """A connection that speaks in h11 events."""

    def __init__(self, role: type, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.state = h11.Connection(role, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, host: str, port: int) -> Self:
        """Open a client connection."""
        return cls(h11.CLIENT, *await asyncio.open_connection(host, port))

    @property
    def peer(self) -> str:
        """The address of the other end."""
        return (self._writer.get_extra_info("peername") or ("127.0.0.1",))[0]

    async def receive(self) -> Any:
        """Wait for the next event; a client that waits for leave to send its body gets it."""
        while (event := self.state.next_event()) is h11.NEED_DATA:
            if self.state.they_are_waiting_for_100_continue:
                await self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.state.receive_data(await self._reader.read(CHUNK_BYTES))
        return event

    async def send(self, event: h11.Event) -> None:
        """Send one event, at the pace of the other end."""
        if data := self.state.send(event):
            self._writer.write(data)
            await self._writer.drain()

    def close(self) -> None:
        """Close the connection without waiting."""
        self._writer.close()
