"""Reports on their way, their versions and comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from analytics.improvement import drafts as rules
from analytics.improvement.drafts import (
    Draft,
    DraftComment,
    Kind,
    NewDraft,
    Version,
    check_content,
    check_draft,
    may_comment,
    may_read,
)
from analytics.improvement.who import (
    DECIDERS,
    WRITERS,
    NotAllowedError,
    NotThereError,
    StaleError,
    Who,
    need_power,
    need_text,
)
from portal.audit.log import note
from portal.improvement.office import Office, actor_of, columns, names_of, need, thing
from portal.improvement.tables import ImprovementComment, ImprovementDraft, ImprovementVersion
from portal.store.tables import new_id, table_of

_draft: Final = table_of(ImprovementDraft)
_version: Final = table_of(ImprovementVersion)
_comment: Final = table_of(ImprovementComment)
_BY: Final = ("made_by", "changed_by", "approved_by", "published_by")


class DraftDesk:
    """Implements :class:`analytics.improvement.protocol.Drafts`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def drafts(self, who: Who, kind: Kind | None = None) -> list[Draft]:
        """Those that he sees, the latest first."""
        wanted = select(_draft) if kind is None else select(_draft).where(_draft.c.kind == kind)
        latest = wanted.order_by(_draft.c.id.desc())
        with self._office.database.reading() as connection:
            found = _named(connection, connection.execute(latest).mappings().all())
        return [each for each in found if may_read(who, each)]

    def draft(self, who: Who, draft: str) -> Draft:
        """One."""
        with self._office.database.reading() as connection:
            return _need(connection, who, draft)

    def content(self, who: Who, draft: str, version: int | None = None) -> str:
        """Its content; ``None``: the last version."""
        with self._office.database.reading() as connection:
            found = _need(connection, who, draft)
            return _content(connection, draft, version or found.version)

    def versions(self, who: Who, draft: str) -> list[Version]:
        """Who wrote it when, the first first."""
        wanted = select(_version.c.number, _version.c.by, _version.c.at)
        with self._office.database.reading() as connection:
            _need(connection, who, draft)
            ordered = wanted.where(_version.c.draft == draft).order_by(_version.c.number)
            rows = connection.execute(ordered).all()
            names = names_of(connection, (row.by for row in rows))
        return [Version(row.number, names.get(row.by, ""), row.at) for row in rows]

    def keep_draft(self, who: Who, new: NewDraft, content: str) -> Draft:
        """Keep a report that was just made."""
        need_power(who, new.unit, WRITERS)
        check_draft(new, content)
        now = self._office.clock()
        by_whom = {"made_by": who.name, "changed_by": who.name}
        made = thing(Draft, columns(new), id=new_id(), made_at=now, changed_at=now, **by_whom)
        with self._office.database.transaction() as connection:
            ids = {"made_by": who.id, "changed_by": who.id}
            connection.execute(insert(_draft).values({**columns(made), **ids}))
            self._write_version(connection, who, made, content)
            self._note_report(connection, who, made, "made")
        return made

    def edit_draft(self, who: Who, draft: str, content: str, *, version: int) -> Draft:
        """Keep another content; an approval falls away."""
        check_content(content)
        now = self._office.clock()
        with self._office.database.transaction() as connection:
            before = _need(connection, who, draft, locked=True)
            need_power(who, before.unit, WRITERS)
            if before.version != version:
                raise StaleError
            after = rules.edited(before, version + 1, who.name, now)
            self._change(connection, after, changed_by=who.id, approved_by="")
            self._write_version(connection, who, after, content)
            self._note_report(connection, who, after, "edited")
        return after

    def show_to_team(self, who: Who, draft: str) -> Draft:
        """Let a team see its sheet, before anybody approves it."""
        return self._decided(
            who, draft, "shown", lambda one: rules.shown(one, self._office.clock())
        )

    def comment(self, who: Who, draft: str, text: str) -> DraftComment:
        """Say something of it."""
        need_text(text, "text", rules.MOST_COMMENT)
        with self._office.database.transaction() as connection:
            found = _need(connection, who, draft)
            if not may_comment(who, found):
                raise NotAllowedError
            said = {"version": found.version, "at": self._office.clock(), "text": text}
            row = {"id": new_id(), "draft": draft, "by": who.id, **said}
            connection.execute(insert(_comment).values(row))
            self._note_report(connection, who, found, "commented")
        return thing(DraftComment, said, by=who.name)

    def comments(self, who: Who, draft: str) -> list[DraftComment]:
        """What was said, the first first."""
        wanted = select(_comment).where(_comment.c.draft == draft).order_by(_comment.c.id)
        with self._office.database.reading() as connection:
            _need(connection, who, draft)
            rows = connection.execute(wanted).mappings().all()
            names = names_of(connection, (row["by"] for row in rows))
        return [thing(DraftComment, row, by=names.get(row["by"], "")) for row in rows]

    def approve(self, who: Who, draft: str, *, version: int) -> Draft:
        """Approve the version that he saw."""

        def approved(one: Draft) -> Draft:
            if one.version != version:
                raise StaleError
            return rules.approved(one, who.name, self._office.clock())

        return self._decided(who, draft, "approved", approved, approved_by=who.id)

    def publish_draft(self, who: Who, draft: str) -> Draft:
        """Publish what is approved."""

        def published(one: Draft) -> Draft:
            return rules.published(one, who.name, self._office.clock(), self._office.zone)

        return self._decided(who, draft, "published", published, published_by=who.id)

    def published_drafts(self, kind: Kind | None = None) -> list[Draft]:
        """For the public page, the latest first."""
        wanted = select(_draft).where(_draft.c.state == "published")
        if kind is not None:
            wanted = wanted.where(_draft.c.kind == kind)
        latest = wanted.order_by(_draft.c.published_at.desc(), _draft.c.id.desc())
        with self._office.database.reading() as connection:
            return _named(connection, connection.execute(latest).mappings().all())

    def published_content(self, draft: str) -> str:
        """The content of one of them, as approved."""
        with self._office.database.reading() as connection:
            found = need(connection, _draft, draft)
            if found["state"] != "published":
                raise NotThereError
            return _content(connection, draft, found["version"])

    def _decided(
        self, who: Who, draft: str, what: str, change: Callable[[Draft], Draft], **by: str
    ) -> Draft:
        with self._office.database.transaction() as connection:
            before = _need(connection, who, draft, locked=True)
            need_power(who, before.unit, DECIDERS)
            after = change(before)
            self._change(connection, after, **by)
            self._note_report(connection, who, after, what)
        return after

    def _change(self, connection: Connection, draft: Draft, **by: str) -> None:
        """Write what can change; ``by`` are accounts, where ``draft`` has names."""
        values = {name: value for name, value in columns(draft).items() if name not in _BY}
        chosen = update(_draft).where(_draft.c.id == draft.id)
        connection.execute(chosen.values({**values, **by}))

    def _write_version(self, connection: Connection, who: Who, draft: Draft, content: str) -> None:
        row = {"draft": draft.id, "number": draft.version, "content": content}
        by = {"by": who.id, "at": draft.changed_at}
        connection.execute(insert(_version).values({**row, **by}))

    def _note_report(self, connection: Connection, who: Who, draft: Draft, what: str) -> None:
        facts = {"kind": draft.kind, "unit": draft.unit, "version": draft.version}
        note(connection, actor_of(who), f"improvement.report-{what}", draft.id, **facts)


def _need(connection: Connection, who: Who, draft: str, *, locked: bool = False) -> Draft:
    found = _named(connection, [need(connection, _draft, draft, locked=locked)])[0]
    if not may_read(who, found):
        raise NotThereError
    return found


def _named(connection: Connection, rows: Any) -> list[Draft]:  # noqa: ANN401  # mappings
    names = names_of(connection, (row[name] for row in rows for name in _BY))
    return [thing(Draft, row, **{by: names.get(row[by], "") for by in _BY}) for row in rows]


def _content(connection: Connection, draft: str, number: int) -> str:
    wanted = select(_version.c.content).where(
        _version.c.draft == draft, _version.c.number == number
    )
    found = connection.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotThereError
    return str(found)
