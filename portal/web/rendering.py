"""Templates: ``AREA/NAME.html`` is ``portal/AREA/templates/NAME.html``; all is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from portal.web.assets import address
from portal.web.labels import Labels
from portal.web.language import NAMES, Language
from portal.web.navigation import navigation
from portal.web.notices import NOTICES

if TYPE_CHECKING:
    from portal.web.page import Page

_PORTAL: Final = Path(__file__).parents[1]


@cache
def environment() -> Environment:
    """Jinja's; a name that is not there is an error, never an empty place."""
    folders = sorted(_PORTAL.glob("*/templates"))
    return Environment(
        loader=PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in folders}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def compile_templates(*names: str) -> None:
    """Compile templates now: a crowd at the door would make each of its threads do it."""
    for name in names:
        environment().get_template(name)


def marked(language: Language, texts: Mapping[str, str]) -> str:
    """What is written in several languages; in a foreign one, with its name around it."""
    foreign = language.written_in(texts)
    text = language.of(texts)
    return Markup('<span lang="{}">{}</span>').format(foreign, text) if foreign else text


def render(template: str, page: Page, context: Mapping[str, object]) -> str:
    """The text of a page.

    Templates know ``page``, ``actor``, ``language``, ``_`` (a message in the reader's language),
    ``many``, ``url``, ``languages``, ``marked`` (a text of ours in several languages, marked where
    it is there in another one only), and what the view and ``GIVERS`` give.
    """
    labels = Labels()
    html = (
        environment()
        .get_template(template)
        .render(
            {
                "page": page,
                "actor": page.actor,
                "language": page.language,
                "_": page.language.text,
                "many": page.language.many,
                "url": page.url,
                "marked": partial(marked, page.language),
                "languages": NAMES,
                "static": partial(address, own=page.portal.settings.look),
                "labels": labels,
                "navigation": navigation,
                "notice": NOTICES.get(page.request.query_params.get("said", ""), ""),
                "municipality_name": "Otziv",
                **context,
            }
        )
    )
    return labels.put(html)
