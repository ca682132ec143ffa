"""From a site's settings to what it wants of its image."""

from collections.abc import Iterable, Iterator

from modules.app_settings import Archive, Download, MediaWiki, WordPress
from modules.apps import mediawiki, wordpress
from modules.contract import Image


def site_image(site: MediaWiki | WordPress) -> Image:
    """Return what `site` wants of its image."""
    match site:
        case MediaWiki():
            return mediawiki.image(
                language=site.language,
                languages=site.languages,
                extensions=_names(site.extensions),
                skins=_names(site.skins),
                default_skin=site.default_skin,
                features=site.features,
                downloads=[*_downloads("extensions", site.extensions), *_downloads("skins", site.skins)],
                asks=bool(site.captcha),
                release=_archive(site.release),
                php=site.php,
                composer=_composer(site),
            )
        case WordPress():
            return wordpress.image(
                language=site.language,
                languages=site.languages,
                plugins=[_addition(one) for one in site.plugins],
                themes=[_addition(one) for one in site.themes],
                release=_archive(site.release),
                php=site.php,
                composer=_composer(site),
            )


def _names(wanted: Iterable[str | Download]) -> list[str]:
    return [one.name if isinstance(one, Download) else one for one in wanted]


def _downloads(folder: str, wanted: Iterable[str | Download]) -> Iterator[dict[str, str]]:
    for one in wanted:
        if isinstance(one, Download):
            yield {"folder": f"{folder}/{one.name}", "url": one.url, "sha256": one.sha256}


def _addition(one: str | Download) -> str | dict[str, str]:
    return one if isinstance(one, str) else {"name": one.name, "url": one.url, "sha256": one.sha256}


def _archive(release: Archive | None) -> dict[str, str] | None:
    return {"url": release.url, "sha256": release.sha256} if release else None


def _composer(site: MediaWiki | WordPress) -> dict[str, object] | None:
    return site.composer.model_dump(mode="json") if site.composer else None
