"""What the codes of improvement are called, and saying it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from analytics.improvement.who import ImprovementError


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


KINDS: Final[Mapping[str, str]] = {
    "weekly-letter": _("Weekly letter"),
    "periodic": _("Periodic analysis of the survey"),
    "annual": _("Annual report on satisfaction"),
    "team-sheet": _("Team sheet"),
}
METHODS: Final[Mapping[str, str]] = {
    "survey": _("Survey among users"),
    "devices": _("Feedback devices"),
    "staff-consultation": _("Consultations with staff"),
    "mystery-client": _("Mystery client"),
    "signals": _("Signals, proposals, complaints and praise"),
    "media": _("Publications in the media"),
    "hotline": _("Hotline"),
    "focus-group": _("Focus group"),
    "other": _("Another way"),
}
MEASURES: Final[Mapping[str, str]] = {
    "satisfied": _("Share of satisfied"),
    "dissatisfied": _("Share of dissatisfied"),
    "index": _("Satisfaction index"),
    "response": _("Response rate"),
}
STATES: Final[Mapping[str, str]] = {
    "planned": _("Planned"),
    "under-way": _("Under way"),
    "done": _("Done"),
    "dropped": _("Dropped"),
}
GROUNDS: Final[Mapping[str, str]] = {
    "finding": _("A finding of the figures"),
    "alert": _("An alert"),
    "theme": _("A theme of comments"),
    "suggestion": _("A suggestion"),
    "report": _("A report"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "better": _("Better, by more than chance"),
    "worse": _("Worse, by more than chance"),
    "no-difference": _("No difference beyond chance"),
    "too-early": _("Too early to tell"),
}
CHANGES: Final[Mapping[str, str]] = {
    **STATES,
    "made": _("Entered"),
    "planned-anew": _("It was changed"),
    "published": _("It was published"),
    "withdrawn": _("Taken from the public page"),
    "effect-before": _("Its effect until then, as published"),
}


def say(message: str, language: str) -> str:
    """A message of this package in ``language`` (``bg``, ``en``); English is what sources say."""
    return _catalogue(language).get(message, message)


def say_error(error: ImprovementError, language: str) -> str:
    """What could not be done, for people."""
    return say(error.message, language).format(**error.values)


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = Path(__file__).with_name("messages") / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        found = read_po(file, locale=language)
    return {str(each.id): str(each.string) for each in found if each.id and each.string}
