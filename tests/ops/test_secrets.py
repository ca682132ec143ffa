import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops import secrets
from ops.errors import OpsError
from ops.place import Place
from tests.conftest import make_config
from tests.ops.fakes import Secrets, place


def test_both_secrets_get_values(tmp_path: Path) -> None:
    """The database's user and the application's own secrets are made up, long enough, and in the agreed shape."""
    client = Secrets()
    secrets.ensure(place(tmp_path, secretsmanager=client), "wiki")
    database = json.loads(client.values["berth/test/wiki/database"])
    application = json.loads(client.values["berth/test/wiki/app"])
    assert database.keys() == {"username", "password"}
    assert application.keys() == {"admin_user", "admin_password", "secret_key"}
    assert min(len(database["password"]), len(application["admin_password"])) >= 32
    assert len(application["secret_key"]) == 64


def test_a_value_is_written_once(tmp_path: Path) -> None:
    """What is there stays: a new database password would lock the site out."""
    client = Secrets(**{"berth/test/wiki/database": "kept"})
    secrets.ensure(place(tmp_path, secretsmanager=client), "wiki")
    first = dict(client.values)
    secrets.ensure(place(tmp_path, secretsmanager=client), "wiki")
    assert client.values == first
    assert first["berth/test/wiki/database"] == "kept"


def test_no_two_values_are_alike(tmp_path: Path) -> None:
    """Each environment has secrets of its own."""
    clients = Secrets(), Secrets()
    for client in clients:
        secrets.ensure(place(tmp_path, secretsmanager=client), "wiki")
    assert not set(clients[0].values.values()) & set(clients[1].values.values())


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Making secrets up leaves no trace on the terminal or in a log."""
    secrets.ensure(place(tmp_path, secretsmanager=Secrets()), "wiki")
    assert capfd.readouterr() == ("", "")


def test_the_administrator_is_read_back(tmp_path: Path) -> None:
    """`make password` shows what the first start was given."""
    here = place(tmp_path, secretsmanager=Secrets())
    secrets.ensure(here, "wiki")
    user, password = secrets.administrator(here, "wiki")
    assert (user, len(password)) == ("Admin", 32)


MAIL = {"host": "smtp.example.org", "from": "wiki@example.org"}


def _with(folder: Path, settings: dict[str, Any], **values: str) -> Place:
    here = place(folder, secretsmanager=Secrets(**values))
    return replace(here, config=make_config(sites={"wiki": {"host": "wiki.example.org", **settings}}))


@pytest.mark.parametrize(
    "value", [None, "", "hunter2", '"text"', '{"user": "mailer"}', '{"user": "", "password": "x"}']
)
def test_a_log_in_that_only_its_owner_knows_is_asked_for(tmp_path: Path, value: str | None) -> None:
    """Where the mail server's log-in is missing or half, one sentence names the secret and what to write."""
    here = _with(tmp_path, {"mail": MAIL}, **({} if value is None else {"berth/test/wiki/mail": value}))
    with pytest.raises(OpsError) as refused:
        secrets.require(here, "wiki")
    (line,) = str(refused.value).splitlines()
    assert line.startswith("sites/wiki/mail: the secret berth/test/wiki/mail does not hold the mail server's log-in; ")
    assert (
        """put-secret-value --secret-id berth/test/wiki/mail --secret-string '{"user": "…", "password": "…"}'""" in line
    )
    assert "hunter2" not in line


def test_a_log_in_is_never_made_up(tmp_path: Path) -> None:
    """What is made up is Berth's own; the log-in that its owner wrote is enough."""
    here = _with(tmp_path, {"mail": MAIL})
    secrets.ensure(here, "wiki")
    client = here.client("secretsmanager")
    assert client.values.keys() == {"berth/test/wiki/database", "berth/test/wiki/app"}
    client.values["berth/test/wiki/mail"] = '{"user": "mailer", "password": "x"}'
    secrets.require(here, "wiki")


def test_the_password_of_a_cache_is_asked_for(tmp_path: Path) -> None:
    """A server that asks for a password needs one in its secret before anything changes; it is never made up."""
    here = _with(tmp_path, {"cache": {"host": "cache.example.org", "password": True}})
    secrets.ensure(here, "wiki")
    with pytest.raises(OpsError) as refused:
        secrets.require(here, "wiki")
    said = str(refused.value)
    assert said.startswith(
        "sites/wiki/cache: the secret berth/test/wiki/cache does not hold the Valkey server's password;"
    )
    assert """--secret-id berth/test/wiki/cache --secret-string '{"password": "…"}'""" in said
    here.client("secretsmanager").values["berth/test/wiki/cache"] = '{"password": "x"}'
    secrets.require(here, "wiki")


def test_a_cache_without_a_password_needs_no_secret(tmp_path: Path) -> None:
    """A server that asks for none is taken as it is."""
    secrets.require(_with(tmp_path, {"cache": {"host": "cache.example.org"}}), "wiki")


def test_without_mail_nothing_is_asked_for(tmp_path: Path) -> None:
    """A site that sends no mail needs no log-in."""
    secrets.require(place(tmp_path, secretsmanager=Secrets()), "wiki")


def test_without_a_value_there_is_no_administrator(tmp_path: Path) -> None:
    """The error says what to run first."""
    with pytest.raises(OpsError, match="wiki has no administrator yet; run make create-all first"):
        secrets.administrator(place(tmp_path, secretsmanager=Secrets()), "wiki")
