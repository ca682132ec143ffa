"""Pages and posts with a realistic amount of text, the same at every run: what both sides are filled with."""

import random
from collections.abc import Iterator

SUBJECT = "Harbour"
"""The page that is asked for, and the title of the post."""

ARTICLES = (SUBJECT, "Mole", "Quay", "Berth", "Lighthouse")
SECTIONS = 12
PARAGRAPHS = 3
# Drawn from one fixed seed: the words matter as little as their number matters much.
_WORDS = """
the of and a in to is was by from with for ship harbour quay water stone built century basin mole depth tonnes crane
port trade vessel storm wall north south dredged engineer commission steam coal grain opened extended tide channel
anchor cargo warehouse railway coast light bridge dock company merchant
"""
_TEMPLATES = {
    "Template:Infobox": (
        '{| class="infobox"\n! colspan="2" | {{{name}}}\n|-\n! Depth\n| {{{depth|unknown}}} m\n|-\n! Opened\n'
        "| {{#if:{{{opened|}}}|{{{opened}}}|before records}}\n|-\n! Age\n"
        "| {{#ifexpr:{{{opened|0}}} > 1900|modern|historic}}\n|}"
    ),
    "Template:Fact": "<ref>{{{author}}}, ''{{{title}}}'', {{#switch:{{{kind|book}}}|book=book|map=map|report}}.</ref>",
    "Template:Navigation": '<div class="navbox">\n' + " · ".join(f"[[{title}]]" for title in ARTICLES) + "\n</div>",
}


def sentence(draw: random.Random) -> str:
    """Return a sentence of a dozen words or so."""
    return " ".join(draw.choices(_WORDS.split(), k=draw.randint(9, 18))).capitalize() + "."


def pages() -> dict[str, str]:
    """Return MediaWiki pages, wikitext by title: templates with conditions, and articles that use them."""
    return _TEMPLATES | {title: "\n\n".join(_article(title)) for title in ARTICLES}


def posts() -> dict[str, str]:
    """Return WordPress posts, block markup by title."""
    return {title: "\n\n".join(_blocks(title)) for title in ARTICLES}


def _article(title: str) -> Iterator[str]:
    draw = random.Random(title)  # noqa: S311 - no secret
    yield f"{{{{Infobox|name={title}|depth={draw.randint(4, 20)}|opened={draw.randint(1700, 1990)}}}}}"
    for number in range(1, SECTIONS + 1):
        yield f"== Section {number} =="
        for _ in range(PARAGRAPHS):
            yield f"{_text(draw)} [[{draw.choice(ARTICLES)}]]{_fact(draw)} {_text(draw)}"
    yield "== Notes ==\n<references />\n{{Navigation}}\n[[Category:Harbours]]"


def _fact(draw: random.Random) -> str:
    author, kind = draw.choice(_WORDS.split()).title(), draw.choice(("book", "map"))
    return f"{{{{Fact|author={author}|title={sentence(draw)}|kind={kind}}}}}"


def _text(draw: random.Random) -> str:
    return " ".join(sentence(draw) for _ in range(4))


def _blocks(title: str) -> Iterator[str]:
    draw = random.Random(title)  # noqa: S311 - no secret
    for number in range(1, SECTIONS + 1):
        yield f"<!-- wp:heading --><h2>Section {number}</h2><!-- /wp:heading -->"
        for _ in range(PARAGRAPHS):
            yield f"<!-- wp:paragraph --><p>{_text(draw)} {_text(draw)}</p><!-- /wp:paragraph -->"
