"""The register of retention: tables of the feedback store, which knows nobody."""

from __future__ import annotations

from typing import Final

from portal.upkeep.keeping import Keeping

_ANSWER: Final = "for good: an answer is never deleted or edited, and nobody can be told by it"

FEEDBACK: Final[dict[str, Keeping]] = {
    "site": Keeping("the municipality's code and time zone", "for good"),
    "touchpoint": Keeping("points where a question is put", "for good"),
    "location": Keeping("the tree of places", "for good"),
    "placement": Keeping("what stood where, since when", "for good"),
    "place_setting": Keeping("what was set for places, since when", "for good"),
    "survey_version": Keeping("surveys as they were published", "for good"),
    "served": Keeping("how many people were served, by the hour", "for good"),
    "theme_count": Keeping("how many comments were about a theme, by the month", "for good"),
    "misuse_ruling": Keeping("what was said about votes that rules doubt", "for good"),
    "event": Keeping("ratings and answers without a name", _ANSWER, age="received_at"),
    "flag": Keeping("why an answer is left out of filtered figures", "with the answer"),
    "rating_day": Keeping("counts by the day", "for good"),
    "rating_hour_of_week": Keeping("counts by the hour of the week", "for good"),
    "rating_block": Keeping("counts by blocks of 28 days", "for good"),
    "answer_day": Keeping("counts of answers by the day", "for good"),
    "rating_day_tally": Keeping("counts by the day, value beside value", "for good"),
    "rating_hour_tally": Keeping("counts by the hour of the week and 28 days", "for good"),
    "rating_hour_total": Keeping("the same of all places together", "for good"),
    "answer_day_total": Keeping("counts of answers of all places together", "for good"),
    "stream": Keeping("how many events each outbox sent", "for good"),
    "quarantine": Keeping(
        "what could not be accepted, with its reason",
        "bytes that can't be decoded: the setting undecodable_days (90); the rest for good",
        by="installation",
        age="received_at",
    ),
    "device": Keeping("feedback devices", "for good"),
    "device_status": Keeping("what devices last said", "of unknown devices 90 days", by="fleet"),
    "device_placement": Keeping("where devices stood", "for good"),
    "device_configuration": Keeping(
        "configurations made for devices", "the last 200 of each device", by="fleet", age="made_at"
    ),
    "device_order": Keeping(
        "what devices were told to do, and what they reported",
        "90 days",
        by="fleet",
        age="asked_at",
    ),
    "enrolment": Keeping("one-time codes for devices", "for good; codes end in hours"),
    "enrolment_attempt": Keeping(
        "tries to enrol a device, with the network address",
        "the last 10 000",
        "whoever tries",
        "Art. 6(1)(e) and Art. 32 GDPR: security of processing",
        "fleet",
        "at",
    ),
    "certificate": Keeping("certificates of devices and services", "for good", age="issued_at"),
    "notice": Keeping(
        "what was the matter with devices",
        "two years after it is over",
        by="fleet",
        age="opened_at",
    ),
    "fleet_presence": Keeping(
        "what the fleet's process says of itself", "while it runs", by="area"
    ),
    "meta": Keeping("revisions of what is registered", "for good"),
}
