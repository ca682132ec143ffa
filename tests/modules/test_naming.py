from modules.naming import Naming


def test_names_follow_one_convention() -> None:
    """Names, paths and tags of an environment and of a site are these."""
    env = Naming(environment="local")
    wiki = env.of_site("wiki")
    assert (env.name, env.path, wiki.name, wiki.path) == (
        "berth-local",
        "berth/local",
        "berth-local-wiki",
        "berth/local/wiki",
    )
    assert (wiki.image_parameter, wiki.log_group) == ("/berth/local/wiki/image", "/berth/local/wiki")
    assert env.tags("base") == {"berth:environment": "local", "berth:stack": "base"}


def test_the_longest_name_fits_a_load_balancer() -> None:
    """Target groups and load balancers take at most 32 characters."""
    assert len(Naming(environment="e" * 10).of_site("s" * 14).name) <= 32
