"""What editors do with comments: find, read, give themes, mask more, erase. Never edit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from portal.audit.log import note
from portal.comments.kinds import mark
from portal.comments.tables import Comment, CommentForward, CommentTheme
from portal.comments.tallies import count
from portal.store.tables import table_of
from portal.web.actor import Actor

PAGE: Final = 25
"""Comments on a page."""

_comment, _themes, _forwards = (
    table_of(Comment),
    table_of(CommentTheme),
    table_of(CommentForward),
)
_STATES: Final[dict[str, tuple[ColumnElement[bool], ...]]] = {
    "unread": (_comment.c.read_at.is_(None),),
    "read": (_comment.c.read_at.is_not(None),),
    "no-theme": (_comment.c.id.not_in(select(_themes.c.comment)),),
}
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Search:
    """Which comments; what is empty doesn't matter.

    Attributes:
        state: ``unread``, ``read``, ``no-theme`` (without a theme) or empty.
        first_on: received on that day or later.
        last_on: or earlier.
    """

    state: str = ""
    touchpoint: str = ""
    survey: str = ""
    theme: str = ""
    first_on: date | None = None
    last_on: date | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """As conditions."""
        found = _STATES.get(self.state, ())
        same = {name: getattr(self, name) for name in ("touchpoint", "survey")}
        conditions = [*found, *(_comment.c[name] == code for name, code in same.items() if code)]
        if self.theme:
            about = select(_themes.c.comment).where(_themes.c.theme == self.theme)
            conditions.append(_comment.c.id.in_(about))
        if self.first_on is not None:
            conditions.append(_comment.c.received_on >= self.first_on)
        if self.last_on is not None:
            conditions.append(_comment.c.received_on <= self.last_on)
        return conditions


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment with what editors did about it.

    Attributes:
        row: the comment.
        themes: codes.
        forwards: (unit, when), oldest first.
    """

    row: Comment
    themes: tuple[str, ...] = ()
    forwards: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of comments, unread ones first, then the newest.

    Attributes:
        number: of all that were found.
        unread: of all comments that nobody has read.
    """

    shown: list[Shown]
    number: int
    unread: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.number // PAGE))


def search(database: Database, wanted: Search, page: int = 1) -> Found:
    """A page of comments, counted from 1."""
    where = wanted.where()
    order = (_comment.c.read_at.is_not(None), _comment.c.received_on.desc(), _comment.c.id)
    rows = select(_comment).where(*where).order_by(*order).limit(PAGE).offset(PAGE * (page - 1))
    with database.reading() as connection:
        found = [Comment(**row) for row in connection.execute(rows).mappings()]
        return Found(
            _shown(connection, found),
            _count(connection, where),
            _count(connection, [_comment.c.read_at.is_(None)]),
        )


def show(database: Database, comment: str) -> Shown | None:
    """One comment; ``None``: there is none, or none any more."""
    with database.reading() as connection:
        found = _get(connection, comment)
        return None if found is None else _shown(connection, [found])[0]


def surveys_of(database: Database) -> list[str]:
    """Codes of the surveys that have comments."""
    query = select(_comment.c.survey).distinct().order_by(_comment.c.survey)
    with database.reading() as connection:
        return list(connection.execute(query).scalars())


def next_unread(database: Database, other_than: str) -> str | None:
    """The comment that an editor reads next."""
    query = (
        select(_comment.c.id)
        .where(_comment.c.read_at.is_(None), _comment.c.id != other_than)
        .order_by(_comment.c.received_on.desc(), _comment.c.id)
        .limit(1)
    )
    with database.reading() as connection:
        found: str | None = connection.execute(query).scalar()
        return found


def mark_read(database: Database, comments: Collection[str], now: datetime) -> int:
    """Mark comments as read; how many were not yet."""
    change = update(_comment).where(_comment.c.id.in_(comments), _comment.c.read_at.is_(None))
    with database.transaction() as connection:
        return connection.execute(change.values(read_at=now)).rowcount


def set_themes(database: Database, comment: str, themes: Collection[str], now: datetime) -> bool:
    """Say what a comment is about, which reads it, too; ``False``: there is none any more."""
    with database.transaction() as connection:
        found = _get(connection, comment, is_locked=True)
        if found is None:
            return False
        before = set(_themes_of(connection, comment))
        for theme in before - set(themes):
            mine = (_themes.c.comment == comment) & (_themes.c.theme == theme)
            connection.execute(delete(_themes).where(mine))
            count(connection, found, theme, -1)
        _add(connection, found, set(themes) - before)
        _note_read(connection, comment, now)
    return True


def add_theme(database: Database, comments: Collection[str], theme: str, now: datetime) -> int:
    """Give a theme to several comments, which reads them, too; to how many."""
    added = 0
    with database.transaction() as connection:
        for comment in sorted(comments):
            found = _get(connection, comment, is_locked=True)
            if found is None:
                continue
            added += _add(connection, found, {theme} - set(_themes_of(connection, comment)))
            _note_read(connection, comment, now)
    return added


def words_of(text: str) -> list[str]:
    """The words of a comment in their order, which :func:`mask_words` counts from 0."""
    return _WORD.findall(text)


def mask_words(
    database: Database, comment: str, words: Collection[int], seen: Sequence[str], actor: Actor
) -> bool:
    """Mask words for good; ``False``: the comment is no more as the editor saw it.

    Args:
        database: the portal's.
        comment: its id.
        words: which of them.
        seen: the words as the editor saw them: somebody else may have masked some since.
        actor: who does it.
    """
    with database.transaction() as connection:
        found = _get(connection, comment, is_locked=True)
        if found is None or words_of(found.text) != list(seen):
            return False
        text = _without(found.text, words, mark("other", found.language))
        connection.execute(update(_comment).where(_comment.c.id == comment).values(text=text))
        note(connection, actor, "comments.masked", comment, words=len(words))
    return True


def erase(database: Database, comment: str, actor: Actor) -> bool:
    """Erase a comment before its time; its themes stay counted. ``False``: there is none."""
    with database.transaction() as connection:
        if not erase_rows(connection, _comment.c.id == comment):
            return False
        note(connection, actor, "comments.erased", comment)
    return True


def erase_rows(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Erase comments with all that hangs on them; how many."""
    gone = select(_comment.c.id).where(condition)
    for table in (_themes, _forwards):
        connection.execute(delete(table).where(table.c.comment.in_(gone)))
    return connection.execute(delete(_comment).where(condition)).rowcount


def note_forward(connection: Connection, row: dict[str, object]) -> bool:
    """Note that a comment was sent on; ``False``: that very row is there already."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = make(_forwards).values(row).on_conflict_do_nothing().returning(_forwards.c.id)
    return connection.execute(added).first() is not None


def _without(text: str, words: Collection[int], instead: str) -> str:
    """``text`` with ``instead`` where those words stood, once for several side by side."""
    kept: list[str] = []
    at = 0
    for number, word in enumerate(_WORD.finditer(text)):
        if number in words:
            is_first = number - 1 not in words
            kept += (text[at : word.start()], instead) if is_first else ()
            at = word.end()
    return "".join((*kept, text[at:]))


def _add(connection: Connection, comment: Comment, themes: Collection[str]) -> int:
    for theme in sorted(themes):
        connection.execute(insert(_themes).values(comment=comment.id, theme=theme))
        count(connection, comment, theme, 1)
    return len(themes)


def _note_read(connection: Connection, comment: str, now: datetime) -> None:
    unread = (_comment.c.id == comment) & _comment.c.read_at.is_(None)
    connection.execute(update(_comment).where(unread).values(read_at=now))


def _get(connection: Connection, comment: str, *, is_locked: bool = False) -> Comment | None:
    query = select(_comment).where(_comment.c.id == comment)
    row = connection.execute(query.with_for_update() if is_locked else query).mappings().first()
    return None if row is None else Comment(**row)


def _themes_of(connection: Connection, comment: str) -> list[str]:
    query = select(_themes.c.theme).where(_themes.c.comment == comment).order_by(_themes.c.theme)
    return list(connection.execute(query).scalars())


def _shown(connection: Connection, comments: Sequence[Comment]) -> list[Shown]:
    ids = [comment.id for comment in comments]
    themes: dict[str, list[str]] = {}
    given = select(_themes).where(_themes.c.comment.in_(ids)).order_by(_themes.c.theme)
    for row in connection.execute(given):
        themes.setdefault(row.comment, []).append(row.theme)
    forwards: dict[str, list[tuple[str, datetime]]] = {}
    sent = select(_forwards).where(_forwards.c.comment.in_(ids)).order_by(_forwards.c.forwarded_at)
    for row in connection.execute(sent):
        forwards.setdefault(row.comment, []).append((row.unit, row.forwarded_at))
    return [
        Shown(one, tuple(themes.get(one.id, ())), tuple(forwards.get(one.id, ())))
        for one in comments
    ]


def _count(connection: Connection, where: Sequence[ColumnElement[bool]]) -> int:
    query = select(func.count()).select_from(_comment).where(*where)
    return int(connection.execute(query).scalar_one())
