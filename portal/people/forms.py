"""The forms about people and places."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from portal.people.identifiers import Identifier, IdentifierKind, read_identifier
from portal.people.parties import Details
from portal.people.rules import Line, Lines, Name, PartyKind, UnitKind, one_line
from portal.web.fields import Day, EmailAddress, Phone
from portal.web.forms import Form, FormError

Short = Annotated[str, Field(max_length=20), AfterValidator(one_line)]


def _country(text: str) -> str:
    """ISO 3166's two letters, or nothing."""
    country = text.upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise FormError("Write the country with two letters, for example DE")
    return country


Country = Annotated[str, AfterValidator(_country)]


class PartyForm(Form):
    """A party, with or without an identifier."""

    kind: PartyKind
    first_name: Name = ""
    middle_name: Name = ""
    last_name: Name = ""
    name: Line = ""
    latin_name: Line = ""
    identifier_kind: IdentifierKind | Literal["none"] = "none"
    identifier: Annotated[str, Field(max_length=60)] = ""
    identifier_country: Country = ""
    born_on: Day | None = None
    e_mail: EmailAddress = ""
    phone: Phone = ""
    other_phone: Phone = ""
    is_another: bool = False
    revision: int = 0

    @model_validator(mode="after")
    def _is_whole(self) -> PartyForm:
        if self.identifier and self.identifier_kind == "none":
            raise FormError("Choose which kind of identifier it is, or leave it empty")
        return self

    def details(self) -> Details:
        """What the party is."""
        names = Details.__dataclass_fields__
        return Details(**{name: getattr(self, name) for name in names})

    def read_identifier(self, today: date) -> Identifier | None:
        """The identifier that was typed.

        Raises:
            IdentifierError: it is none.
        """
        if self.identifier_kind == "none" or not self.identifier:
            return None
        country = self.identifier_country
        return read_identifier(self.identifier_kind, self.identifier, today=today, country=country)


class FindForm(Form):
    """A name or an identifier."""

    text: Annotated[Line, Field(min_length=2)]


class PurposeForm(Form):
    """Why an identifier has to be seen whole."""

    purpose: Literal["application", "account", "correction", "authority"]


class MergeForm(Form):
    """Which party this one is, too."""

    into: str
    is_sure: bool = False


class AddressForm(Form):
    """An address; ``settlement_code`` is chosen where a name is not enough."""

    settlement: Line = ""
    settlement_code: Annotated[str, Field(max_length=5)] = ""
    country: Country = "BG"
    postal_code: Short = ""
    location_code: Short = ""
    location: Line = ""
    number: Short = ""
    entrance: Short = ""
    floor: Short = ""
    apartment: Short = ""
    abroad: Lines = ""
    from_on: Day


class EndForm(Form):
    """From which day on something is no more."""

    on: Day


class UnitForm(Form):
    """A unit."""

    code: Annotated[str, Field(max_length=63)] = ""
    kind: UnitKind
    name_bg: Line
    name_en: Line = ""
    parent: str = ""
    settlement: str = ""
    mayoralty: str = ""
    serves: tuple[str, ...] = ()
    location: Line = ""
    phone: Phone = ""
    e_mail: EmailAddress = ""
    opening_bg: Lines = ""
    opening_en: Lines = ""
    from_on: Day | None = None
    revision: int = 0


class EmployeeForm(Form):
    """An employee."""

    first_name: Name
    middle_name: Name = ""
    last_name: Name
    latin_name: Line = ""
    e_mail: EmailAddress = ""
    phone: Phone = ""
    from_on: Day | None = None
    revision: int = 0


class PostForm(Form):
    """A post in a unit."""

    title_bg: Line
    title_en: Line = ""
    is_head: bool = False
    from_on: Day


class AppointForm(Form):
    """Who gets a post."""

    post: str
    from_on: Day
    until_on: Day | None = None


class AbsenceForm(Form):
    """Days on which somebody is not there."""

    first_on: Day
    last_on: Day
    deputy: str = ""


class DeputiesForm(Form):
    """Who stands in at a post, in this order."""

    first: str = ""
    second: str = ""
    third: str = ""
    on: Day


class SuccessorForm(Form):
    """What a settlement became a part of, and when."""

    successor: Line
    on: Day


class ListForm(Form):
    """A national list, and the day on which it was true."""

    on: Day
    is_complete: bool = False
    upload: Annotated[str, Field(pattern="[0-9a-f]{32}")] = ""
