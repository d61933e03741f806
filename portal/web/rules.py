"""Who may open a route. Whether he may see *this* object is for the area's ``service``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.web.actor import Actor, Kind, Role

Verdict: TypeAlias = Literal["welcome", "sign-in", "forbidden"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may.

    Attributes:
        kinds: of actors.
        roles: of staff, one of which is needed; empty: any.
    """

    kinds: frozenset[Kind]
    roles: frozenset[Role] = frozenset()

    def judge(self, actor: Actor) -> Verdict:
        """Whether ``actor`` may, and if not, whether it would help to sign in."""
        if actor.kind not in self.kinds:
            return "sign-in" if actor.kind == "anonymous" else "forbidden"
        if actor.is_staff and self.roles and not self.roles & actor.roles:
            return "forbidden"
        return "welcome"

    @property
    def is_personal(self) -> bool:
        """Whether what it guards is for known people only, so that nobody may keep a copy."""
        return "anonymous" not in self.kinds


ANYONE: Final = Rule(frozenset({"anonymous", "citizen", "staff"}))
CITIZEN: Final = Rule(frozenset({"citizen"}))
SIGNED_IN: Final = Rule(frozenset({"citizen", "staff"}))


def staff(*roles: Role) -> Rule:
    """Staff with one of ``roles``; without any: all staff."""
    return Rule(frozenset({"staff"}), frozenset(roles))
