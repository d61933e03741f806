"""The dashboard's peer: the same figures on one page, in plain Streamlit with pandas.

One file, as tutorials of both write it: the raw rows are loaded once into a frame that all viewers
share, and each run filters and groups it. It knows neither languages, minima, people nor pages; of
misuse and corrections it knows nothing, nor what intervals mean.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta

import altair as alt  # noqa: TID253 - a peer, run by its benchmark only
import numpy as np  # noqa: TID253 - as above
import pandas as pd  # noqa: TID253 - as above
import streamlit as st  # noqa: TID253 - as above

PERIODS = {"Last 7 days": 7, "Last 4 weeks": 28, "Last 13 weeks": 91, "Last 52 weeks": 364}
SATISFIED = 3
Z = 1.96


@st.cache_resource
def load() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Ratings, reasons and the names of places."""
    with sqlite3.connect(f"file:{os.environ['PLAIN_DATABASE']}?mode=ro", uri=True) as database:
        columns = "kind, touchpoint, value, options, answered_at"
        rows = pd.read_sql_query(
            f"SELECT {columns} FROM event WHERE kind IN ('rating', 'answer')",  # noqa: S608 - ours
            database,
        )
        names = dict(database.execute("SELECT code, name FROM touchpoint"))
    at = pd.to_datetime(rows.pop("answered_at"), unit="ms", utc=True)
    rows["at"] = at.dt.tz_convert("Europe/Sofia")
    rows["touchpoint"] = rows["touchpoint"].astype("category")
    ratings = rows[rows["kind"] == "rating"].drop(columns=["kind", "options"])
    ratings["satisfied"] = ratings["value"] >= SATISFIED
    return ratings, rows[rows["kind"] == "answer"], names


def chosen(rows: pd.DataFrame, place: str | None, days: int) -> pd.DataFrame:
    """The rows of a place and of the last days."""
    since = pd.Timestamp.now(tz="Europe/Sofia").normalize() - timedelta(days=days)
    found = rows[rows["at"] >= since]
    return found if place is None else found[found["touchpoint"] == place]


def interval(share: float, n: int) -> tuple[float, float]:
    """Wilson's."""
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return middle - half, middle + half


def show(ratings: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Key figures, their course, their distribution, hour by weekday, reasons."""
    n, share = len(ratings), float(ratings["satisfied"].mean())
    low, high = interval(share, n)
    one, two, three = st.columns(3)
    one.metric("Ratings", n)
    two.metric("Satisfied", f"{share:.0%}", f"{low:.0%}–{high:.0%}")
    three.metric("Index", f"{100 * (ratings['value'].mean() - 1) / 3:.0f}")
    st.header("How it went")
    day = ratings["at"].dt.floor("D")
    course = ratings.groupby(day)["satisfied"].agg(["mean", "size"]).reset_index()
    st.altair_chart(alt.Chart(course).mark_line().encode(x="at:T", y="mean:Q"))
    st.header("What was pressed")
    values = ratings.groupby("value").size().rename("n").reset_index()
    st.altair_chart(alt.Chart(values).mark_bar().encode(y="value:O", x="n:Q"))
    st.header("When")
    parts = [ratings["at"].dt.dayofweek.rename("day"), ratings["at"].dt.hour.rename("hour")]
    hours = ratings.groupby(parts)["satisfied"].mean().reset_index()
    drawn = alt.Chart(hours).mark_rect().encode(x="hour:O", y="day:O", color="satisfied:Q")
    st.altair_chart(drawn)
    st.header("Why")
    reasons = answers["options"].value_counts().head(10).rename("n").reset_index()
    st.altair_chart(alt.Chart(reasons).mark_bar().encode(y="options:N", x="n:Q"))


@st.fragment(run_every=2)
def today() -> None:
    """Today's total, kept current."""
    since = pd.Timestamp.now(tz="Europe/Sofia").normalize()
    with sqlite3.connect(f"file:{os.environ['PLAIN_DATABASE']}?mode=ro", uri=True) as database:
        found = pd.read_sql_query(
            "SELECT value FROM event WHERE kind = 'rating' AND answered_at >= ?",
            database,
            params=(int(since.timestamp() * 1000),),
        )
    st.metric("Ratings today", len(found))


def main() -> None:
    """The page."""
    ratings, answers, names = load()
    st.title("Satisfaction")
    if st.query_params.get("page") == "today":
        today()
        return
    days = PERIODS[st.selectbox("Period", list(PERIODS), index=1)]
    codes = [code for code in names if (ratings["touchpoint"] == code).any()]
    place = st.selectbox("Place", [None, *codes], format_func=lambda code: names.get(code, "All"))
    found = chosen(ratings, place, days)
    if found.empty:
        st.info("No ratings.")
        return
    st.caption(f"{days} · {place}")
    show(found, chosen(answers, place, days))


main()
