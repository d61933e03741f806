"""What a page says when something of it can't be shown."""

from __future__ import annotations

from analytics.dashboard.language import Language


def away(language: Language) -> str:
    """The database is not there."""
    _ = language.text
    return _(
        "The database is not available just now. This page renews itself as soon as the "
        "connection is back."
    )


def part_missing(language: Language) -> str:
    """A part of the page has a fault."""
    _ = language.text
    return _("This part of the page can't be shown just now. The other parts are not affected.")
