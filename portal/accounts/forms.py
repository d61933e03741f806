"""Forms about accounts."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from portal.accounts.passwords import LONGEST
from portal.accounts.policy import Must
from portal.people.rules import Name
from portal.web.actor import Role
from portal.web.fields import Code, Day, EmailAddress, Url
from portal.web.forms import Form, FormError

Secret: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=False, max_length=LONGEST)]
"""A password: spaces at its ends belong to it."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class SignInForm(Form):
    """Name and password, or a slip's code."""

    name: Annotated[str, Field(max_length=200)]
    password: Secret
    next: str = ""


class CodeForm(Form):
    """A code of an authenticator, a recovery code, or one from a mail."""

    code: Annotated[str, Field(max_length=40)]
    next: str = ""


class NewPasswordForm(Form):
    """A new password, twice."""

    password: Secret
    again: Secret
    next: str = ""


class ChangePasswordForm(NewPasswordForm):
    """The same, with the old one."""

    old: Secret


class ForgottenForm(Form):
    """Who has forgotten the password."""

    name: Annotated[str, Field(max_length=200)]


class ForgottenCodeForm(Form):
    """And what proves it."""

    name: Annotated[str, Field(max_length=200)]
    code: Annotated[str, Field(max_length=40)]


class ProofForm(Form):
    """The password again."""

    password: Secret
    next: str = ""


class PowersForm(Form):
    """What somebody of the staff may, and where."""

    roles: Annotated[list[Role], Field(min_length=1)]
    units: Annotated[
        list[Annotated[str, Field(max_length=63)]], Field(default_factory=list, max_length=200)
    ]


class NewUserForm(PowersForm):
    """Somebody of the staff who is to get an account."""

    sign_in_name: Annotated[str, Field(min_length=3, max_length=100)]
    name: Annotated[str, Field(max_length=200)]
    email: EmailAddress | None = None
    employee: str | None = None


class PolicyForm(Form):
    """Rules for accounts."""

    second_factor: Must
    two_persons: bool = False


class AuditForm(Form):
    """What is looked for in the audit log."""

    who: str = ""
    action: str = ""
    about: str = ""
    from_on: Day | None = None
    until_on: Day | None = None


class EmailForm(Form):
    """An e-mail address."""

    email: EmailAddress


class PersonForm(Form):
    """Who asks for access at the desk; names only where nobody knows the person yet."""

    identifier_kind: Literal["egn", "lnch"]
    identifier: Annotated[str, Field(max_length=20)]
    first_name: Name = ""
    middle_name: Name = ""
    last_name: Name = ""


def _last_four(given: str) -> str:
    """Four signs of a document's number; Cyrillic letters that look like Latin ones are these."""
    meant = given.upper().translate(_LATIN)
    if not re.fullmatch("[0-9A-Z]{4}", meant):
        raise FormError(_("Write the last four signs of the number: digits and Latin letters"))
    return meant


_LATIN: Final = str.maketrans("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS")


class NumberForm(Form):
    """The number with which a citizen signs in."""

    number: Annotated[str, Field(max_length=20)]


class SeenForm(Form):
    """What the clerk saw."""

    document: Literal["identity-card", "passport", "residence-permit", "driving-licence"]
    last_four: Annotated[str, AfterValidator(_last_four)]
    is_checked: Annotated[bool, Field(validate_default=True)] = False
    email: EmailAddress = ""
    has_lost_second_factor: bool = False

    @field_validator("is_checked")
    @classmethod
    def _was_checked(cls, is_checked: bool) -> bool:  # noqa: FBT001  # pydantic's
        if not is_checked:
            raise FormError("Compare the face and the document first")
        return is_checked


class DirectoryForm(Form):
    """A directory of the town."""

    code: Code
    name: Annotated[str, Field(max_length=100)]
    kind: Literal["staff", "citizen"]
    issuer: Url
    client_id: Annotated[str, Field(max_length=200)]
    client_secret: Annotated[str, Field(max_length=500)] = ""
    login_claim: Annotated[str, Field(max_length=100)] = "preferred_username"
    identifier_claim: Annotated[str, Field(max_length=100)] = ""
    acr: Annotated[str, Field(max_length=300)] = ""
    is_on: bool = False


class LinkForm(Form):
    """What somebody is called in a directory."""

    provider: Annotated[str, Field(max_length=63)]
    login: Annotated[str, Field(max_length=200)] = ""
