"""The way to a signal, a proposal or a complaint where there is no link: on paper, on a stand."""

from __future__ import annotations

from portal.web.language import Language
from portal.web.portal import Portal


def ways_address(portal: Portal, language: Language) -> str:
    """The address of that page as people read and type it."""
    address = f"{portal.settings.public_url}{language.prefix}/write-to-us"
    return address.removeprefix("https://").removeprefix("http://")
