"""A page of the dashboard as Streamlit runs it, and days before today for it to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from broker.store.tables import AnswerDay, RatingDay, table_of
from tests.analytics.feedback import Feedback

Rating = tuple[str, str, str, int, int, int]
"""Question, scale, channel, value, raw, filtered."""

Answer = tuple[str, str, str, str, int]
"""Question, channel, outcome, option (empty for the answer itself), number."""


def open_screen(project: Path, path: str, **params: str) -> AppTest:
    """Run the page at ``path``; the address says ``params``."""
    app = AppTest.from_file(str(project / "analytics" / "dashboard" / "app.py"), default_timeout=60)
    app._page_hash = calc_hash(path)  # noqa: SLF001  # switch_page knows files only
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    """All that the page says in tables, texts and figures."""
    texts = [element.proto.body for element in app.get("html")]
    for kind in ("title", "header", "subheader", "caption", "markdown", "info", "warning"):
        texts += [str(element.value) for element in getattr(app, kind)]
    texts += [f"{metric.label}={metric.value}" for metric in app.metric]
    return "\n".join(text for text in texts if "<style>" not in text)


def day_before(days: int) -> date:
    """A day so long ago."""
    return datetime.now(UTC).date() - timedelta(days)


def rate(
    feedback: Feedback, touchpoint: str, on: date, rows: Sequence[Rating], survey: str = "reception"
) -> None:
    """Ratings of a day as the rollup has them."""
    names = ("question", "scale", "channel", "value", "raw", "filtered")
    _write(feedback, RatingDay, (touchpoint, on, survey), names, rows)


def answer(
    feedback: Feedback, touchpoint: str, on: date, rows: Sequence[Answer], survey: str = "reception"
) -> None:
    """Answers of a day as the rollup has them, all of them filtered, too."""
    names = ("question", "channel", "outcome", "option", "raw", "filtered")
    _write(feedback, AnswerDay, (touchpoint, on, survey), names, [(*row, row[-1]) for row in rows])


def _write(
    feedback: Feedback,
    model: type[RatingDay | AnswerDay],
    where: tuple[str, date, str],
    names: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Rows at a touchpoint, on a day, of a survey."""
    key = dict(zip(("touchpoint", "day", "survey"), where, strict=True))
    with feedback.database.transaction() as connection:
        connection.execute(
            insert(table_of(model)), [key | dict(zip(names, row, strict=True)) for row in rows]
        )
