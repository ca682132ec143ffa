"""How a fix puts its own function in the place of one of MiniStack's."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

Function = Callable[..., Any]


def around(module: ModuleType, name: str) -> Callable[[Function], Function]:
    """Put the decorated function where `module.name` was; it receives the original first."""

    def decorate(replacement: Function) -> Function:
        patched = _bind(getattr(module, name), replacement)
        setattr(module, name, patched)
        return patched

    return decorate


def around_action(module: ModuleType, action: str) -> Callable[[Function], Function]:
    """Do the same for one API action of a service module."""

    def decorate(replacement: Function) -> Function:
        actions = module._ACTION_MAP
        patched = _bind(actions[action], replacement)
        actions[action] = patched
        return patched

    return decorate


def _bind(original: Function, replacement: Function) -> Function:
    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    return patched
