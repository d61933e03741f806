"""The forms of the wire's texts: ids, codes and languages.

msgspec searches a pattern text by text, 0.3 µs each: for an event, more than all the rest of its
reading. So an event's texts are ``declared`` (the schema shows the pattern) and the event checks
all of them by one match; texts of rarer messages are ``checked`` by msgspec.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

ID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
STREAM: Final = "[0-9a-f]{32}"
TOKEN: Final = "[0-9a-f-]{8,36}"  # noqa: S105  # a form of texts, no password
CODE: Final = "[a-z0-9][a-z0-9-]{0,62}"
LANGUAGE: Final = "[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}"
"""A BCP 47 tag, near enough."""


def declared(form: str, description: str | None = None) -> Meta:
    """A text whose form stands in the schema; whoever declares it checks it."""
    return Meta(description=description, extra_json_schema={"pattern": f"^{form}$"})


def checked(form: str, description: str | None = None) -> Meta:
    r"""A text whose form msgspec checks.

    Python's ``$`` lets a line feed slip in behind the text, so the check ends in ``\Z``; JSON
    Schema's doesn't, and the schema says ``$``, which other languages understand.
    """
    return Meta(pattern=rf"^{form}\Z", description=description)


EventId: TypeAlias = Annotated[str, checked(ID, "the id of another event")]
StreamId: TypeAlias = Annotated[str, checked(STREAM, "the outbox's own id, made with its database")]
Token: TypeAlias = Annotated[str, checked(TOKEN)]
Code: TypeAlias = Annotated[str, checked(CODE, "stable name of a thing, never shown")]
Language: TypeAlias = Annotated[str, checked(LANGUAGE, "BCP 47 tag")]
