"""The language in which the fleet's own texts are read: they are there in two."""

from __future__ import annotations

from broker.fleet.notice_texts import Language as TextLanguage
from portal.web.language import Language


def of_reader(language: Language) -> TextLanguage:
    """Bulgarian, or else English."""
    return "bg" if language.code == "bg" else "en"
