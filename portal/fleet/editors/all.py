"""The editor, the name and the meaning of each setting there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.fleet.editors.opening import SpecialDays, Weekly
from portal.fleet.editors.parts import Editor
from portal.fleet.editors.plain import Address, Number, OneOf, Unit
from portal.fleet.editors.surveys import Chosen, Languages, Planned
from portal.fleet.editors.texts import Deeds, Name, Result


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Known:
    """A setting as pages have it.

    Attributes:
        name: what it is called.
        meaning: what it does.
        editor: of its value.
        is_list: whether rows can be added.
    """

    name: str
    meaning: str
    editor: Editor
    is_list: bool = False


def _switch(question: str, on: str) -> OneOf:
    return OneOf(question, ((False, _("No"), ""), (True, _("Yes"), on)))


EDITED: Final[Mapping[str, Known]] = {
    "survey": Known(
        _("Survey"), _("What visitors are asked. Without it, the standard survey."), Chosen()
    ),
    "planned": Known(
        _("Planned surveys"),
        _("Other surveys on some days. The first one that fits the day is asked."),
        Planned(),
        is_list=True,
    ),
    "languages": Known(
        _("Languages"), _("Of the screen. The first is the one that is shown."), Languages()
    ),
    "opening.weekly": Known(
        _("Opening hours"),
        _("Outside these hours the screen says that it is closed, and no ratings are taken."),
        Weekly(),
    ),
    "opening.special_days": Known(
        _("Special days"),
        _("Days unlike their weekday. They go over public holidays."),
        SpecialDays(),
        is_list=True,
    ),
    "opening.grace_min": Known(
        _("Minutes after closing"),
        _("For so long ratings are still taken: people leave after the desk has closed."),
        Number(_("Minutes"), 0, 240),
    ),
    "holidays": Known(
        _("Public holidays"),
        _("Whether it is closed on them; where opening hours are set."),
        OneOf(
            _("Is it closed on public holidays?"),
            (
                ("BG", _("On those of Bulgaria"), _("Days off in their stead included")),
                (None, _("No"), ""),
            ),
        ),
    ),
    "presentation.name": Known(
        _("Name on the screen"), _("Of the municipality or the centre."), Name()
    ),
    "presentation.deeds": Known(
        _("You said, we did"),
        _("What visitors said and what was done about it; shown in turns while nobody is there."),
        Deeds(),
        is_list=True,
    ),
    "presentation.result": Known(
        _("Result of a month"),
        _("Of the whole centre, never of one desk; shown while nobody is there."),
        Result(),
    ),
    "presentation.write_url": Known(
        _("Address for writing more"), _("On a phone of one's own, by a QR code."), Address()
    ),
    "presentation.is_high_contrast": Known(
        _("High contrast"),
        _("Black and white, thick lines."),
        _switch(_("High contrast?"), ""),
    ),
    "presentation.is_slow": Known(
        _("More time"),
        _("For slow readers: questions wait three times as long."),
        _switch(_("More time?"), ""),
    ),
    "presentation.reads_aloud": Known(
        _("Read aloud"),
        _("The loudspeaker reads the questions to whoever chose a language."),
        _switch(_("Read aloud?"), ""),
    ),
    "unit": Known(_("Unit"), _("Who serves here. Heads of units see their places."), Unit()),
    "staff": Known(
        _("How many serve here"),
        _(
            "At exactly this place; a count, never names. Below the unit, figures are shown only "
            "where at least three serve."
        ),
        Number(_("People"), 0, 100_000, is_optional=True),
    ),
}
"""Key → how pages have it, in their order."""
