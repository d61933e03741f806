"""Codes for the texts of one column: from the map, else a slug."""

from __future__ import annotations

from collections.abc import Mapping

from otziv.replay.slugs import slug


class CodeError(ValueError):
    """A text without a code of its own; it says what to do."""


class Codes:
    """Texts → codes.

    Several texts may share a code where the map says so. A slug belongs to the first text that
    made it (the map's come first); another text that would get the same one is refused, since
    two desks must not become one without anybody's wish.

    Args:
        what: names the column.
        given: the map's table, text → code.
        names: code → name of what is registered already. A name that makes that very code is
            its text, from an earlier file; any other name says nothing about texts.
    """

    def __init__(
        self, what: str, given: Mapping[str, str], names: Mapping[str, str] | None = None
    ) -> None:
        self._what = what
        self._codes = dict(given)
        self._owners = {code: name for code, name in (names or {}).items() if _made(code, name)}
        self._owners |= {code: text for text, code in given.items()}

    def code(self, text: str) -> str:
        """The code of ``text``.

        Raises:
            CodeError: it is blank, has no letter that makes a code, or another text's code.
        """
        known = self._codes.get(text)
        return known if known is not None else self._make(text)

    def _make(self, text: str) -> str:
        table = f"[{self._what}s]"
        if not text:
            raise CodeError(f'{self._what} is blank; give blanks a code in {table}: "" = "code"')
        made = slug(text)
        if made is None:
            raise CodeError(f"{self._what} {text!r} gives no code; name one in {table}")
        owner = self._owners.setdefault(made, text)
        if owner != text:
            raise CodeError(
                f"{self._what} {text!r} would get the code {made!r} of {owner!r}; "
                f"name codes for both in {table}"
            )
        self._codes[text] = made
        return made


def _made(code: str, name: str) -> bool:
    """Whether ``code`` came from ``name``, rather than the name from the code."""
    return name != code and slug(name) == code
