"""The event loop beside MiniStack's own: it carries the load balancers' traffic and health checks."""

import asyncio
import functools
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any


@functools.cache
def loop() -> asyncio.AbstractEventLoop:
    """Give the loop, which runs in a thread of its own: MiniStack's blocks while it answers a call."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="berth-data-plane", daemon=True).start()
    return made


def start(work: Coroutine[Any, Any, Any]) -> Future[Any]:
    """Run a coroutine on the loop, from any thread."""
    return asyncio.run_coroutine_threadsafe(work, loop())
