"""Faults as people read them."""

from __future__ import annotations

import pytest

from kiosk.faults import in_words
from kiosk.words import Words

FAULTS = {
    "face-1:stuck": "заседнал бутон: лице 1",
    "select:stuck": "заседнал бутон: клавиша „избор“",
    "lamp-2:dead": "не свети лампа: 2",
    "sound:dead": "високоговорителят не се чува",
    "words:lacks-tr": "език не се предлага, преводът му липсва или не е пълен: tr",
    "screen:lacks-glyphs-ka": "екранът няма букви за език: ka",
    "panel:lacks-face-0": "анкетата изисква бутон, който липсва: лице 0",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_fault_is_said_in_words(fault: str) -> None:
    """With the button's name, or the language's tag, where it has one."""
    assert in_words(fault, Words("bg")) == FAULTS[fault]


@pytest.mark.parametrize("fault", ["screen:melted", "moon:lacks-cheese", "lamp-1:odd", "", "x{y}"])
def test_an_unknown_fault_is_told_as_it_is(fault: str) -> None:
    """Better a code that somebody can look up than nothing."""
    assert in_words(fault, Words("bg")) == fault
