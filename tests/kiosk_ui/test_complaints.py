"""Which languages lack letters is told once to each firmware, and taken back when it is mended."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.scene import Complaint, Scene, Tongue
from kiosk.ui.complaints import Complaints

WITH = Scene(
    number=1, state="idle", language="bg", tongues=(Tongue("bg", "Български"), Tongue("ka", "ქა"))
)
WITHOUT = replace(WITH, tongues=())
LACKING = Complaint(fault="lacks-glyphs-ka", is_present=True)
MENDED = Complaint(fault="lacks-glyphs-ka", is_present=False)


class Ears:
    """Hear complaints, if they listen."""

    def __init__(self) -> None:
        self.heard: list[Complaint] = []
        self.do_listen = True

    def hear(self, complaint: Complaint) -> bool:
        """Take one in."""
        if self.do_listen:
            self.heard.append(complaint)
        return self.do_listen


def test_it_is_told_once() -> None:
    """However many scenes follow."""
    ears = Ears()
    complaints = Complaints(ears.hear)
    for scene in (WITH, WITH, WITHOUT, WITHOUT):
        complaints.look({"ka"}, scene, 1)
    assert ears.heard == [LACKING]


def test_it_is_taken_back_when_it_is_whole_again() -> None:
    """Somebody installed a font."""
    ears = Ears()
    complaints = Complaints(ears.hear)
    complaints.look({"ka"}, WITH, 1)
    complaints.look(set(), WITHOUT, 1)
    complaints.look(set(), WITHOUT, 1)
    assert ears.heard == [LACKING, MENDED]


def test_another_firmware_is_told_again() -> None:
    """It has heard nothing yet."""
    ears = Ears()
    complaints = Complaints(ears.hear)
    complaints.look({"ka"}, WITH, 1)
    complaints.look({"ka"}, WITH, 2)
    assert ears.heard == [LACKING, LACKING]


def test_a_language_that_is_offered_anew_is_told_again() -> None:
    """The firmware forgets what is not in its configuration."""
    ears = Ears()
    complaints = Complaints(ears.hear)
    for scene in (WITH, WITHOUT, WITH):
        complaints.look({"ka"}, scene, 1)
    assert ears.heard == [LACKING, LACKING]


def test_what_nobody_heard_is_told_later() -> None:
    """The firmware was busy."""
    ears = Ears()
    ears.do_listen = False
    complaints = Complaints(ears.hear)
    complaints.look({"ka"}, WITH, 1)
    ears.do_listen = True
    complaints.look({"ka"}, WITH, 1)
    assert ears.heard == [LACKING]
