from bench import content


def test_content_is_the_same_every_time() -> None:
    """Both sides, and tomorrow's run, get the same pages."""
    assert content.pages() == content.pages()
    assert content.posts() == content.posts()


def test_content_is_as_large_as_real_pages() -> None:
    """An article is some ten thousand characters, and uses the templates that come with it."""
    pages, posts = content.pages(), content.posts()
    for title in content.ARTICLES:
        assert 10_000 < len(pages[title]) < 60_000
        assert 10_000 < len(posts[title]) < 60_000
    for template in ("Infobox", "Fact", "Navigation"):
        assert f"Template:{template}" in pages
        assert f"{{{{{template}" in pages[content.SUBJECT]
