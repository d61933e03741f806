"""An invented municipality and who works there."""

from __future__ import annotations

from datetime import date

from portal.people.identifiers import Identifier, read_identifier
from portal.people.parties import Details
from portal.web.actor import Actor

TODAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)

CLERK = Actor("staff", "clerk-1", "Ана Тодорова", frozenset({"clerk"}))
ADMINISTRATOR = Actor("staff", "admin-1", "Петър Колев", frozenset({"administrator"}))

SETTLEMENTS = """\
ekatte,t_v_m,name,oblast,obshtina,kmetstvo,name_en,oblast_name,obshtina_name,postal code,lon,lat
00014,гр.,Ясеново,YYY,YYY01,YYY01-00,Yasenovo,обл. Яворово,Ясеново,9990,24.5,42.5
00028,с.,Стара бара,YYY,YYY01,YYY01-02,Stara bara,обл. Яворово,Ясеново,9991,,
00031,с.,Дъбрава,YYY,YYY01,YYY01-00,Dabrava,обл. Яворово,Ясеново,9992,,
00045,с.,Дъбрава,YYY,YYY02,YYY02-01,Dabrava,обл. Яворово,Каменово,9993,,
"""
MAYORALTIES = """\
kmetstvo,name,ekatte,name_en
YYY01-02,Стара бара,00028,Stara bara
"""

# Invented people; the numbers pass their checks and are nobody's.
PERSON = Details(
    kind="person",
    first_name="Мария",
    middle_name="Иванова",
    last_name="Петрова-Димова",
    phone="0670 00 000",
    e_mail="maria@example.org",
)


def egn(text: str = "7523169263") -> Identifier:
    """An ЕГН."""
    return read_identifier("egn", text, today=TODAY)


def list_of(*lines: str) -> bytes:
    """A list of settlements: the head of the invented one above, and other lines."""
    return "\n".join([SETTLEMENTS.partition("\n")[0], *lines]).encode()
