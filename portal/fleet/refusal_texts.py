"""What verbs of the fleet refuse, for people: by which words of theirs, and what we say of it.

The verbs speak English, for terminals; what they put in (days, codes, numbers) is taken over.
"""

from __future__ import annotations

import re
from typing import Final


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


REFUSALS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            r"has votes of (?P<day>[\d-]+): retire",
            _("There are votes of {day} here; choose that day or a later one."),
        ),
        (
            r"has votes, and those were given in its present mode",
            _(
                "There are votes here, given in its present mode. Add another touchpoint for "
                "trials, and move the device there and back."
            ),
        ),
        (
            r"^(?P<devices>[\w, -]+) stands at .*: move it first",
            _("A device stands there: {devices}. Move it first."),
        ),
        (
            r"would stand in \w+ (?P<place>[\w-]+), which is not there",
            _("Something would stand in {place}, which is not there on that day. Move it first."),
        ),
        (r"can't stand under itself", _("A place can't stand in itself.")),
        (
            r"is retired (?:from|since) (?P<day>[\d-]+)",
            _("It is out of use since {day}, and stays so."),
        ),
        (r"is there already", _("This code is taken by something else; choose another one.")),
        (
            r"stands at (?P<place>[\w-]+): put it into the drawer first",
            _("That device stands at {place}. Put it into the drawer first."),
        ),
        (
            r"is retired, or of another site|was retired(?: on [\d-]+)?: take another name",
            _("That device is out of use; choose another name."),
        ),
        (r"is in the drawer: put it", _("It is in the drawer: say first where it stands.")),
        (
            r"place one at a touchpoint first",
            _("The device stands at no touchpoint: put it at one first."),
        ),
        (
            r"stands nowhere",
            _("The old device stands nowhere any more: somebody moved it meanwhile."),
        ),
        (
            r"no code can be given out before the fleet's process ran",
            _(
                "No code can be given out yet: the server's process for devices has never run. "
                "Ask whoever looks after the server."
            ),
        ),
        (
            r"had no other configuration before",
            _("This device had no other configuration before."),
        ),
        (
            r"revision (?P<number>\d+) can't be used at",
            _("Configuration {number} can't be used at its place any more; choose another one."),
        ),
        (
            r"never got revision",
            _("This device never had that configuration."),
        ),
        (
            r"was not heard yet, so nobody knows",
            _("Nothing was heard of this device yet, so nobody knows what it uses."),
        ),
        (
            r"public key (?:can't be read|is of a kind)",
            _(
                "No code can be given out: the key that the server's process for devices has left "
                "can't be used. Ask whoever looks after the server."
            ),
        ),
        (
            r"use (?P<least>\d+) to (?P<most>\d+) small Latin letters",
            _("Use {least} to {most} small Latin letters, digits and hyphens."),
        ),
        (
            r"is no name: use 1 to (?P<most>\d+) characters",
            _("Write a name of {most} characters at the most, on one line."),
        ),
        (
            r"is there from (?P<since>[\d-]+) on, not yet on (?P<day>[\d-]+)",
            _("The place is there only from {since} on, not yet on {day}."),
        ),
        (
            r" is of [\w-]+, (?:and )?(?:device|location|touchpoint) [\w-]+ of ",
            _("It belongs to another municipality of this server."),
        ),
        (r"^there is no such ruling", _("This ruling was taken back already.")),
        (
            r"a ruling is about some hours, of (?P<days>\d+) days",
            _("A ruling is about some hours, and about {days} days at the most."),
        ),
        (
            r"these hours are to come",
            _("A ruling is about votes that were given, and these hours are still to come."),
        ),
        (
            r"the first line has no column (?P<columns>[\w, ]+):",
            _("The first line of the file does not name these columns: {columns}."),
        ),
        (
            r"^line (?P<line>\d+) is no line of a CSV file",
            _("Line {line} can't be read as a line of a CSV file."),
        ),
        (
            r"^version (?P<version>\d+) of survey (?P<survey>[\w-]+) was published and says",
            _("Version {version} of the survey {survey} was published with other content."),
        ),
        (
            r"^survey (?P<survey>[\w-]+) is at version (?P<version>\d+) already",
            _("The survey {survey} is at version {version} already: somebody published it."),
        ),
        (
            r"^there is no |unknown (touchpoint|site)|has no location|^no (device|notice|order)",
            _("It is not there any more: somebody changed it meanwhile."),
        ),
    )
)
"""What can't be done, and why."""
FAULTS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            r"\.(?P<language>[\w-]+): is missing; translate it",
            _("a text is missing in the language {language}"),
        ),
        (
            r"has (?P<n>\d+) characters; at most (?P<most>\d+) fit",
            _("a text of {n} characters is too long; at most {most} fit the screen"),
        ),
        (
            r"has (?P<n>\d+) lines; at most (?P<most>\d+) fit",
            _("a text of {n} lines is too long; at most {most} fit the screen"),
        ),
        (
            r"has (?P<n>\d+) characters without a space; at most (?P<most>\d+)",
            _("a word of {n} letters is too long; at most {most} fit a line"),
        ),
        (r"has nothing to read", _("a text is empty")),
        (r"has a line break", _("a text that must be on one line has several")),
        (r"has \d+ spaces in a row", _("a text has several spaces in a row")),
        (r"U\+[0-9A-F]{4}|letters made of pieces|marks that pile", _("a text has unusual marks")),
        (
            r"hours of weekday (?P<day>\d) overlap",
            _("opening hours of weekday {day} overlap (1 is Monday)"),
        ),
        (r"hours: they overlap", _("opening hours of one special day overlap")),
        (r"it never opens", _("there is not one open hour")),
        (
            r"^(?P<n>[0-9]+) more$",
            _("and {n} more"),
        ),
        (r"is there twice; keep one", _("a special day is there twice")),
        (r"is not in 2000.2200", _("a year is wrong")),
        (r"first_on is after last_on", _("a period ends before it begins")),
        (r"is no https address", _("the address for writing more is no https address")),
        (r"languages: ", _("one language is there twice")),
        (
            r": a kiosk has no \w+; it has ratings and choices",
            _("a kiosk asks for ratings and choices only, and this survey asks for something else"),
        ),
        (r"\.drawing: a kiosk has no", _("a kiosk has faces, and this survey has stars")),
        (r"\.matrix: a kiosk asks one thing", _("a kiosk can't ask several things in one table")),
        (
            r"\.questions\[0\]: is no rating; at a kiosk",
            _("at a kiosk the first question is a rating, and here it is none"),
        ),
        (
            r"\.questions: are (?P<n>\d+); at most (?P<most>\d+) are asked at a kiosk",
            _("the survey has {n} questions; a kiosk asks {most} at the most"),
        ),
        (
            r"\.options: are (?P<n>\d+); at most (?P<most>\d+) fit the screen",
            _("a question has {n} answers; at most {most} fit the screen"),
        ),
        (
            r"no survey '(?P<survey>[\w-]+)' was published",
            _("the survey {survey} was never published"),
        ),
        (
            r"survey '(?P<survey>[\w-]+)' has no version (?P<version>\d+)",
            _("the survey {survey} has no version {version}"),
        ),
    )
)
"""Faults of configurations."""
ORDERS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"^the device is not connected", _("The device is not connected.")),
        (
            r"^it was never sent",
            _("It was not sent: the server's process for devices does not run, or is cut off."),
        ),
        (
            r"^sent, and no answer",
            _("It was sent, and no answer came in time: the device may have lost its connection."),
        ),
        (
            r"^the connection to the broker broke",
            _("The connection broke just then; ask again."),
        ),
        (r"^pong$", _("It answers.")),
        (r"^under way$", _("It is under way.")),
        (r"^see the report$", _("What it says stands below.")),
        (r"^it restarts as soon as nobody", _("It restarts as soon as nobody is at it.")),
        (
            r"^it blinks and beeps for (?P<seconds>\d+) s",
            _("It blinks and beeps for {seconds} seconds, as soon as nobody is at it."),
        ),
        (
            r"^not done: it waited for more than (?P<seconds>\d+) s",
            _("Not done: it had waited for more than {seconds} seconds."),
        ),
        (
            r"^not done: too many commands wait",
            _("Not done: too much waits in the device; ask again later."),
        ),
        (
            r"^unknown command",
            _("The program of the device is older and does not know this yet."),
        ),
    )
)
"""What became of orders, and why some were not done."""
ROWS: Final = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"^(?P<columns>[a-z]+(?:, [a-z]+)*) is empty$", _("nothing stands under {columns}")),
        (
            r"^people is '(?P<people>.*)': write a number",
            _("“{people}” is no number of people: write it with digits, for example 12"),
        ),
        (
            r"^hour is '(?P<hour>.*)': write ",
            _("“{hour}” is no day with an hour: write it as 2026-11-20 09:00"),
        ),
        (r"^there is no [a-z]+ '(?P<code>.*)'", _("there is no place with the code {code}")),
        (
            r"(?P<people>-?\d+) people in an hour: use 0 to (?P<most>\d+)",
            _("{people} people in one hour can't be: write 0 to {most}"),
        ),
        (
            r"have one code: say which",
            _("a place and a touchpoint have this code: say in the column kind which is meant"),
        ),
        (
            r"tells of the same hour as (?:line )?(?P<other>.+): keep one",
            _("it tells of the same hour as line {other}: keep one of them"),
        ),
        (
            r"(?P<time>[\d:]+) is no full hour: write (?P<full>[\d:]+)",
            _("{time} is no full hour: write {full}"),
        ),
        (
            r"the hour (?P<hour>[\d: -]+) has not begun yet",
            _("the hour {hour} has not begun yet"),
        ),
        (
            r"there was no (?P<time>[\d:]+) on (?P<day>[\d-]+)",
            _("there was no {time} on {day}: the clocks went forward"),
        ),
        (
            r"(?P<time>[\d:]+) came twice on (?P<day>[\d-]+): write which, as (?P<first>\S+) or",
            _("{time} came twice on {day}: say which one, for example {first}"),
        ),
        (
            r"is there from (?P<since>[\d-]+) on, not yet on (?P<day>[\d-]+)",
            _("the place is there only from {since} on, not yet on {day}"),
        ),
        (r"is retired from (?P<day>[\d-]+)", _("the place is out of use since {day}")),
        (
            r"use (?P<least>\d+) to (?P<most>\d+) small Latin letters",
            _("use {least} to {most} small Latin letters, digits and hyphens"),
        ),
    )
)
"""Faults of rows of numbers of people served, without the row in front."""
