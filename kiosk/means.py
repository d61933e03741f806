"""What a visitor can do at this kiosk: press its buttons, touch its screen, hear what is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Means:
    """The means of answering; they change when headphones are plugged in, or a screen comes back.

    Attributes:
        buttons: names of the panel's buttons, tactile keys among them.
        is_touched: a touchscreen is there, on which everything that is asked can be chosen.
        is_heard: audio mode: what is asked and what can be chosen is spoken.
        is_seen: what is asked can be read somewhere. Where it can be neither read nor heard, the
            faces are for the first question, which is printed beside them.
    """

    buttons: frozenset[str]
    is_touched: bool = False
    is_heard: bool = False
    is_seen: bool = True

    @property
    def faces(self) -> tuple[str, ...]:
        """The face buttons, by their numbers."""
        faces = [button for button in self.buttons if button.startswith("face-")]
        return tuple(sorted(faces, key=lambda face: (len(face), face)))

    @property
    def has_keys(self) -> bool:
        """Whether there are tactile keys enough to go to anything and choose it."""
        return self.buttons >= {"next", "select"}

    @property
    def is_walked(self) -> bool:
        """Whether people who don't see the choices can walk through them: by keys or faces."""
        return self.is_heard and (self.has_keys or len(self.faces) > 1)

    @property
    def are_enough(self) -> bool:
        """Whether everything can be answered, whatever it is."""
        return self.is_touched or self.is_walked
