"""What is printed: posters with a code for each place, slips with one-time codes, paper forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import segno

from analytics.typesetting.typeset import typeset
from portal.comments.ways import ways_address
from portal.municipality.service import read_arms
from portal.municipality.signboard import Signboard
from portal.surveys.asking import Item, Questionnaire
from portal.surveys.keying import keys_of
from portal.surveys.points import HINTS, drawing_of, name_of
from portal.web import assets
from portal.web.language import Language
from portal.web.portal import Portal

Paper: TypeAlias = Literal["a4", "a5"]

_FOLDER: Final = Path(__file__).parent / "print"


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_HOW: Final = _("Point the camera of your telephone at the code, or open the address below it.")
_PROMISE: Final = _("One minute, without a name. Nobody can tell who answered.")
_PAPER_PROMISE: Final = _("Anonymous. Please write no names, personal numbers or telephones.")

_WAY: Final = _(
    "Do you want an answer? Send a signal, a proposal or a complaint: at a desk, or at {address}"
)


def code_as_svg(address: str) -> bytes:
    """A QR code that is still read when a quarter of it is torn off or dirty."""
    drawn = BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", border=0, unit="mm")
    return drawn.getvalue()


def poster(  # noqa: PLR0913  # each says one thing about it, by its name
    portal: Portal,
    *,
    address: str,
    question: dict[str, str],
    place: str,
    languages: Sequence[Language],
    paper: Paper,
    now: datetime,
) -> bytes:
    """A poster as PDF: what is asked in each of ``languages``, and the code of ``address``."""
    first = languages[0]
    content = {
        "title": first.of(question),
        "lang": first.code,
        "paper": paper,
        "address": address,
        "shown": address.removeprefix("https://").removeprefix("http://"),
        "place": place,
        "blocks": [
            {
                "lang": each.code,
                "is_first": each is first,
                "question": each.of(question),
                "how": each.text(_HOW),
                "promise": each.text(_PROMISE),
            }
            for each in languages
        ],
    }
    return _printed(portal, "poster.typ", content, {"code": code_as_svg(address)}, first, now)


def slips(
    portal: Portal,
    *,
    addresses: Sequence[str],
    survey: str,
    until: str,
    language: Language,
    now: datetime,
) -> bytes:
    """Slips with one-time codes as PDF, ten a page, to be cut."""
    content = {
        "title": survey,
        "survey": survey,
        "lang": language.code,
        "how": language.text(_("Point the camera of your telephone at the code. It works once.")),
        "until": language.text(_("Good until {day}"), day=until),
        "slips": [{"code": str(n), "address": each} for n, each in enumerate(addresses)],
    }
    pictures = {str(n): code_as_svg(each) for n, each in enumerate(addresses)}
    return _printed(portal, "slips.typ", content, pictures, language, now)


def paper_form(portal: Portal, asked: Questionnaire, language: Language, now: datetime) -> bytes:
    """A survey as a form on paper; beside each box stands the key that enters it."""
    survey, way = asked.survey, ways_address(portal, language)
    title = language.of(survey.title) or language.text(_("Survey"))
    pictures: dict[str, bytes] = {}
    content = {
        "title": title,
        "lang": language.code,
        "intro": language.of(survey.intro),
        "promise": language.text(_PAPER_PROMISE),
        "foot": f"{survey.code} · {survey.version}",
        "way": language.text(_WAY, address=way),
        "questions": [_question(item, asked, language, pictures) for item in asked.items],
    }
    return _printed(portal, "paper.typ", content, pictures, language, now)


def _question(
    item: Item, asked: Questionnaire, language: Language, pictures: dict[str, bytes]
) -> dict[str, Any]:
    """A question as the template wants it; its drawings are added to ``pictures``."""
    heading = f"{language.of(item.matrix[1])} – " if item.matrix else ""
    hint = language.of(item.hint or {}) or language.text(HINTS.get(item.scale, ""))
    return {
        "text": heading + language.of(item.texts),
        "hint": hint or (language.text(_("Tick all that apply.")) if _is_many(item) else ""),
        "condition": _condition(item, asked, language),
        "sort": _sort_of(item),
        "unit": language.of(item.unit or {}),
        "points": [
            _point(item, value, key, language, pictures)
            for value, key in zip(item.values, keys_of(item), strict=True)
        ],
    }


def _point(
    item: Item, value: str, key: str, language: Language, pictures: dict[str, bytes]
) -> dict[str, str]:
    drawing = drawing_of(item, value)
    if drawing and drawing not in pictures:
        pictures[drawing] = (assets.FOLDER / "faces" / f"{drawing}.svg").read_bytes()
    if item.scale:
        text = language.text(name_of(item, value))
    else:
        text = language.of(dict(item.options)[value])
    return {"text": text, "key": key, "picture": drawing}


def _condition(item: Item, asked: Questionnaire, language: Language) -> str:
    """Who should answer, in words."""
    leads = [*item.conditions] + ([(item.follows, item.when)] if item.follows else [])
    known = {each.code: each for each in asked.items}
    told = []
    for code, values in leads:
        before = known[code]
        texts = dict(before.options)
        named = [
            language.text(name_of(before, value)) if before.scale else language.of(texts[value])
            for value in before.values
            if value in values
        ]
        told.append(f"{language.of(before.texts)} {' / '.join(named)}")
    if not told:
        return ""
    return language.text(_("Only if you answered: {answers}"), answers="; ".join(told))


def _is_many(item: Item) -> bool:
    return item.sort == "multiple"


def _sort_of(item: Item) -> str:
    if item.scale:
        return "faces" if drawing_of(item, item.values[0]) else "row"
    if item.options:
        return "choice"
    return "lines" if item.sort == "comment" else "line"


def _printed(
    portal: Portal,
    template: str,
    content: dict[str, Any],
    pictures: dict[str, bytes],
    language: Language,
    now: datetime,
) -> bytes:
    """Set a template with the municipality's name and arms."""
    town = portal.part(Signboard).shown(portal)
    arms = read_arms(portal.database, portal.settings.site)
    whole = {
        **content,
        "municipality": language.of(town.name),
        "arms": language.of(town.name) if arms else None,
    }
    pictured = {**pictures, **({"arms": arms.content} if arms else {})}
    return typeset(_FOLDER / template, whole, now, pictured, look=portal.settings.look)
