from local import database_image


def test_the_tag_follows_the_inputs() -> None:
    """The same inputs give the same tag, another base gives another one."""
    tag = database_image.tag("berth/base:one")
    assert tag.startswith("berth-local/mariadb:")
    assert tag == database_image.tag("berth/base:one")
    assert tag != database_image.tag("berth/base:two")


def test_the_base_is_the_one_of_this_project() -> None:
    """The base image is named by the hash that packer/base itself prints."""
    repository, _, inputs = database_image.base_tag().partition(":")
    assert repository == "berth/base"
    assert len(inputs) == 12
