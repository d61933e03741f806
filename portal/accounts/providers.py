"""Providers: who else may vouch for a person. All do it in two moves, so one suite tests them.

``begin`` says where the browser goes, ``finish`` judges what it comes back with. What has to be
remembered in between is kept on the server (:mod:`portal.accounts.attempts`), bound to the browser
and used once, so that an answer meant for one sign-in serves no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from portal.web.actor import Kind

Assurance: TypeAlias = Literal["low", "substantial", "high"]
"""Levels of Regulation (EU) 910/2014, Article 8."""


class ProviderError(Exception):
    """The provider does not vouch, or its answer can't be trusted; the text is for the log."""


class UnreachableError(ProviderError):
    """The provider does not answer; the same may work later."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way.

    Attributes:
        url: where the browser goes; a path of ours where the provider has a page here.
        kept: to be remembered until it comes back.
    """

    url: str
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a provider vouches for.

    Attributes:
        provider: its code.
        subject: whom it means, for good.
        login: what it calls the person meanwhile, such as a user name; may change hands.
        name: of the person, where it tells.
        identifier: kind and value, such as ``("egn", "…")``, where it tells.
        has_second_factor: whether it asked for more than a password.
    """

    provider: str
    subject: str
    login: str = ""
    name: str = ""
    identifier: tuple[str, str] | None = None
    assurance: Assurance = "low"
    has_second_factor: bool = False


class Provider(Protocol):
    """Somebody who vouches for people.

    Attributes:
        code: in addresses and in the database.
        name: as people know it.
        kind: of accounts that it opens.
    """

    @property
    def code(self) -> str: ...  # noqa: D102  # as above
    @property
    def name(self) -> str: ...  # noqa: D102  # as above
    @property
    def kind(self) -> Kind: ...  # noqa: D102  # as above

    def begin(self, state: str, back: str) -> Begun:
        """Begin a sign-in.

        Args:
            state: comes back with the answer.
            back: address of ours for the answer.

        Raises:
            UnreachableError: it does not answer.
        """

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str], back: str) -> Assertion:
        """Judge the answer.

        Raises:
            ProviderError: it does not vouch, or this is no answer to what was begun.
            UnreachableError: it does not answer.
        """
