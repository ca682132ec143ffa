"""From a site's settings to what it wants of its image."""

from modules.apps import mediawiki, wordpress
from modules.contract import Image
from modules.site_settings import AnySite, MediaWikiSite, WordPressSite


def site_image(site: AnySite) -> Image:
    """Return what `site` wants of its image."""
    match site:
        case MediaWikiSite():
            return mediawiki.image(
                language=site.language, languages=site.languages, extensions=site.extensions, php=site.php
            )
        case WordPressSite():
            return wordpress.image(language=site.language, languages=site.languages, php=site.php)
