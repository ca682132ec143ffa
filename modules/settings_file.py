"""Read an environment's YAML file, and say everything that is wrong with it at once."""

import os
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from modules.app_settings import APPS
from modules.config import Config
from modules.config_rules import Problem, problems
from modules.kubernetes_rules import problems as kubernetes_problems
from modules.kubernetes_settings import KubernetesConfig

FOLDER = Path(__file__).parent.parent / "environments"
ALLOWED = {
    "extra_forbidden": "remove it, or look for the right name in environments/schema.json",
    "missing": "add it",
}


Model = TypeVar("Model", Config, KubernetesConfig)


class SettingsError(ValueError):
    """The settings cannot be used; the text is one problem a line."""


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, where YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def load(path: Path, overrides: Mapping[str, Any] | None = None) -> Config:
    """Return the settings in `path`, the top-level blocks in `overrides` merged over them.

    Raises SettingsError with every problem, one a line: `<file>: <key path>: <what is wrong>, got <value>; <fix>`.
    """
    data = _read(path)
    if "kubernetes" in data:
        msg = f"{path}: kubernetes: only `make export` works with a cluster so far, got a block; remove it to use AWS"
        raise SettingsError(msg)
    for key, value in (overrides or {}).items():
        data[key] = {**data.get(key, {}), **value} if isinstance(value, Mapping) else value
    return _checked(path, data, Config, problems)


def kubernetes_environment(name: str, *, folder: Path | None = None) -> KubernetesConfig:
    """Return the settings of the environment `name`, which is on a Kubernetes cluster; raises SettingsError."""
    path = (folder or _folder()) / f"{name}.yaml"
    data = _read(path)
    if "kubernetes" not in data:
        msg = f"{path}: kubernetes: is missing, got nothing; add it, environments/home.yaml shows how"
        raise SettingsError(msg)
    return _checked(path, data, KubernetesConfig, kubernetes_problems)


def _checked(
    path: Path, data: dict[str, Any], model: type[Model], rules: Callable[[Model], Iterable[Problem]]
) -> Model:
    found: list[Problem] = []
    config = _validate(data, model, found)
    if config is not None:
        bad = {problem.path for problem in found}
        found += [problem for problem in rules(config) if problem.path not in bad]
        found += _misnamed(path, config.environment)
    if found or config is None:
        raise SettingsError("\n".join(f"{path}: {problem}" for problem in found))
    return config


def _folder() -> Path:
    return Path(os.environ.get("BERTH_ENVIRONMENTS") or FOLDER)


def environment(
    name: str, *, folder: Path | None = None, port: int | None = None, protection: bool | None = None
) -> Config:
    """Return the settings of the environment `name`; raises SettingsError.

    `folder`: where its file is; default $BERTH_ENVIRONMENTS, else the project's environments/. `port` moves the
    embedded cloud where there is one, `protection` overrides the setting of that name.
    """
    path = (folder or _folder()) / f"{name}.yaml"
    changes: dict[str, Any] = {} if protection is None else {"protection": protection}
    if port and load(path).local:
        changes["embedded_cloud"] = {"port": port}
    return load(path, changes)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except FileNotFoundError:
        names = ", ".join(sorted(p.stem for p in path.parent.glob("*.yaml"))) or "none"
        msg = f"{path}: no such environment, got {path.stem!r}; allowed: {names}"
        raise SettingsError(msg) from None
    except yaml.YAMLError as error:
        msg = f"{path}: not YAML: {error}".replace("\n", " ")
        raise SettingsError(msg) from None
    if not isinstance(data, dict):
        msg = f"{path}: must be a mapping of settings, got {type(data).__name__}; see environments/local.yaml"
        raise SettingsError(msg)
    return data


def _validate(data: dict[str, Any], model: type[Model], found: list[Problem]) -> Model | None:
    """Validate `data`; note problems in `found` and try again without the wrong keys, to find what they hide."""
    data = deepcopy(data)
    while True:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            known = {problem.path for problem in found}
            new = [_problem(detail) for detail in error.errors() if _path(detail) not in known]
            found.extend(new)
            removed = [_remove(data, _location(detail)) for detail in error.errors()]
            if not new or not all(removed):
                return None


def _location(detail: ErrorDetails) -> tuple[int | str, ...]:
    """Return where the value stands in the file: pydantic adds a union's `<tag>`, and `[key]` for a wrong name."""
    location = tuple(part for part in detail["loc"] if str(part)[:1] not in {"[", "<"})
    return (*location, "app") if detail["type"] == "union_tag_invalid" else location


def _path(detail: ErrorDetails) -> str:
    return "/".join(map(str, _location(detail)))


def _problem(detail: ErrorDetails) -> Problem:
    if detail["type"] == "union_tag_invalid":
        return Problem(_path(detail), "is not allowed", detail["ctx"]["tag"].strip("<>"), f"allowed: {', '.join(APPS)}")
    if detail["type"] == "union_tag_not_found":
        return Problem(
            _path(detail), "is not allowed", detail["input"], "allowed: a mapping, or in a list of names a name"
        )
    message = detail["msg"].removeprefix("Value error, ")
    wrong = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(detail["type"], "is not allowed")
    got = "nothing" if detail["type"] == "missing" else detail["input"]
    return Problem(
        _path(detail), wrong, got, ALLOWED.get(detail["type"], f"allowed: {message[0].lower()}{message[1:]}")
    )


def _remove(data: Any, location: tuple[int | str, ...]) -> bool:  # noqa: ANN401 - whatever YAML held
    """Take the value at `location` out of `data`; false when it is not there."""
    *parents, last = location
    for part in parents:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return False
    if isinstance(data, dict) and last in data:
        del data[last]
        return True
    return False


def _misnamed(path: Path, environment: str) -> list[Problem]:
    if environment == path.stem:
        return []
    return [Problem("environment", "differs from the file's name", environment, f"allowed: {path.stem}")]
