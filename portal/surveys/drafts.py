"""Drafts: made, changed and thrown away, one transaction each.

A change is a function from the draft to another one. It is applied to the draft as it is then, so
that what two people do to different questions stands in it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.store.tables import table_of
from portal.surveys.draft import Draft, Item, read_draft, write_draft
from portal.surveys.editing import Edit, replace_item
from portal.surveys.tables import SurveyDraft
from portal.web.actor import Actor

_drafts: Final = table_of(SurveyDraft)


class DraftError(Exception):
    """It can't be done; the text says why, in English as in the catalogue."""


class ChangedMeanwhileError(DraftError):
    """Somebody else changed the same question, or the draft, since it was read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it is kept."""

    draft: Draft
    revision: int
    changed_at: datetime
    changed_by: str


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def find_draft(database: Database, code: str) -> Kept | None:
    """The draft of that code."""
    with database.reading() as connection:
        return _find(connection, code)


def list_drafts(database: Database) -> list[Kept]:
    """All drafts, the one changed last first."""
    with database.reading() as connection:
        rows = connection.execute(select(_drafts).order_by(_drafts.c.changed_at.desc())).all()
    return [
        Kept(read_draft(row.content), row.revision, row.changed_at, row.changed_by) for row in rows
    ]


def create_draft(database: Database, actor: Actor, draft: Draft, now: datetime) -> None:
    """Keep a new draft.

    Raises:
        DraftError: there is one of that code already.
    """
    try:
        with database.transaction() as connection:
            connection.execute(
                insert(_drafts).values(
                    code=draft.code,
                    content=write_draft(draft),
                    revision=1,
                    changed_at=now,
                    changed_by=actor.id,
                )
            )
            note(connection, actor, "surveys.draft-made", draft.code)
    except IntegrityError as error:
        raise DraftError(_("There is a draft of this survey already.")) from error


def change_draft(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    actor: Actor,
    code: str,
    edit: Edit,
    now: datetime,
    *,
    what: str = "changed",
    revision: int | None = None,
) -> Draft | None:
    """The draft after ``edit``; ``None``: there is none.

    Args:
        database: the portal's.
        actor: who changes it.
        code: of the draft.
        edit: the change.
        now: aware.
        what: was done, for the audit log, as ``question-moved``.
        revision: what was looked at, where ``edit`` means something in no other.

    Raises:
        ChangedMeanwhileError: it is another revision by now; nothing was changed.
    """
    with database.transaction() as connection:
        kept = _find(connection, code, is_locked=True)
        if kept is None:
            return None
        if revision is not None:
            check_revision(kept, revision)
        changed = edit(kept.draft)
        if changed != kept.draft:
            connection.execute(
                update(_drafts)
                .where(_drafts.c.code == code)
                .values(
                    content=write_draft(changed),
                    revision=kept.revision + 1,
                    changed_at=now,
                    changed_by=actor.id,
                )
            )
            note(connection, actor, "surveys.draft-changed", code, what=what)
    return changed


def change_item(
    database: Database, actor: Actor, code: str, was: tuple[str, str], new: Item, now: datetime
) -> Draft | None:
    """Put ``new`` in the place of a question that ``was``: its code, and its mark when it was read.

    Raises:
        ChangedMeanwhileError: it is another one by now; nothing was changed.
    """
    item, mark = was

    def edit(draft: Draft) -> Draft:
        there = draft.find(item)
        if there is None or there.mark not in {mark, new.mark}:
            raise ChangedMeanwhileError(
                _("Somebody else changed this question meanwhile. Look at it, and save again.")
            )
        return replace_item(draft, item, new)

    return change_draft(database, actor, code, edit, now, what="question-changed")


def discard_draft(database: Database, actor: Actor, code: str, revision: int) -> bool:
    """Throw a draft away; what was published stays. ``False``: there was none.

    Raises:
        ChangedMeanwhileError: it is another revision by now, so it stays.
    """
    with database.transaction() as connection:
        kept = _find(connection, code, is_locked=True)
        if kept is None:
            return False
        check_revision(kept, revision)
        drop_draft(connection, code, revision)
        note(connection, actor, "surveys.draft-discarded", code)
    return True


def drop_draft(connection: Connection, code: str, revision: int) -> bool:
    """Delete that revision of a draft; ``False``: it is gone, or is another one, which stays."""
    of_it = (_drafts.c.code == code) & (_drafts.c.revision == revision)
    return connection.execute(delete(_drafts).where(of_it)).rowcount > 0


def check_revision(kept: Kept, revision: int) -> None:
    """See that ``kept`` is the revision that somebody looked at.

    Raises:
        ChangedMeanwhileError: it is not.
    """
    if kept.revision != revision:
        raise ChangedMeanwhileError(
            _("The draft was changed since you opened this page. Look at it as it is now.")
        )


def _find(connection: Connection, code: str, *, is_locked: bool = False) -> Kept | None:
    query = select(_drafts).where(_drafts.c.code == code)
    row = connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    if row is None:
        return None
    return Kept(read_draft(row.content), row.revision, row.changed_at, row.changed_by)
