import pytest

from tests.create_all.changes import update_in_place
from tests.create_all.conftest import Created

pytestmark = [pytest.mark.cloud, pytest.mark.containers]


def test_a_changed_setting_updates_in_place(created: Created) -> None:
    """On Fargate other numbers in the settings replace nothing, and then nothing is left to change."""
    update_in_place(created)
