import json
from pathlib import Path

import pytest

from ops import secrets
from ops.errors import OpsError
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


def test_without_a_value_there_is_no_administrator(tmp_path: Path) -> None:
    """The error says what to run first."""
    with pytest.raises(OpsError, match="wiki has no administrator yet; run make create-all first"):
        secrets.administrator(place(tmp_path, secretsmanager=Secrets()), "wiki")
