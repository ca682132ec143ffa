from modules.apps import wordpress

PLUGIN = {"name": "gallery", "url": "https://example.org/gallery.zip", "sha256": "0" * 64}
THEME = {"name": "paper", "url": "https://example.org/paper.zip", "sha256": "1" * 64}


def test_image_of_a_blog_that_asks_for_nothing() -> None:
    """Without lists a blog gets English and the default theme alone."""
    image = wordpress.image()
    assert image.release == {"languages": [], "plugins": [], "themes": ["twentytwentyfive"], "archive": {}}
    assert image.site == {"plugins": [], "themes": [], "php": {}, "composer": {}}


def test_what_is_bundled_and_what_is_downloaded_go_to_their_links() -> None:
    """Names are kept of what WordPress brings along, downloads are added for the site; order does not matter."""
    image = wordpress.image(
        language="de", languages=("fr", "en"), plugins=(PLUGIN, "akismet"), themes=("twentytwentyfour", THEME)
    )
    assert image.release == {
        "languages": ["de", "fr"],
        "plugins": ["akismet"],
        "themes": ["twentytwentyfive", "twentytwentyfour"],
        "archive": {},
    }
    assert image.site == {"plugins": [PLUGIN], "themes": [THEME], "php": {}, "composer": {}}
    again = wordpress.image(
        language="de", languages=("en", "fr"), plugins=("akismet", PLUGIN), themes=(THEME, "twentytwentyfour")
    )
    assert again == image
