"""Composer packages of the tests' own: one needs another, an extension of MediaWiki needs what MediaWiki brings."""

from tests.image.shelf import Shelf

PACKAGES = {
    "berth/greeting": {
        "version": "1.2.0",
        "require": {"berth/words": "^1.0"},
        "autoload": {"psr-4": {"Berth\\Test\\": "src/"}},
    },
    "berth/words": {"version": "1.0.1", "autoload": {"files": ["words.php"]}},
    "berth/hello-extension": {
        "version": "3.0.0",
        "type": "mediawiki-extension",
        "require": {"berth/greeting": "^1.0", "composer/installers": "^2.0", "psr/log": "^1.1"},
        "autoload": {"psr-4": {"Berth\\Hello\\": "src/"}},
    },
}
GREETING = """<?php
namespace Berth\\Test;
class Greeting {
    static function say(): string { return 'Hello ' . words(); }
}
"""
WORDS = """<?php
namespace Berth\\Test;
function words(): string { return 'from a package'; }
"""
HOOKS = """<?php
namespace Berth\\Hello;
class Hooks {
    static function footer($skin, $key, &$links): void { $links['hello'] = \\Berth\\Test\\Greeting::say(); }
}
"""
EXTENSION = """{
    "name": "Hello", "manifest_version": 2, "Hooks": {"SkinAddFooterLinks": "Berth\\\\Hello\\\\Hooks::footer"}
}
"""
FILES = {
    "berth/greeting": {"src/Greeting.php": GREETING},
    "berth/words": {"words.php": WORDS},
    "berth/hello-extension": {"extension.json": EXTENSION, "src/Hooks.php": HOOKS},
}
LIBRARIES = {"berth/greeting": "1.2.0", "berth/words": "1.0.1"}
EVERYTHING = LIBRARIES | {"berth/hello-extension": "3.0.0"}


def composer(shelf: Shelf, packages: dict[str, str], sha256: str) -> dict[str, object]:
    """Publish the packages; return the settings of a site that wants some of them."""
    shelf.publish(PACKAGES, FILES)
    return {"packages": packages, "sha256": sha256, "repositories": [shelf.url]}
