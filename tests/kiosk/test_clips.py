"""Sign-language clips: each question and follow-up names its own, thanks name none."""

from __future__ import annotations

from kiosk.scenes import Scenery
from kiosk.words import Words
from tests.kiosk.hall import PANELS, Hall, configuration


def test_a_clip_is_named_by_survey_and_question() -> None:
    """Idle shows that of the first question, a follow-up its own; while thanking there is none."""
    hall = Hall(configuration(("bg", "en")), PANELS["four faces"])
    scenery = Scenery(hall.configuration, Words)

    def clip() -> str:
        return scenery.asking(hall.session, is_private=False).clip

    assert clip() == "reception-overall"
    hall.press("face-1")
    assert clip() == "reception-reason"
    for _ in range(40):  # answering by walking: next, select
        if hall.session.state == "thanks":
            break
        hall.press("face-2")
        hall.press("face-4")
    assert clip() == ""
    hall.rest(5_000)
    assert clip() == "reception-overall"
    hall.close()
