"""What a kiosk asks until the server sends a survey, on the faces of its panel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.standard_survey import UNHAPPY, standard_survey
from broker.wire.surveys import Survey
from hardware.panel import FOUR_FACES


def scale_for(buttons: Collection[str]) -> ScaleCode:
    """The scale whose values are just the faces among ``buttons``; where there are none, four."""
    faces = {button for button in buttons if button.startswith("face-")}
    fitting = (
        scale for scale in UNHAPPY if faces == {f"face-{value}" for value in SCALES[scale].values}
    )
    return next(fitting, "faces-4")


def built_in_survey(buttons: Collection[str] = FOUR_FACES) -> Survey:
    """What is asked on a panel with ``buttons``."""
    return standard_survey(scale_for(buttons))


BUILT_IN_SURVEY: Final = built_in_survey()
"""That of the usual panel, and of a touchscreen."""


def built_in_configuration(touchpoint: str, buttons: Collection[str] = FOUR_FACES) -> Configuration:
    """The survey for ``buttons``; of revision 0, so that any received configuration replaces it."""
    survey = built_in_survey(buttons)
    return Configuration(v=VERSION, revision=0, touchpoint=touchpoint, survey=survey)
