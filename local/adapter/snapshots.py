"""Save the state as it changes.

MiniStack 1.5.33 saves at a graceful stop only, while S3 writes through: after `kill -9` Terraform's state is there and
its resources are not. Unnecessary once it saves before it answers a mutating call.

A mutating call saves its own service, and those it can have touched, before its answer leaves; what changes in the
background (tasks, health, logs) is saved soon after.
"""

import contextlib
import json
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence

from local.adapter._calls import is_read, name_of
from local.adapter._patching import around

SOON_SECONDS = 0.5
SELDOM_SECONDS = 8.0
ATTEMPTS = 20
# Log lines come by the thousand and nobody's plan depends on the last ones: they are saved now and then.
LINES = {"PutLogEvents"}
GROWING = {"cloudwatch_logs"}
# What a call to one service writes into another one's state.
TOUCHED = {
    "alb": ("ec2",),
    "autoscaling": ("ec2", "cloudwatch"),
    "application_autoscaling": ("ecs", "cloudwatch"),
    "ecs": ("alb",),
    "efs": ("ec2", "backup"),
    "elasticache": ("ec2",),
    "rds": ("secretsmanager", "ec2", "kms"),
}

Handler = Callable[..., Awaitable[Any]]

_saving = threading.Lock()
_saved: dict[str, str] = {}
_touched = threading.Event()
_log = logging.getLogger(__name__)


def install() -> None:
    """Save after each mutating call, and now and then."""
    for name, handler in app.SERVICE_HANDLERS.items():
        app.SERVICE_HANDLERS[name] = _with_save(_keys(name), handler)
    around(app, "_load_persisted_state")(_start)


def _keys(service: str) -> tuple[str, ...]:
    config = app.SERVICE_REGISTRY[service]
    own = (config.get("state_key", config["module"]), *config.get("sub_modules", ()))
    return *own, *(other for key in own for other in TOUCHED.get(key, ()))


def _with_save(keys: tuple[str, ...], handler: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        answer = await handler(method, path, headers, body, query)
        name = name_of(method, path, headers, body, query)
        if not is_read(method, name) and name not in LINES:
            save(*keys)
        return answer

    return handle


def save(*keys: str) -> None:
    """Save some services now, and everything that changed a little later."""
    getters = app._build_persistence_save_dict()
    for key in keys:
        if key in getters:
            _save(key, getters[key])
    _touched.set()


def save_all(*, growing: bool) -> int:
    """Save every service that changed, those that grow all the time only if asked; tell how many did."""
    getters = app._build_persistence_save_dict()
    return sum(_save(key, getter) for key, getter in getters.items() if growing or key not in GROWING)


def _save(key: str, getter: Callable[[], Any]) -> bool:
    with _saving:
        text = _text(key, getter)
        if text is None or text == _saved.get(key):
            return False
        _write(Path(persistence.STATE_DIR) / f"{key}.json", text)
        _saved[key] = text
    return True


def _text(key: str, getter: Callable[[], Any]) -> str | None:
    """Write a service's state as MiniStack does; other threads may change it meanwhile, then it is read again."""
    for _ in range(ATTEMPTS):
        with contextlib.suppress(RuntimeError):
            state = getter()
            wrapped = {"__ministack_format__": persistence._state_format_version(key), "payload": state}
            return None if state is None else json.dumps(wrapped, default=persistence._json_default)
    _log.error("the state of %s changes too fast to be saved", key)
    return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


def _start(load: Callable[[], None]) -> None:
    load()
    threading.Thread(target=_run, name="berth-snapshots", daemon=True).start()


def _run() -> None:
    """Save what changed; the longer nothing does, the seldomer look."""
    pause, seldom = SOON_SECONDS, 0.0
    while True:
        if _touched.wait(pause):
            _touched.clear()
            pause = SOON_SECONDS
            time.sleep(SOON_SECONDS)
        growing = time.monotonic() >= seldom
        seldom = time.monotonic() + SELDOM_SECONDS if growing else seldom
        pause = SOON_SECONDS if save_all(growing=growing) else min(2 * pause, SELDOM_SECONDS)
