from http import HTTPStatus
from typing import Any

import pytest
import requests
from docker.errors import APIError

from local.adapter import task_volumes


class Volume:
    """A volume that is in use for the first `busy` tries."""

    name = "scratch"

    def __init__(self, busy: int, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
        self.busy, self.status, self.tries = busy, status, 0

    def remove(self, *, force: bool) -> None:
        assert force
        self.tries += 1
        if self.tries <= self.busy:
            answer = requests.Response()
            answer.status_code = self.status
            raise APIError("in use", response=answer)


@pytest.fixture
def volumes(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the module, impatient."""
    monkeypatch.setattr(task_volumes, "IN_USE_SECONDS", 0)
    return task_volumes


def test_a_volume_still_in_use_is_tried_again(volumes: Any) -> None:
    """The container that held it is on its way out; a moment later the volume goes."""
    volume = Volume(busy=3)
    volumes._remove_one(volume)
    assert volume.tries == 4


def test_a_volume_in_use_for_good_holds_nothing_up(volumes: Any) -> None:
    """The task still ends; the volume is left to the next sweep."""
    volume = Volume(busy=1000)
    volumes._remove_one(volume)
    assert volume.tries == volumes.IN_USE_TRIES


def test_another_fault_is_not_hidden(volumes: Any) -> None:
    """A daemon that fails otherwise is reported."""
    with pytest.raises(APIError):
        volumes._remove_one(Volume(busy=1, status=HTTPStatus.INTERNAL_SERVER_ERROR))
