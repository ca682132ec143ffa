"""MediaWiki: what its image holds, and as a workload which settings, secrets and files its three jobs get."""

from collections.abc import Mapping, Sequence

from modules.contract import ADMIN_KEYS, Backing, Image, Serving, Workload, site_workload

SCHEMA = "mediawiki"
SECRET_KEYS = (*ADMIN_KEYS, "secret_key")
UPLOAD_TYPES = ("png", "gif", "jpg", "jpeg", "webp")
QUESTIONS = ("ConfirmEdit", "ConfirmEdit/QuestyCaptcha")
"""Extensions that ask questions against robots."""


def image(
    *,
    language: str = "en",
    languages: Sequence[str] = (),
    extensions: Sequence[str] = ("Cite", "ParserFunctions", "WikiEditor"),
    skins: Sequence[str] = ("Vector",),
    default_skin: str = "vector-2022",
    features: Sequence[str] = (),
    downloads: Sequence[Mapping[str, str]] = (),
    asks: bool = False,
    release: Mapping[str, str] | None = None,
    php: Mapping[str, object] | None = None,
    composer: Mapping[str, object] | None = None,
) -> Image:
    """Return the image of a wiki with these languages, extensions, skins and further settings of php.ini.

    `features`: "svg" draws SVG uploads as PNG, "pdf" pages of PDF uploads; both may then be uploaded.
    `downloads`: extensions and skins that MediaWiki does not bring: folder (`extensions/Name`), url and sha256.
    `asks`: with the extensions that ask questions against robots.
    `release`: url and sha256 of MediaWiki's own archive, None for Debian's package.
    `composer`: packages (exact versions by name), sha256 of what they hold, repositories.
    """
    spoken = sorted({"en", language, *languages})
    return Image(
        app="mediawiki",
        release={"languages": spoken, "archive": dict(release or {})},
        site={
            "languages": spoken,
            "extensions": sorted({*extensions, *(QUESTIONS if asks else ()), *_handlers(features)}),
            "features": sorted(set(features)),
            "skins": sorted(set(skins)),
            "default_skin": default_skin,
            "downloads": sorted(map(dict, downloads), key=lambda download: download["folder"]),
            "php": dict(php or {}),
            "composer": dict(composer or {}),
        },
    )


def _handlers(features: Sequence[str]) -> tuple[str, ...]:
    return ("PdfHandler",) if "pdf" in features else ()


def workload(
    name: str,
    *,
    image: str,
    backing: Backing,
    serving: Serving,
    read_only: str = "",
    private: bool = False,
    logo: str = "",
    upload_types: Sequence[str] = UPLOAD_TYPES,
    captcha: str = "",
) -> Workload:
    """Return the MediaWiki called `name`; its own secret has the keys `SECRET_KEYS`.

    `captcha`: a JSON object of questions with their answers.
    """
    return site_workload(
        name,
        image,
        backing,
        serving,
        prefix="MEDIAWIKI",
        env={
            "MEDIAWIKI_SERVER": serving.address,
            "MEDIAWIKI_SITENAME": serving.title,
            "MEDIAWIKI_LANGUAGE": serving.language,
            "MEDIAWIKI_TIMEZONE": serving.timezone,
            "MEDIAWIKI_READ_ONLY": read_only,
            "MEDIAWIKI_PRIVATE": str(int(private)),
            "MEDIAWIKI_LOGO": logo,
            "MEDIAWIKI_UPLOAD_TYPES": ",".join(upload_types),
            "MEDIAWIKI_CAPTCHA": captcha,
        },
        secrets={"MEDIAWIKI_SECRET_KEY": backing.keys["secret_key"]},
    )
