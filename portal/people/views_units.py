"""Staff's pages about units and their posts; administrators change them."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from portal.people.employees import employee_name, find_employee, find_employees
from portal.people.errors import PeopleError
from portal.people.forms import DeputiesForm, EndForm, PostForm, UnitForm
from portal.people.pages import choices, refuse, today
from portal.people.posts import (
    add_post,
    deputies_of,
    end_post,
    find_post,
    posts_in,
    roster,
    set_deputies,
    who_answers_for,
)
from portal.people.settlements import exact_places, find_places, place_now, territories
from portal.people.tables import Post, Unit
from portal.people.units import (
    UnitDetails,
    add_unit,
    all_units,
    change_unit,
    end_unit,
    find_unit,
    in_tree_order,
    own_municipality,
    served_by,
    unit_name,
)
from portal.people.words import NO_SETTLEMENT, UNIT_KINDS
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("units", "/staff/units")

READERS: Final = staff()
ADMINISTRATOR: Final = staff("administrator")


@AREA.get("", READERS)
def show_all(page: Here, former: str = "") -> Response:
    """The tree of units, as it stands today or with what is no more."""
    with page.portal.database.reading() as connection:
        units = all_units(connection, None if former else today(page))
    return page.render(
        "people/units.html",
        tree=[(n, each, page.language.of(unit_name(each))) for n, each in in_tree_order(units)],
        kinds=UNIT_KINDS,
        is_former=bool(former),
        may_change=_may_change(page),
    )


@AREA.get("/new", ADMINISTRATOR)
def ask_new(page: Here) -> Response:
    """An empty form."""
    return _form_page(page, blank(kind="department", from_on=f"{today(page):%d.%m.%Y}"), "")


@AREA.post("/new", ADMINISTRATOR)
def take_new(page: Here) -> Response:
    """Add a unit."""
    filled = page.fill(UnitForm)
    form = filled.model
    if form is None:
        return _form_page(page, filled, "", 422)
    try:
        details = _details(page, form)
        from_on = form.from_on or today(page)
        add_unit(page.portal.database, form.code, details, from_on, actor=page.actor)
    except PeopleError as error:
        refuse(page, filled, error)
        return _form_page(page, filled, "", 422)
    return page.redirect(f"/staff/units/{form.code}", say="saved")


@AREA.get("/{code}", READERS)
def show(page: Here, code: str) -> Response:
    """A unit with its posts and who answers for them today."""
    return _unit_page(page, code, blank(from_on=f"{today(page):%d.%m.%Y}"))


@AREA.get("/{code}/change", ADMINISTRATOR)
def ask_change(page: Here, code: str) -> Response:
    """The form with what is known."""
    with page.portal.database.reading() as connection:
        unit = page.need(find_unit(connection, code))
        served = served_by(connection, unit, today(page))
    known = {name: getattr(unit, name) for name in UnitForm.model_fields if hasattr(unit, name)}
    return _form_page(page, blank(**known, serves=served), code)


@AREA.post("/{code}/change", ADMINISTRATOR)
def take_change(page: Here, code: str) -> Response:
    """Write what a unit is."""
    filled = page.fill(UnitForm)
    form = filled.model
    with page.portal.database.reading() as connection:
        page.need(find_unit(connection, code))
    if form is None:
        return _form_page(page, filled, code, 422)
    try:
        change_unit(
            page.portal.database,
            code,
            _details(page, form),
            revision=form.revision,
            on=today(page),
            actor=page.actor,
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _form_page(page, filled, code, 422)
    return page.redirect(f"/staff/units/{code}", say="saved")


@AREA.post("/{code}/end", ADMINISTRATOR)
def end(page: Here, code: str) -> Response:
    """Say that it is no more from a day on."""
    filled = page.fill(EndForm)
    if filled.model is not None:
        try:
            end_unit(page.portal.database, code, filled.model.on, actor=page.actor)
        except PeopleError as error:
            refuse(page, filled, error)
    if filled.errors:
        return _unit_page(page, code, filled, 422)
    return page.redirect(f"/staff/units/{code}", say="saved")


@AREA.post("/{code}/posts", ADMINISTRATOR)
def take_post(page: Here, code: str) -> Response:
    """Add a post."""
    filled = page.fill(PostForm)
    form = filled.model
    if form is not None:
        try:
            add_post(
                page.portal.database,
                code,
                form.title_bg,
                title_en=form.title_en,
                is_head=form.is_head,
                from_on=form.from_on,
                actor=page.actor,
            )
        except PeopleError as error:
            refuse(page, filled, error)
    if filled.errors:
        return _unit_page(page, code, filled, 422)
    return page.redirect(f"/staff/units/{code}", say="saved")


@AREA.get("/{code}/posts/{post}", ADMINISTRATOR)
def show_post(page: Here, code: str, post: str) -> Response:
    """A post: who stands in there, and its end."""
    found = _post(page, code, post)
    with page.portal.database.reading() as connection:
        named = deputies_of(connection, post, today(page))
    known = dict(zip(("first", "second", "third"), named, strict=False))
    return _post_page(page, found, blank(**known, on=f"{today(page):%d.%m.%Y}"))


@AREA.post("/{code}/posts/{post}/deputies", ADMINISTRATOR)
def take_deputies(page: Here, code: str, post: str) -> Response:
    """Say who stands in, and in which order."""
    found, filled = _post(page, code, post), page.fill(DeputiesForm)
    form = filled.model
    if form is not None:
        named = [each for each in (form.first, form.second, form.third) if each]
        try:
            set_deputies(page.portal.database, post, named, form.on, actor=page.actor)
        except PeopleError as error:
            refuse(page, filled, error)
    if filled.errors:
        return _post_page(page, found, filled, 422)
    return page.redirect(f"/staff/units/{code}", say="saved")


@AREA.post("/{code}/posts/{post}/end", ADMINISTRATOR)
def take_post_end(page: Here, code: str, post: str) -> Response:
    """Say that there is no such post any more."""
    found, filled = _post(page, code, post), page.fill(EndForm)
    if filled.model is not None:
        try:
            end_post(page.portal.database, post, filled.model.on, actor=page.actor)
        except PeopleError as error:
            refuse(page, filled, error)
    if filled.errors:
        return _post_page(page, found, filled, 422)
    return page.redirect(f"/staff/units/{code}", say="saved")


def _post(page: Page, code: str, post: str) -> Post:
    with page.portal.database.reading() as connection:
        found: Post = page.need(find_post(connection, post))
    return page.need(found if found.unit == code else None)  # type: ignore[no-any-return]


def _may_change(page: Page) -> bool:
    return ADMINISTRATOR.judge(page.actor) == "welcome"


def _details(page: Page, form: UnitForm) -> UnitDetails:
    """What was filled in, its settlement found by name or code."""
    values: dict[str, Any] = {
        name: getattr(form, name) for name in UnitDetails.__dataclass_fields__
    }
    if form.settlement:
        with page.portal.database.reading() as connection:
            found = exact_places(connection, form.settlement, today(page))
        if len(found) != 1:
            several, none = "Write its code: there are several", NO_SETTLEMENT
            raise PeopleError(several if found else none, field="settlement")
        values["settlement"] = found[0].code
    if form.kind != "lieutenancy":
        values["serves"] = ()
    return UnitDetails(**values)


def _form_page(page: Page, form: Filled[Any], code: str, status: int = 200) -> Response:
    day = today(page)
    with page.portal.database.reading() as connection:
        own = own_municipality(connection)
        units = in_tree_order(all_units(connection, day))
        places = find_places(connection, "", day, municipality=own, most=300) if own else []
        mayoralties = territories(connection, "mayoralty", day, own)
    none = ("", page.text("None"))
    return page.render(
        "people/unit_form.html",
        status,
        form=form,
        unit=code,
        kinds=choices(page, UNIT_KINDS),
        parents=[none, *((e.code, "– " * n + e.name_bg) for n, e in units if e.code != code)],
        mayoralties=[none, *((each.code, f"{each.name} ({each.code})") for each in mayoralties)],
        places=[(each.code, each.full_name) for each in places if not each.has_mayoralty],
    )


def _unit_page(page: Page, code: str, form: Filled[Any], status: int = 200) -> Response:
    day = today(page)
    with page.portal.database.reading() as connection:
        unit: Unit = page.need(find_unit(connection, code))
        parent = find_unit(connection, unit.parent) if unit.parent else None
        book = roster(connection, day)
        posts = []
        for post in posts_in(connection, code, day):
            holder = find_employee(connection, book.holders.get(post.id, ""))
            answers = who_answers_for(connection, on=day, post=post.id)
            posts.append((post, holder, answers))
        served = [place_now(connection, each, day) for each in served_by(connection, unit, day)]
        seat = place_now(connection, unit.settlement, day) if unit.settlement else None
    return page.render(
        "people/unit.html",
        status,
        form=form,
        unit=unit,
        name=page.language.of(unit_name(unit)),
        parent=parent,
        parent_name=page.language.of(unit_name(parent)) if parent is not None else "",
        kinds=UNIT_KINDS,
        posts=posts,
        employee_name=employee_name,
        served=[each for each in served if each is not None],
        seat=seat,
        may_change=_may_change(page),
    )


def _post_page(page: Page, post: Post, form: Filled[Any], status: int = 200) -> Response:
    with page.portal.database.reading() as connection:
        colleagues = find_employees(connection, on=today(page))
        unit = page.need(find_unit(connection, post.unit))
    return page.render(
        "people/post.html",
        status,
        form=form,
        post=post,
        unit=unit,
        name=page.language.of(unit_name(unit)),
        colleagues=[("", page.text("Nobody")), *((e.id, employee_name(e)) for e in colleagues)],
    )
