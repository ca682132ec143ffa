"""What each optional feature of an image weighs by itself, compressed: `python -m bench sizes`."""

from bench import usage
from modules.apps import mediawiki
from modules.contract import Image
from ops import images
from ops.place import Place
from tests.image.building import built

PLAIN = ("Cite", "ParserFunctions", "WikiEditor")


def run() -> bool:
    """Print a table; there is nothing that could fail to hold."""
    base = images.base(Place.of("local"), print)
    weights = {name: usage.compressed_mb(built(image, base)) for name, image in _images().items()}
    plain = weights.pop("without")
    print(f"\n| MediaWiki, compressed | MB | more |\n| --- | --- | --- |\n| without | {plain:.1f} | |")
    for name, weight in weights.items():
        print(f"| {name} | {weight:.1f} | {weight - plain:.1f} |")
    return True


def _images() -> dict[str, Image]:
    """Return an image without features, one a feature, and one with all of them."""
    extensions = {"VisualEditor": ("VisualEditor",), "Scribunto": ("Scribunto",)}
    each = {f"`extensions: [{name}]`": mediawiki.image(extensions=(*PLAIN, *more)) for name, more in extensions.items()}
    return {
        "without": mediawiki.image(),
        "`features: [svg]`": mediawiki.image(features=("svg",)),
        "`features: [pdf]`": mediawiki.image(features=("pdf",)),
        **each,
        "all four": mediawiki.image(features=("svg", "pdf"), extensions=(*PLAIN, *extensions)),
    }
