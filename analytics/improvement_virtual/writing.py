"""The journal of methods and reports on their way, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from analytics.improvement import drafts as draft_rules
from analytics.improvement.drafts import Draft, DraftComment, Kind, NewDraft, Version
from analytics.improvement.journal import Entry, NewEntry, check_entry
from analytics.improvement.who import (
    DECIDERS,
    WRITERS,
    NotAllowedError,
    NotThereError,
    StaleError,
    Who,
    need_power,
    need_text,
    sees,
)
from analytics.improvement_virtual.memory import ZONE, Memory, given, need, put


class WritingInMemory(Memory):
    """The verbs of those who write."""

    def __init__(self, people: Iterable[Who], clock: Callable[[], datetime]) -> None:
        """Begin with nothing."""
        super().__init__(people, clock)
        self._entries: dict[str, Entry] = {}
        self._drafts: dict[str, Draft] = {}
        self._versions: dict[str, list[tuple[Version, str]]] = {}
        self._comments: dict[str, list[DraftComment]] = {}

    def entries(self, who: Who, from_on: date, to_on: date) -> list[Entry]:
        """Those that he sees of methods used in these days."""
        found = [
            each
            for each in self._entries.values()
            if each.from_on <= to_on and each.to_on >= from_on and sees(who, each.unit)
        ]
        return sorted(found, key=lambda each: (each.from_on, each.id))

    def enter(self, who: Who, new: NewEntry) -> Entry:
        """Write that a method was used."""
        need_power(who, new.unit, WRITERS)
        check_entry(new)
        made = Entry(id=self.new_id(), by=who.name, entered_at=self.now(), **given(new))
        return put(self._entries, made)

    def correct(self, who: Who, entry: str, new: NewEntry, *, revision: int) -> Entry:
        """Write an entry anew."""
        need_power(who, new.unit, WRITERS)
        check_entry(new)
        before = need(self._entries, entry)
        need_power(who, before.unit, WRITERS)
        if before.revision != revision:
            raise StaleError
        return put(self._entries, replace(before, **given(new), revision=revision + 1))

    def strike(self, who: Who, entry: str) -> None:
        """Take out an entry."""
        need_power(who, need(self._entries, entry).unit, WRITERS)
        del self._entries[entry]

    def drafts(self, who: Who, kind: Kind | None = None) -> list[Draft]:
        """Those that he sees, the latest first."""
        found = [each for each in self._drafts.values() if draft_rules.may_read(who, each)]
        return [each for each in reversed(found) if kind in {None, each.kind}]

    def draft(self, who: Who, draft: str) -> Draft:
        """One."""
        found = need(self._drafts, draft)
        if not draft_rules.may_read(who, found):
            raise NotThereError
        return found

    def content(self, who: Who, draft: str, version: int | None = None) -> str:
        """Its content."""
        found = self.draft(who, draft)
        return self._content(draft, version or found.version)

    def versions(self, who: Who, draft: str) -> list[Version]:
        """Who wrote it when."""
        self.draft(who, draft)
        return [each for each, _content in self._versions[draft]]

    def keep_draft(self, who: Who, new: NewDraft, content: str) -> Draft:
        """Keep a report that was just made."""
        need_power(who, new.unit, WRITERS)
        draft_rules.check_draft(new, content)
        now = self.now()
        whose: dict[str, Any] = {
            "made_by": who.name,
            "made_at": now,
            "changed_by": who.name,
            "changed_at": now,
        }
        made = Draft(id=self.new_id(), **given(new), **whose)
        self._versions[made.id] = [(Version(1, who.name, now), content)]
        self._comments[made.id] = []
        return put(self._drafts, made)

    def edit_draft(self, who: Who, draft: str, content: str, *, version: int) -> Draft:
        """Keep another content."""
        draft_rules.check_content(content)
        before = self.draft(who, draft)
        need_power(who, before.unit, WRITERS)
        if before.version != version:
            raise StaleError
        after = draft_rules.edited(before, version + 1, who.name, self.now())
        self._versions[draft].append((Version(version + 1, who.name, self.now()), content))
        return put(self._drafts, after)

    def show_to_team(self, who: Who, draft: str) -> Draft:
        """Let a team see its sheet."""
        return put(self._drafts, draft_rules.shown(self._to_decide(who, draft), self.now()))

    def comment(self, who: Who, draft: str, text: str) -> DraftComment:
        """Say something of it."""
        need_text(text, "text", draft_rules.MOST_COMMENT)
        found = self.draft(who, draft)
        if not draft_rules.may_comment(who, found):
            raise NotAllowedError
        self._comments[draft].append(DraftComment(who.name, self.now(), found.version, text))
        return self._comments[draft][-1]

    def comments(self, who: Who, draft: str) -> list[DraftComment]:
        """What was said."""
        self.draft(who, draft)
        return list(self._comments[draft])

    def approve(self, who: Who, draft: str, *, version: int) -> Draft:
        """Approve the version that he saw."""
        found = self._to_decide(who, draft)
        if found.version != version:
            raise StaleError
        return put(self._drafts, draft_rules.approved(found, who.name, self.now()))

    def publish_draft(self, who: Who, draft: str) -> Draft:
        """Publish what is approved."""
        found = self._to_decide(who, draft)
        return put(self._drafts, draft_rules.published(found, who.name, self.now(), ZONE))

    def published_drafts(self, kind: Kind | None = None) -> list[Draft]:
        """For the public page, the latest first."""
        found = [each for each in self._drafts.values() if each.state == "published"]
        found.sort(key=lambda each: (str(each.published_at), each.id), reverse=True)
        return [each for each in found if kind in {None, each.kind}]

    def published_content(self, draft: str) -> str:
        """The content of one of them."""
        found = need(self._drafts, draft)
        if found.state != "published":
            raise NotThereError
        return self._content(draft, found.version)

    def _to_decide(self, who: Who, draft: str) -> Draft:
        found = self.draft(who, draft)
        need_power(who, found.unit, DECIDERS)
        return found

    def _content(self, draft: str, number: int) -> str:
        for version, content in self._versions[draft]:
            if version.number == number:
                return content
        raise NotThereError
