"""The forms of the staff's page of results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from portal.web.fields import Line
from portal.web.forms import Form


class PosterForm(Form):
    """What is printed."""

    month: str
    unit: str = ""
    paper: Literal["a4", "a3"] = "a4"
    language: Literal["bg", "en"] = "bg"


class MonthForm(Form):
    """Which month kiosks show; empty: none."""

    shown: str = ""


class DeedForm(Form):
    """A public action, and what visitors had said."""

    action: Annotated[str, Field(min_length=1)]
    said_bg: Line
    said_en: Line = ""
