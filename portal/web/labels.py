"""What the fields of a page are called, for the summary of errors that stands above them.

The summary comes first, the labels later: it leaves a mark for each, and the marks are filled in
when the page is done. A mark is random, so nobody can type one.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from markupsafe import Markup, escape

_MARK: Final = f"label-{secrets.token_hex(8)}"
_FOUND: Final = re.compile(rf"<!--{_MARK} ([\w-]+)-->")


class Labels:
    """The labels of one page."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def note(self, name: str, label: str) -> str:
        """The field ``name`` is called ``label``; nothing is shown."""
        self._known[name] = str(escape(label))
        return ""

    def later(self, name: str) -> Markup:
        """Where the label of ``name`` will stand."""
        return Markup("<!--{} {}-->").format(_MARK, name)

    def put(self, html: str) -> str:
        """The page with its labels in their places; one that has none stays empty."""

        def label(found: re.Match[str]) -> str:
            known = self._known.get(found[1])
            if not known:
                return ""
            return f"{known} " if known[-1] in "?!.:…" else f"{known}: "

        return _FOUND.sub(label, html)
