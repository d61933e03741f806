"""What is on: the configuration in use, the day's survey, and whether the hall is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from broker.wire.configuration import Configuration
from broker.wire.surveys import Survey
from kiosk.clock import Clock, instant
from kiosk.configuration import ConfigurationFile
from kiosk.scene import Scene
from kiosk.scenes import Scenery, WordsOf, not_set_up
from kiosk.timetable import Timetable

LOOK_MS: Final = 30_000
"""How often we look at the clock, which may be set or stepped at any time."""

NEWS_MONTHS: Final = range(1, 4)
"""How many months ago a result's month may be: what is older, or has not ended, is no news."""

LACKS_GLYPHS: Final = "lacks-glyphs-"
"""A screen's complaint about a language whose letters no font has, before that language's tag."""

UNKNOWN_LANGUAGES: Final = ("bg", "en")
"""What a kiosk speaks before it is told."""


class Programme:
    """Looks at the configuration and at the clock, and says what follows from them.

    Nothing changes but in :meth:`look`, which the front calls when nobody is here.

    Args:
        file: holds the latest good configuration.
        clock: says what day it is; while that is not known, the hall is open.
        words_of: gives the kiosk's own words in a language.

    Attributes:
        configuration: the one in use; ``None`` while the kiosk is not set up.
        survey: what is asked today.
        is_open: whether the hall serves people now.
        next_deadline_ms: when to look again.
        mute: languages of the configuration that the kiosk has no words of its own for, or no name
            of its own; they are not offered, for nobody should find English among the texts of a
            third language, nor two buttons that read the same.
    """

    def __init__(self, file: ConfigurationFile, clock: Clock, words_of: WordsOf) -> None:
        self.configuration: Configuration | None = None
        self.survey: Survey | None = None
        self.is_open = True
        self.next_deadline_ms = 0
        self.mute: tuple[str, ...] = ()
        self._complaints: frozenset[str] = frozenset()
        self._file = file
        self._taken: Configuration | None = None
        self._clock = clock
        self._words_of = words_of
        self._timetable: Timetable | None = None
        self._scenery: Scenery | None = None
        self._closed: Scene | None = None

    def look(self) -> bool:
        """See what is on now; returns whether another survey or configuration is in use."""
        is_newer = self._file.latest is not self._taken
        if is_newer:
            self._take_up()
        elif self._clock.uptime_ms() < self.next_deadline_ms:
            return False
        before = self.survey
        self._look_at_clock()
        return is_newer or self.survey is not before

    def hear(self, complaint: str, *, is_present: bool) -> None:
        """A screen complains; a language that it has no letters for is not offered for so long."""
        if not complaint.startswith(LACKS_GLYPHS):
            return
        before = self._complaints
        self._complaints = before | {complaint} if is_present else before - {complaint}
        if self._complaints != before:
            self._taken = None  # to be taken up again when nobody is here

    def outdated(self, *, has_screen: bool) -> frozenset[str]:
        """Complaints that stand no more: the screen has gone, or the language is not wanted."""
        latest = self._file.latest
        if not has_screen or latest is None:
            return self._complaints
        return self._complaints - {f"{LACKS_GLYPHS}{language}" for language in latest.languages}

    @property
    def is_ending(self) -> bool:
        """Whether a configuration has come with which the kiosk rests: no visit may begin."""
        return self._file.latest is not None and self._file.latest.is_resting

    @property
    def scenery(self) -> Scenery:
        """Makes scenes of the configuration in use.

        Raises:
            LookupError: there is none.
        """
        if self._scenery is None:
            raise LookupError("the kiosk is not set up")
        return self._scenery

    def rest(self) -> Scene:
        """What to show while the hall is closed, or before the kiosk is set up."""
        return self._closed or not_set_up(UNKNOWN_LANGUAGES, self._words_of)

    def _take_up(self) -> None:
        self._taken = self._file.latest
        if (configuration := self._taken) is not None:
            configuration = self._speakable(configuration)
            self.configuration = configuration
            self._timetable = Timetable(configuration)
            self._scenery = Scenery(configuration, self._words_of)

    def _speakable(self, configuration: Configuration) -> Configuration:
        """Leave out languages without catalogue or letters, as long as one is left."""
        languages = configuration.languages
        named: dict[str, str] = {}
        for language in languages:
            words = self._words_of(language)
            if words.are_known:
                named.setdefault(words.own_name, language)
        known = tuple(named.values())
        readable = tuple(each for each in known if f"{LACKS_GLYPHS}{each}" not in self._complaints)
        self.mute = tuple(language for language in languages if language not in known)
        return replace(configuration, languages=readable or known or languages[:1])

    def _look_at_clock(self) -> None:
        now = self._clock.read()
        self.next_deadline_ms = now.uptime_ms + LOOK_MS
        if self._timetable is None or self._scenery is None:
            return
        at = instant(now.wall_ms) if now.is_synced else None
        self.survey = self._timetable.survey_at(at)
        self.is_open = self._timetable.is_open(at)
        if at is not None:
            self._scenery = self._with_news(self._timetable, self._scenery, at)
        self._closed = None
        if not self.is_open:
            because = self._timetable.closed_because(at)
            self._closed = self._scenery.closed(self._timetable.opens_next(at), because)
        if at is not None:
            self._look_at(self._timetable.next_change_at(at), at, now.uptime_ms)

    def _with_news(self, timetable: Timetable, scenery: Scenery, at: datetime) -> Scenery:
        """The scenery without the result of a month long ago: nobody may have sent a newer one."""
        configuration = self.configuration
        if configuration is None or configuration.presentation.result is None:
            return scenery
        if timetable.months_since(configuration.presentation.result.month, at) in NEWS_MONTHS:
            return Scenery(configuration, self._words_of)
        presentation = replace(configuration.presentation, result=None)
        return Scenery(replace(configuration, presentation=presentation), self._words_of)

    def _look_at(self, change_at: datetime | None, at: datetime, uptime_ms: int) -> None:
        """Look again when something changes, if that is soon."""
        if change_at is not None:
            left_ms = -(-(change_at - at) // timedelta(milliseconds=1))
            self.next_deadline_ms = min(self.next_deadline_ms, uptime_ms + max(1, left_ms))
