"""What every implementation does with targets, actions and findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analytics.improvement.actions import ActionSearch, Effect
from analytics.improvement.who import (
    ImprovementError,
    NotAllowedError,
    NotThereError,
    StaleError,
)
from broker.store.places import Place
from tests.portal.improvement.house import House, a_finding, a_plan, a_target

EFFECT = Effect("no-difference", '{"before": 0.31, "after": 0.29}', "Няма разлика.", "No change.")


class ActingContract:
    """Inherited by a class with the fixture ``house``."""

    def test_a_target_is_set_read_and_ended(self, house: House) -> None:
        """With everything that was said of it."""
        desk, place = house.desk, Place("location", "hall")
        new = a_target(place=place, survey="reception", text_en="Nine in ten.")
        made = desk.set_target(house.manager, new)
        assert made.place == place
        assert desk.targets(house.auditor) == [made]
        ended = desk.end_target(house.manager, made.id, date(2026, 6, 30))
        assert desk.targets(house.manager) == [replace(made, to_on=date(2026, 6, 30))] == [ended]
        with pytest.raises(ImprovementError, match="ended already"):
            desk.end_target(house.manager, made.id, date(2026, 7, 1))

    def test_targets_of_others_are_not_there(self, house: House) -> None:
        """Neither to read nor to end; and a role that only reads sets none."""
        desk = house.desk
        made = desk.set_target(house.mayor, a_target())
        whole = desk.set_target(house.mayor, a_target(unit=""))
        assert desk.targets(house.stranger) == desk.targets(house.clerk) == []
        assert {each.id for each in desk.targets(house.mayor)} == {made.id, whole.id}
        assert desk.targets(house.manager) == [made]
        with pytest.raises(NotThereError):
            desk.end_target(house.stranger, made.id, date(2026, 6, 30))
        with pytest.raises(NotThereError):
            desk.set_target(house.stranger, a_target())
        with pytest.raises(NotAllowedError):
            desk.set_target(house.head, a_target())

    @pytest.mark.parametrize(
        "wrong",
        [{"level": 1.2}, {"level": float("nan")}, {"text_bg": " "}, {"to_on": date(2025, 1, 1)}],
    )
    def test_a_target_that_makes_no_sense_is_refused(
        self, house: House, wrong: dict[str, object]
    ) -> None:
        """And nothing is kept."""
        with pytest.raises(ImprovementError):
            house.desk.set_target(house.manager, a_target(**wrong))
        assert house.desk.targets(house.manager) == []

    def test_an_action_is_made_and_found(self, house: House) -> None:
        """With its owner's name; he gets a mail, unless he made it."""
        desk = house.desk
        made = desk.make_action(house.manager, a_plan(house.head, place=Place("touchpoint", "d-1")))
        assert (made.owner_name, made.state, made.revision) == (house.head.name, "planned", 1)
        assert desk.action(house.auditor, made.id) == made
        assert len(house.mailed()) == 1
        own = desk.make_action(house.head, a_plan(house.head, due_on=date(2026, 11, 1)))
        assert len(house.mailed()) == 1
        assert desk.actions(house.head) == [own, made]
        assert desk.actions(house.head, ActionSearch(overdue_on=date(2026, 11, 20))) == [own]
        here = ActionSearch(place=Place("touchpoint", "d-1"), states=frozenset({"planned"}))
        assert desk.actions(house.head, here) == [made]

    def test_an_owner_is_somebody_of_the_unit(self, house: House) -> None:
        """Who could not see it can't answer for it."""
        found = {each.id for each in house.desk.colleagues(house.head, "revenue")}
        assert found == {house.mayor.id, house.manager.id, house.head.id}
        for other in (house.stranger, house.auditor):
            with pytest.raises(ImprovementError, match="works for this unit"):
                house.desk.make_action(house.manager, a_plan(other))
        with pytest.raises(NotThereError):
            house.desk.colleagues(house.stranger, "revenue")

    def test_actions_of_others_are_not_there(self, house: House) -> None:
        """By no verb."""
        desk, who = house.desk, house.stranger
        made = desk.make_action(house.manager, a_plan(house.head))
        assert desk.actions(who) == []
        with pytest.raises(NotThereError):
            desk.action(who, made.id)
        with pytest.raises(NotThereError):
            desk.history(who, made.id)
        with pytest.raises(NotThereError):
            desk.move_action(who, made.id, "done", on=date(2026, 11, 1), revision=1)
        with pytest.raises(NotThereError):
            desk.plan_anew(who, made.id, a_plan(who, unit="registry"), revision=1)
        with pytest.raises(NotThereError):
            desk.publish_action(who, made.id, ("Казано", ""), None, revision=1)
        assert desk.action(house.manager, made.id) == made

    def test_an_action_can_t_be_put_into_another_unit(self, house: House) -> None:
        """By somebody who does not see that unit."""
        made = house.desk.make_action(house.manager, a_plan(house.head))
        moved = a_plan(house.mayor, unit="registry")
        with pytest.raises(NotThereError):
            house.desk.plan_anew(house.manager, made.id, moved, revision=1)

    def test_an_action_goes_its_way(self, house: House) -> None:
        """Planned anew, begun, done; its history tells it."""
        desk = house.desk
        made = desk.make_action(house.head, a_plan(house.head))
        plan = a_plan(house.head, title="Трето гише", due_on=date(2026, 12, 9))
        anew = desk.plan_anew(house.head, made.id, plan, revision=made.revision)
        begun = desk.move_action(
            house.head, made.id, "under-way", on=date(2026, 11, 2), revision=anew.revision
        )
        assert begun.took_effect_on is None
        done = desk.move_action(
            house.head,
            made.id,
            "done",
            on=date(2026, 11, 9),
            revision=begun.revision,
            note="готово",
        )
        assert (done.title, done.state, done.took_effect_on) == (
            *("Трето гише", "done"),
            date(2026, 11, 9),
        )
        assert desk.action(house.head, made.id) == done
        told = desk.history(house.auditor, made.id)
        assert [each.what for each in told] == ["made", "planned-anew", "under-way", "done"]
        assert told[1].fields == ("due_on", "title")
        assert (told[3].note, told[3].by) == ("готово", house.head.name)

    @pytest.mark.parametrize("on", [date(2199, 1, 1), date(1999, 12, 31)])
    def test_a_day_of_effect_that_can_t_be_is_refused(self, house: House, on: date) -> None:
        """One still to come, or a slip of the pen; of what isn't done the day does not matter."""
        made = house.desk.make_action(house.head, a_plan(house.head))
        with pytest.raises(ImprovementError) as refused:
            house.desk.move_action(house.head, made.id, "done", on=on, revision=1)
        assert refused.value.field == "on"
        begun = house.desk.move_action(house.head, made.id, "under-way", on=on, revision=1)
        today = house.clock().date()
        done = house.desk.move_action(house.head, made.id, "done", on=today, revision=2)
        assert (begun.took_effect_on, done.took_effect_on) == (None, today)

    def test_nothing_new_is_measured_by_the_response(self, house: House) -> None:
        """Nothing judges it."""
        desk = house.desk
        with pytest.raises(ImprovementError):
            desk.set_target(house.manager, a_target(measure="response"))
        with pytest.raises(ImprovementError):
            desk.make_action(house.head, a_plan(house.head, measure="response"))

    def test_what_changed_meanwhile_is_not_overwritten(self, house: House) -> None:
        """Whoever comes second looks again."""
        desk = house.desk
        made = desk.make_action(house.head, a_plan(house.head))
        desk.move_action(house.head, made.id, "under-way", on=made.due_on, revision=1)
        with pytest.raises(StaleError):
            desk.move_action(house.manager, made.id, "dropped", on=made.due_on, revision=1)
        with pytest.raises(ImprovementError, match="from this state"):
            desk.move_action(house.manager, made.id, "under-way", on=made.due_on, revision=2)
        assert desk.plan_anew(house.head, made.id, a_plan(house.head), revision=2).revision == 2

    def test_an_effect_is_published_and_stays(self, house: House) -> None:
        """A failure too, which nobody withdraws, not even by doing the action anew."""
        desk, words = house.desk, ("Отворихме второ гише.", "We opened a second desk.")
        made = desk.make_action(house.head, a_plan(house.head))
        with pytest.raises(ImprovementError, match="before it is done"):
            desk.publish_action(house.manager, made.id, words, EFFECT, revision=1)
        with pytest.raises(NotAllowedError):
            desk.publish_action(house.head, made.id, words, None, revision=1)
        first = desk.publish_action(house.manager, made.id, words, None, revision=1)
        assert desk.public_actions() == [first]
        done = desk.move_action(house.head, made.id, "done", on=date(2026, 9, 1), revision=2)
        second = desk.publish_action(house.manager, made.id, words, EFFECT, revision=done.revision)
        third = desk.publish_action(
            house.manager, made.id, ("Отворихме.", ""), None, revision=second.revision
        )
        assert desk.public_actions()[0].effect == EFFECT == third.effect
        with pytest.raises(ImprovementError, match="not taken back"):
            desk.withdraw_action(house.manager, made.id, revision=third.revision)
        assert desk.public_actions() == [third]
        anew = desk.move_action(
            house.head, made.id, "under-way", on=date(2026, 10, 1), revision=third.revision
        )
        with pytest.raises(ImprovementError, match="not taken back"):
            desk.withdraw_action(house.manager, made.id, revision=anew.revision)

    def test_what_has_no_effect_yet_is_withdrawn(self, house: House) -> None:
        """It is on no public page then, and can be put there again."""
        desk = house.desk
        made = desk.make_action(house.head, a_plan(house.head))
        public = desk.publish_action(house.manager, made.id, ("Да.", ""), None, revision=1)
        gone = desk.withdraw_action(house.manager, made.id, revision=public.revision)
        assert (desk.public_actions(), gone.is_public) == ([], False)
        desk.publish_action(house.manager, made.id, ("Да.", ""), None, revision=gone.revision)

    def test_an_effect_is_of_the_time_when_it_was_done(self, house: House) -> None:
        """Done anew the action waits for another one; its history keeps the first."""
        desk, words = house.desk, ("Отворихме второ гише.", "")
        made = desk.make_action(house.head, a_plan(house.head))
        desk.move_action(house.head, made.id, "done", on=date(2026, 9, 1), revision=1)
        desk.publish_action(house.manager, made.id, words, EFFECT, revision=2)
        begun = desk.move_action(
            *(house.head, made.id, "under-way"), on=date(2026, 9, 1), revision=3, note="пак"
        )
        assert desk.public_actions() == [begun]
        assert begun.effect is None
        told = desk.history(house.auditor, made.id)[-2:]
        assert [(each.what, each.note) for each in told] == [
            ("under-way", "пак"),
            ("effect-before", EFFECT.words_bg),
        ]
        done = desk.move_action(house.head, made.id, "done", on=date(2026, 10, 1), revision=4)
        assert (done.effect, len(desk.history(house.auditor, made.id))) == (None, 6)
        better = replace(EFFECT, outcome="better", words_bg="По-добре.")
        desk.publish_action(house.manager, made.id, words, better, revision=done.revision)
        assert desk.public_actions()[0].effect == better

    @pytest.mark.parametrize("figures", ["", "{", '{"share": NaN}'])
    def test_figures_are_json(self, house: House, figures: str) -> None:
        """With numbers in it that are numbers."""
        desk = house.desk
        made = desk.make_action(house.head, a_plan(house.head))
        desk.move_action(house.head, made.id, "done", on=date(2026, 9, 1), revision=1)
        effect = replace(EFFECT, figures=figures)
        with pytest.raises(ImprovementError):
            desk.publish_action(house.manager, made.id, ("Да.", ""), effect, revision=2)

    def test_a_finding_is_taken_up(self, house: House) -> None:
        """Who saw it first stays; it is given to somebody, who is told."""
        desk, finding = house.desk, a_finding()
        assert desk.handled(house.head, ["f-1"]) == {}
        first = desk.acknowledge(house.head, finding, "Гледам го.")
        house.clock.now += timedelta(hours=1)
        desk.acknowledge(house.manager, finding)
        given = desk.assign(house.manager, finding, house.head.id)
        assert (given.acknowledged_by, given.acknowledged_at) == (
            house.head.id,
            first.acknowledged_at,
        )
        assert (given.assignee, given.note) == (house.head.name, "Гледам го.")
        assert desk.handled(house.auditor, ["f-1", "f-2"]) == {"f-1": given}
        assert len(house.mailed()) == 1

    def test_findings_of_others_are_not_there(self, house: House) -> None:
        """Nor can they be taken by calling them one's own."""
        desk = house.desk
        desk.acknowledge(house.head, a_finding())
        assert desk.handled(house.stranger, ["f-1"]) == {}
        with pytest.raises(NotThereError):
            desk.assign(house.stranger, a_finding(unit="registry"), house.stranger.id)
        with pytest.raises(NotThereError):
            desk.acknowledge(house.stranger, a_finding())
        with pytest.raises(NotAllowedError):
            desk.acknowledge(house.auditor, a_finding())
        with pytest.raises(ImprovementError, match="works for this unit"):
            desk.assign(house.head, a_finding(), house.stranger.id)
        assert desk.handled(house.head, ["f-1"])["f-1"].assigned_to == ""
