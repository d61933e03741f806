"""Forms of the inbox."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portal.comments.inbox import Search
from portal.web.fields import Code, Day, Line
from portal.web.forms import Form


class SearchForm(Form):
    """Which comments; what can't be understood doesn't matter."""

    state: str = ""
    touchpoint: Annotated[str, Field(max_length=100)] = ""
    survey: Annotated[str, Field(max_length=100)] = ""
    theme: Annotated[str, Field(max_length=100)] = ""
    first_on: Day | None = None
    last_on: Day | None = None

    def meant(self) -> Search:
        """As the inbox takes it."""
        return Search(**self.model_dump())


class ManyForm(Form):
    """What to do with several."""

    comments: Annotated[list[str], Field(max_length=100)]
    do: Annotated[str, Field(max_length=100)] = "read"


class ThemesForm(Form):
    """What one is about."""

    themes: Annotated[list[str], Field(max_length=50)]
    go_on: str = ""


class MaskForm(Form):
    """Words to mask, by their numbers."""

    words: Annotated[list[int], Field(min_length=1, max_length=1_000)]
    seen: Annotated[str, Field(max_length=10_000)]


class ForwardForm(Form):
    """To whom, with what beside it."""

    unit: Annotated[str, Field(max_length=100)]
    nonce: Annotated[str, Field(max_length=100)] = ""
    """Of the page: sent twice, it goes out once."""
    words: Annotated[str, Field(max_length=1_000)] = ""


class EraseForm(Form):
    """That it is meant."""

    is_sure: str


class ThemeForm(Form):
    """A theme; the code is only read where it is new."""

    name_bg: Line
    name_en: Line
    stems: Annotated[str, Field(max_length=2_000)] = ""
    retired: str = ""


class NewThemeForm(ThemeForm):
    """A new one."""

    code: Code
