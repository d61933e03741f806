"""What every implementation does with the journal, reports, subscriptions and results."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from analytics.improvement.who import (
    ImprovementError,
    NotAllowedError,
    NotThereError,
    StaleError,
    Who,
)
from portal.web.actor import Actor
from tests.portal.improvement.house import House, a_draft, a_wish, an_entry

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class WritingContract:
    """Inherited by a class with the fixture ``house``."""

    def test_methods_are_entered_corrected_and_struck(self, house: House) -> None:
        """By writers; the second of two who correct looks again."""
        desk = house.desk
        made = desk.enter(house.editor, an_entry())
        assert (made.by, made.n) == (house.editor.name, 7)
        assert desk.entries(house.auditor, *YEAR) == [made]
        anew = desk.correct(house.head, made.id, an_entry(n=None, done="Нов формуляр."), revision=1)
        assert desk.entries(house.head, *YEAR) == [anew]
        assert (anew.n, anew.done, anew.by) == (None, "Нов формуляр.", house.editor.name)
        with pytest.raises(StaleError):
            desk.correct(house.editor, made.id, an_entry(), revision=1)
        desk.strike(house.head, made.id)
        assert desk.entries(house.head, *YEAR) == []

    def test_methods_of_a_time(self, house: House) -> None:
        """Those that reach into it; others' are not there."""
        desk = house.desk
        desk.enter(house.editor, an_entry())
        whole = desk.enter(house.editor, an_entry(unit="", method="media"))
        days = (date(2026, 3, 3), date(2026, 3, 31))
        assert len(desk.entries(house.mayor, *days)) == 2
        assert desk.entries(house.mayor, date(2026, 3, 4), date(2026, 3, 31)) == []
        assert desk.entries(house.stranger, *YEAR) == []
        with pytest.raises(NotThereError):
            desk.strike(house.stranger, whole.id)
        with pytest.raises(NotAllowedError):
            desk.enter(house.auditor, an_entry())

    def test_a_report_goes_its_way(self, house: House) -> None:
        """Made, edited, approved, edited again (which undoes that), approved, published."""
        desk = house.desk
        made = desk.keep_draft(house.editor, a_draft(), '{"n": 1}')
        edited = desk.edit_draft(house.head, made.id, '{"n": 2}', version=1)
        assert (edited.state, edited.version, edited.changed_by) == ("edited", 2, house.head.name)
        approved = desk.approve(house.manager, made.id, version=2)
        assert (approved.state, approved.approved_by) == ("approved", house.manager.name)
        again = desk.edit_draft(house.editor, made.id, '{"n": 3}', version=2)
        assert (again.state, again.approved_by, again.approved_at) == ("edited", "", None)
        with pytest.raises(ImprovementError, match="approved"):
            desk.publish_draft(house.manager, made.id)
        desk.approve(house.manager, made.id, version=3)
        assert desk.published_drafts() == []
        published = desk.publish_draft(house.manager, made.id)
        assert desk.published_drafts("annual") == [published] == desk.drafts(house.auditor)
        assert published.made_by == house.editor.name
        assert desk.published_content(made.id) == '{"n": 3}'
        assert desk.content(house.auditor, made.id, 1) == '{"n": 1}'
        assert [each.number for each in desk.versions(house.head, made.id)] == [1, 2, 3]
        with pytest.raises(ImprovementError, match="make a new"):
            desk.edit_draft(house.editor, made.id, "{}", version=3)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"kind": "weekly-letter"}, "for the staff only"),
            ({"kind": "periodic", "to_on": date(2025, 12, 15)}, "whole months"),
            ({"kind": "periodic", "from_on": date(2025, 1, 2)}, "whole months"),
            ({"kind": "annual", "to_on": date(2031, 12, 31)}, "were over"),
        ],
    )
    def test_what_stays_inside_is_not_published(
        self, house: House, given: dict[str, Any], said: str
    ) -> None:
        """By no caller: outside, only whole months that are over are told."""
        made = house.desk.keep_draft(house.manager, a_draft(**given), "{}")
        house.desk.approve(house.manager, made.id, version=1)
        with pytest.raises(ImprovementError, match=said):
            house.desk.publish_draft(house.manager, made.id)
        assert house.desk.published_drafts() == []

    def test_a_month_ends_at_local_midnight(self, house: House) -> None:
        """At 22:30 UTC on 30 September it is October in Sofia, whose days count."""
        for hour, is_over in ((20, False), (22, True)):
            house.clock.now = datetime(2026, 9, 30, hour, 30, tzinfo=UTC)
            days = {"from_on": date(2026, 9, 1), "to_on": date(2026, 9, 30)}
            made = house.desk.keep_draft(house.manager, a_draft(kind="periodic", **days), "{}")
            house.desk.approve(house.manager, made.id, version=1)
            if is_over:
                assert house.desk.publish_draft(house.manager, made.id).state == "published"
                continue
            with pytest.raises(ImprovementError, match="were over"):
                house.desk.publish_draft(house.manager, made.id)

    def test_an_approval_is_of_what_was_seen(self, house: House) -> None:
        """Not of what somebody wrote meanwhile; and only deciders approve."""
        desk = house.desk
        made = desk.keep_draft(house.editor, a_draft(), "{}")
        desk.edit_draft(house.editor, made.id, '{"n": 2}', version=1)
        with pytest.raises(StaleError):
            desk.approve(house.manager, made.id, version=1)
        with pytest.raises(StaleError):
            desk.edit_draft(house.head, made.id, "[]", version=1)
        with pytest.raises(NotAllowedError):
            desk.approve(house.head, made.id, version=2)
        with pytest.raises(ImprovementError):
            desk.edit_draft(house.editor, made.id, "no JSON", version=2)
        assert desk.draft(house.head, made.id).version == 2

    def test_reports_of_others_are_not_there(self, house: House) -> None:
        """Neither they, nor their content, versions and comments, until published."""
        desk, who = house.desk, house.stranger
        made = desk.keep_draft(house.editor, a_draft(), "{}")
        assert desk.drafts(who) == []
        for ask in (desk.draft, desk.content, desk.versions, desk.comments):
            with pytest.raises(NotThereError):
                ask(who, made.id)
        with pytest.raises(NotThereError):
            desk.published_content(made.id)
        with pytest.raises(NotThereError):
            desk.comment(who, made.id, "Чужд")

    def test_a_team_sees_its_sheet_first(self, house: House) -> None:
        """And says something of it; before that nobody approves. It is never published."""
        desk = house.desk
        clerk = _of_unit(house.clerk)
        made = desk.keep_draft(house.head, a_draft(kind="team-sheet"), "{}")
        with pytest.raises(ImprovementError, match="team sees"):
            desk.approve(house.manager, made.id, version=1)
        with pytest.raises(NotThereError):
            desk.draft(clerk, made.id)
        desk.show_to_team(house.manager, made.id)
        said = desk.comment(clerk, made.id, "Опашката е заради формуляра.")
        assert desk.comments(house.manager, made.id) == [said]
        assert (said.by, said.version) == (house.clerk.name, 1)
        desk.approve(house.manager, made.id, version=1)
        with pytest.raises(ImprovementError, match="stays with its team"):
            desk.publish_draft(house.manager, made.id)
        with pytest.raises(ImprovementError, match="of one unit"):
            desk.keep_draft(house.mayor, a_draft(kind="team-sheet", unit=""), "{}")

    def test_one_subscribes_oneself(self, house: House) -> None:
        """Once, however often asked; nobody gets what he may not see."""
        desk = house.desk
        made = desk.subscribe(house.head, a_wish())
        assert desk.subscribe(house.head, a_wish()) == made
        assert desk.my_subscriptions(house.head) == [made]
        assert (
            desk.my_subscriptions(house.manager) == desk.others_subscriptions(house.manager) == []
        )
        assert [each.subscription for each in desk.recipients("periodic")] == [made]
        assert desk.recipients("annual") == []
        with pytest.raises(NotThereError):
            desk.subscribe(house.stranger, a_wish())
        with pytest.raises(NotThereError):
            desk.end_subscription(house.manager, made.id)
        desk.end_subscription(house.head, made.id)
        assert desk.recipients("periodic") == []

    def test_somebody_without_an_account_confirms(self, house: House) -> None:
        """By a link in a mail; before that nothing is sent to him."""
        desk = house.desk
        made = desk.invite_subscriber(house.manager, a_wish(), "ivan@Example.BG")
        assert house.mailed() == [made.email] == ["ivan@example.bg"]
        assert desk.invite_subscriber(house.manager, a_wish(), "ivan@example.bg").id == made.id
        assert desk.recipients("periodic") == []
        token = house.token_of(made)
        assert desk.subscription_of(token) == made
        confirmed = desk.confirm(token)
        assert desk.confirm(token) == confirmed
        found = desk.recipients("periodic")
        assert [(each.address, each.token) for each in found] == [("ivan@example.bg", token)]
        assert token in found[0].end_url
        assert desk.others_subscriptions(house.manager) == [confirmed]
        desk.unsubscribe(token)
        desk.unsubscribe(token)
        assert desk.recipients("periodic") == []
        with pytest.raises(NotThereError):
            desk.subscription_of(token)

    def test_a_team_s_sheet_is_sent_to_nobody(self, house: House) -> None:
        """Nor can one wish for it: it would never come."""
        with pytest.raises(ImprovementError) as refused:
            house.desk.subscribe(house.head, a_wish(kind="team-sheet"))
        assert refused.value.field == "kind"
        made = house.desk.subscribe(house.head, a_wish(kind="weekly-letter"))
        assert house.desk.my_subscriptions(house.head) == [made]

    def test_what_strangers_can_t_do_with_subscriptions(self, house: House) -> None:
        """Guess a token, ask for somebody, see who gets what, send a team's sheet out."""
        desk = house.desk
        made = desk.invite_subscriber(house.manager, a_wish(), "ivan@example.bg")
        for token in ("", made.id, f"{made.id}.x", "x.y"):
            with pytest.raises(NotThereError):
                desk.unsubscribe(token)
        with pytest.raises(NotThereError):
            desk.end_subscription(house.stranger, made.id)
        with pytest.raises(NotAllowedError):
            desk.invite_subscriber(house.head, a_wish(), "ivan@example.bg")
        with pytest.raises(ImprovementError):
            desk.invite_subscriber(house.manager, a_wish(kind="team-sheet"), "ivan@example.bg")
        with pytest.raises(ImprovementError, match="e-mail address"):
            desk.invite_subscriber(house.manager, a_wish(), "ivan")
        assert desk.others_subscriptions(house.stranger) == []
        assert desk.others_subscriptions(house.editor) == []
        assert desk.others_subscriptions(house.manager) == [made]

    def test_results_are_published_by_month(self, house: House) -> None:
        """Again: a new edition; withdrawn: gone."""
        desk = house.desk
        desk.publish_results(house.mayor, "2026-10", {"": '{"n": 9}', "revenue": '{"n": 5}'})
        desk.publish_results(house.mayor, "2026-09", {"": '{"n": 8}'})
        desk.publish_results(house.manager, "2026-10", {"revenue": '{"n": 6}'})
        assert desk.published_months() == ["2026-10", "2026-09"]
        found = desk.published_results("2026-10")
        assert [(each.unit, each.content, each.edition) for each in found.values()] == [
            ("", '{"n": 9}', 1),
            ("revenue", '{"n": 6}', 2),
        ]
        desk.withdraw_results(house.mayor, "2026-09", "")
        assert desk.published_results("2026-09") == {}
        assert desk.published_months() == ["2026-10"]
        with pytest.raises(NotThereError):
            desk.withdraw_results(house.mayor, "2026-09", "")

    def test_results_taken_back_are_still_known(self, house: House) -> None:
        """To compare with what is published anew, which is another edition."""
        desk, month = house.desk, "2026-09"
        desk.publish_results(house.mayor, month, {"": '{"n": 8}', "revenue": '{"n": 5}'})
        desk.withdraw_results(house.mayor, month, "")
        assert set(desk.published_results(month)) == {"revenue"}
        kept = desk.results_once_published(month)
        assert [(unit, each.content) for unit, each in kept.items()] == [
            ("", '{"n": 8}'),
            ("revenue", '{"n": 5}'),
        ]
        assert kept[""].withdrawn_at == house.clock()
        desk.publish_results(house.mayor, month, {"": '{"n": 9}'})
        again = desk.published_results(month)[""]
        assert (again.edition, again.withdrawn_at) == (2, None)
        assert desk.results_once_published("2026-08") == {}

    def test_results_of_others_are_not_published(self, house: House) -> None:
        """All of them or none."""
        desk = house.desk
        with pytest.raises(NotThereError):
            desk.publish_results(house.manager, "2026-10", {"revenue": "{}", "registry": "{}"})
        with pytest.raises(NotAllowedError):
            desk.publish_results(house.editor, "2026-10", {"": "{}"})
        with pytest.raises(ImprovementError, match="month"):
            desk.publish_results(house.mayor, "2026-13", {"": "{}"})
        assert desk.published_months() == []


def _of_unit(clerk: Who) -> Who:
    """A clerk, with the unit that he works in, as the portal says it of one of the team."""
    assert isinstance(clerk, Actor)
    return replace(clerk, units=frozenset({"revenue"}))
