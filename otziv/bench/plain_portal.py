"""The portal's peer: the same survey page and the same insert, in plain FastAPI with SQLModel.

One file, as the tutorials of both write it: a page made of what the database says, a form, an
insert with its commit, a redirection to thanks. It knows neither languages, conditions, signed
forms, limits and rollups, nor what to do with a form that is sent twice. Its database is as durable
as ours (write-ahead log, ``synchronous=FULL``).

``python -m otziv.bench.plain_portal PORT FILE`` says ``ready`` when it listens.
"""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime
from html import escape
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Form, HTTPException
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine, select
from starlette.responses import HTMLResponse, RedirectResponse


class PlainSurvey(SQLModel, table=True):
    """A survey."""

    code: str = Field(primary_key=True)
    title: str
    intro: str


class PlainQuestion(SQLModel, table=True):
    """A question; its choices stand with commas between them."""

    id: int | None = Field(default=None, primary_key=True)
    survey: str = Field(index=True)
    code: str
    text: str
    choices: str


class PlainAnswer(SQLModel, table=True):
    """An answer."""

    id: int | None = Field(default=None, primary_key=True)
    visit: str = Field(index=True)
    survey: str = Field(index=True)
    question: str
    value: str
    answered_at: datetime


def make_app(file: str) -> FastAPI:
    """The application, on a database in ``file``."""
    engine = create_engine(f"sqlite:///{file}", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        execute = getattr(connection, "execute")  # noqa: B009  # sqlite3's, which has no type here
        execute("PRAGMA journal_mode=WAL")
        execute("PRAGMA synchronous=FULL")

    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        _fill(session)
    app = FastAPI()

    @app.get("/s/{code}")
    def show(code: str) -> HTMLResponse:
        with Session(engine) as session:
            survey = session.get(PlainSurvey, code)
            if survey is None:
                raise HTTPException(404)
            questions = session.exec(select(PlainQuestion).where(PlainQuestion.survey == code))
            return HTMLResponse(_page(survey, list(questions)))

    @app.post("/s/{code}")
    def answer(
        code: str,
        overall: Annotated[str, Form(alias="q-overall")],
        polite: Annotated[str, Form(alias="q-polite")],
        expert: Annotated[str, Form(alias="q-expert")],
        came_for: Annotated[str, Form(alias="q-came-for")],
    ) -> RedirectResponse:
        said = {"overall": overall, "polite": polite, "expert": expert, "came-for": came_for}
        with Session(engine) as session:
            if session.get(PlainSurvey, code) is None:
                raise HTTPException(404)
            visit, now = uuid.uuid4().hex, datetime.now(UTC)
            for question, value in said.items():
                session.add(
                    PlainAnswer(
                        visit=visit, survey=code, question=question, value=value, answered_at=now
                    )
                )
            session.commit()
        return RedirectResponse(f"/s/{code}/thanks", 303)

    return app


def _fill(session: Session) -> None:
    session.add(PlainSurvey(code="bench", title="Как Ви обслужихме?", intro="Отнема една минута."))
    faces = "Много лошо,Лошо,Средно,Добре,Много добре"
    for code, text, choices in (
        ("overall", "Как беше днес?", faces),
        ("polite", "Любезни", faces),
        ("expert", "Знаещи", faces),
        ("came-for", "За какво дойдохте?", "Данъци,Гражданско състояние,Строителство,Друго"),
    ):
        session.add(PlainQuestion(survey="bench", code=code, text=text, choices=choices))
    session.commit()


def _page(survey: PlainSurvey, questions: list[PlainQuestion]) -> str:
    fields = "".join(_field(question) for question in questions)
    return f"""<!DOCTYPE html>
<html lang="bg"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(survey.title)} · Община</title>
<link rel="stylesheet" href="/static/tokens.css"><link rel="stylesheet" href="/static/portal.css">
</head><body><a class="skip" href="#main">Към съдържанието</a>
<header class="top"><div class="wide"><a class="brand" href="/">Община</a></div></header>
<div class="wide body"><main id="main"><h1>{escape(survey.title)}</h1>
<p>{escape(survey.intro)}</p><form method="post">{fields}
<button class="button primary">Изпращане</button></form></main></div>
<footer><div class="wide"><ul><li><a href="/accessibility">Достъпност</a></li></ul></div></footer>
</body></html>"""


def _field(question: PlainQuestion) -> str:
    name = f"q-{escape(question.code)}"
    points = "".join(
        f'<label class="point"><input type="radio" name="{name}" value="{number}">'
        f'<img src="/static/faces/face-{number}-of-5.svg" alt="" width="56" height="56">'
        f"<span>{escape(text)}</span></label>"
        for number, text in enumerate(question.choices.split(","), start=1)
    )
    return (
        f'<fieldset class="field scale" aria-describedby="hint-{name}">'
        f"<legend>{escape(question.text)}</legend><div>{points}</div></fieldset>"
    )


def main() -> None:
    """Serve until killed."""
    port, file = int(sys.argv[1]), sys.argv[2]
    config = uvicorn.Config(
        make_app(file),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        backlog=1024,
    )
    server = uvicorn.Server(config)
    print("ready", flush=True)
    server.run()


if __name__ == "__main__":
    main()
