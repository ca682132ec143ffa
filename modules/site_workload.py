"""From a site's settings to its workload, wherever it runs."""

import json

from modules.app_settings import MediaWiki, WordPress
from modules.apps import mediawiki, wordpress
from modules.contract import Backing, Serving, Workload

SECRET_KEYS = {"mediawiki": mediawiki.SECRET_KEYS, "wordpress": wordpress.SECRET_KEYS}
"""Keys of an application's own secret."""


def workload_of(
    site: MediaWiki | WordPress, name: str, *, image: str, backing: Backing, serving: Serving, files_mode: str
) -> Workload:
    """Return the workload called `name` of `site`; `files_mode`: uploads or extensions."""
    match site:
        case MediaWiki():
            return mediawiki.workload(
                name,
                image=image,
                backing=backing,
                serving=serving,
                read_only=site.read_only,
                private=site.private,
                logo=site.logo,
                upload_types=site.upload_types,
                captcha=_captcha(site),
            )
        case WordPress():
            return wordpress.workload(
                name,
                image=image,
                backing=backing,
                serving=serving,
                admin_email=site.admin_email,
                multisite=site.multisite or "",
                files_mode=files_mode,
            )


def _captcha(site: MediaWiki) -> str:
    asked = {one.question: one.answer for one in site.captcha}
    return json.dumps(asked) if asked else ""
