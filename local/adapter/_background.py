"""What runs beside MiniStack's own event loop: the load balancers' traffic, health checks, and schedulers."""

import asyncio
import contextvars
import functools
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_log = logging.getLogger(__name__)


@functools.cache
def loop() -> asyncio.AbstractEventLoop:
    """Give the loop, which runs in a thread of its own: MiniStack's blocks while it answers a call."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="berth-data-plane", daemon=True).start()
    return made


def start(work: Coroutine[Any, Any, Any]) -> Future[Any]:
    """Run a coroutine on the loop, from any thread."""
    return asyncio.run_coroutine_threadsafe(work, loop())


def isolated(pool: ThreadPoolExecutor, work: Callable[..., None], *args: Any) -> None:
    """Do a scheduler's work on one thing: a fault is logged and does not end the work on all others."""
    fault = pool.submit(contextvars.copy_context().run, work, *args).exception()
    if fault:
        _log.error("%s failed", work.__qualname__, exc_info=fault)
