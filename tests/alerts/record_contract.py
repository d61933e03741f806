# ruff: noqa: D102  # a test's name says it
"""What every ``AlertRecord`` must do: subclass, and make a fixture ``record`` that is empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from analytics.alerts.alert import ITSELF, Alert, AlertError, RuleCode, Topic, opened
from analytics.alerts.record import AlertRecord, UnknownAlertError
from analytics.measures.wording import Wording
from broker.store.places import Place

NOW: Final = datetime(2026, 11, 20, 9, 30, 0, 125_000, tzinfo=UTC)
DESK: Final = Place("touchpoint", "hall-desk-1")
FIGURES: Final = Wording("{unhappy} of the last {n}", "sure", {"unhappy": 9, "n": 14})
MINUTE: Final = timedelta(minutes=1)


def an_alert(
    rule: RuleCode = "unhappy", place: Place = DESK, about: str = "", after: timedelta = MINUTE * 0
) -> Alert:
    """An alert opened ``after`` NOW, of a change an hour older."""
    at = NOW + after
    return opened(Topic(rule, place, about), at - timedelta(hours=1), at, FIGURES)


class RecordContract:
    """The suite."""

    def test_what_is_opened_is_found_as_it_was(self, record: AlertRecord) -> None:
        alert = an_alert("reason", Place("location", "hall"), "waiting-time")
        assert record.open(alert)
        assert record.find(alert.id) == alert
        assert record.open_ones() == record.recent() == record.latest() == [alert]

    def test_there_is_no_alert_of_that_id(self, record: AlertRecord) -> None:
        with pytest.raises(UnknownAlertError):
            record.find("0" * 16)
        with pytest.raises(UnknownAlertError):
            record.acknowledge("0" * 16, "ana", NOW)

    def test_a_topic_has_one_open_alert(self, record: AlertRecord) -> None:
        first, second = an_alert(), an_alert(after=MINUTE)
        assert record.open(first)
        assert not record.open(first)
        assert not record.open(second)
        record.close(first.id, ITSELF, NOW + MINUTE)
        assert record.open(second)
        assert record.open_ones() == [second]
        assert record.latest() == [second]
        assert [each.id for each in record.recent()] == [second.id, first.id]
        assert [each.id for each in record.recent(1)] == [second.id]

    def test_topics_stand_beside_each_other(self, record: AlertRecord) -> None:
        same_code = Place("location", DESK.code)
        alerts = [
            an_alert(),
            an_alert("burst", after=MINUTE),
            an_alert("reason", about="clarity", after=2 * MINUTE),
            an_alert("reason", about="attitude", after=3 * MINUTE),
            an_alert(place=same_code, after=4 * MINUTE),
        ]
        assert all(record.open(alert) for alert in alerts)
        assert record.open_ones() == alerts
        assert sorted(record.latest(), key=lambda each: each.opened_at) == alerts

    def test_figures_are_renewed_until_it_is_closed(self, record: AlertRecord) -> None:
        alert = an_alert()
        record.open(alert)
        newer = Wording(FIGURES.message, "sure", {"unhappy": 12, "n": 20})
        record.update(alert.id, newer)
        assert record.find(alert.id).figures == newer
        record.close(alert.id, "ana", NOW)
        record.update(alert.id, FIGURES)
        assert record.find(alert.id).figures == newer

    def test_it_is_acknowledged_once(self, record: AlertRecord) -> None:
        alert = an_alert()
        record.open(alert)
        record.acknowledge(alert.id, "ana", NOW + MINUTE)
        became = record.acknowledge(alert.id, "boris", NOW + 2 * MINUTE)
        assert became == record.find(alert.id)
        assert (became.acknowledged_by, became.acknowledged_at) == ("ana", NOW + MINUTE)
        assert became.state(NOW + MINUTE) == "acknowledged"

    def test_it_is_snoozed(self, record: AlertRecord) -> None:
        alert = an_alert()
        record.open(alert)
        became = record.snooze(alert.id, NOW + timedelta(hours=2), NOW)
        assert became == record.find(alert.id)
        assert became.state(NOW) == "snoozed"
        with pytest.raises(AlertError):
            record.snooze(alert.id, NOW, NOW)

    def test_what_is_closed_stays_closed(self, record: AlertRecord) -> None:
        alert = an_alert()
        record.open(alert)
        record.close(alert.id, ITSELF, NOW + MINUTE)
        became = record.close(alert.id, "ana", NOW + 2 * MINUTE)
        assert became == record.find(alert.id)
        assert (became.closed_by, became.closed_at) == (ITSELF, NOW + MINUTE)
        with pytest.raises(AlertError):
            record.acknowledge(alert.id, "ana", NOW)
        with pytest.raises(AlertError):
            record.snooze(alert.id, NOW + MINUTE, NOW)

    def test_comments_stand_in_order_on_closed_ones_too(self, record: AlertRecord) -> None:
        alert = an_alert()
        record.open(alert)
        record.comment(alert.id, "ana", "Опашка заради данъците.", NOW)
        record.close(alert.id, "ana", NOW)
        became = record.comment(alert.id, "boris", " Отворихме второ гише. ", NOW + MINUTE)
        assert became == record.find(alert.id)
        assert [(each.who, each.text) for each in became.comments] == [
            ("ana", "Опашка заради данъците."),
            ("boris", "Отворихме второ гише."),
        ]
        with pytest.raises(AlertError):
            record.comment(alert.id, "ana", "  ", NOW)

    def test_telling_is_marked_all_or_none(self, record: AlertRecord) -> None:
        first, second = an_alert(), an_alert("silence", after=MINUTE)
        record.open(first)
        record.open(second)
        with pytest.raises(UnknownAlertError):
            record.mark_told([(first.id, "opened"), ("0" * 16, "opened")], NOW)
        assert record.find(first.id).told_at is None
        record.mark_told([(first.id, "opened"), (second.id, "opened")], NOW)
        record.mark_told([(second.id, "over")], NOW + MINUTE)
        assert record.find(first.id).told_at == NOW
        assert record.find(second.id).told_at == NOW
        assert record.find(second.id).told_over_at == NOW + MINUTE

    def test_evidence_is_kept_and_forgotten(self, record: AlertRecord) -> None:
        assert record.read_evidence() == {}
        record.keep_evidence({"touchpoint|a": '{"score": 1.25}', "touchpoint|b": "{}"})
        record.keep_evidence({"touchpoint|a": '{"score": 2.5}'})
        assert record.read_evidence() == {"touchpoint|a": '{"score": 2.5}', "touchpoint|b": "{}"}
        record.forget_evidence(["touchpoint|b", "touchpoint|c"])
        assert record.read_evidence() == {"touchpoint|a": '{"score": 2.5}'}
