"""Sign-language clips: each question and follow-up names its own, thanks name none."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.scenes import Scenery
from kiosk.words import Words
from tests.kiosk.hall import PANELS, SURVEY, Hall, configuration


def test_a_clip_is_named_by_survey_and_question() -> None:
    """Idle shows that of the first question, a follow-up its own; while thanking there is none."""
    survey = replace(SURVEY, questions=SURVEY.questions[:1])
    hall = Hall(configuration(("bg", "en"), survey), PANELS["four faces"])
    scenery = Scenery(hall.configuration, Words)

    def clip() -> str:
        return scenery.asking(hall.session, is_private=False).clip

    assert clip() == "reception-overall"
    hall.press("face-1")
    assert clip() == "reception-reason"
    hall.rest(300_000)
    hall.rest(300_000)
    assert (hall.session.state, clip()) == ("idle", "reception-overall")
    hall.press("face-4")
    assert (hall.session.state, clip()) == ("thanks", "")
    hall.close()
