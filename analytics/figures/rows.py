"""Figures as the rows that charts draw, the same on pages and in reports."""

from __future__ import annotations

from analytics.charts.trend import TrendRow
from analytics.figures.course import Course


def trend_rows(course: Course) -> list[TrendRow]:
    """The points of a course, with their intervals and limits."""
    return [
        TrendRow(
            point.period.from_on,
            point.satisfied.share,
            point.satisfied.low,
            point.satisfied.high,
            point.votes.n,
            point.low,
            point.high,
        )
        for point in course.points
    ]
