"""The two invented towns: where people vote, when it is open, how content they usually are."""

from __future__ import annotations

from typing import Final

from otziv.sample_years.planting import Seed
from otziv.sample_years.town import Desk, Hall, Season, Shift, Town

_WEEKDAYS: Final = (1, 2, 3, 4, 5)
_OFFICE: Final = (Shift(_WEEKDAYS, 8.5, 17),)
_LUNCH: Final = (Shift(_WEEKDAYS, 8, 12), Shift(_WEEKDAYS, 13, 17))
_DAILY: Final = (Shift((1, 2, 3, 4, 5, 6, 7), 9, 18),)

_STEADY: Final[Season] = (1.0, 1.05, 1.1, 1.05, 1.0, 1.0, 0.9, 0.8, 1.05, 1.1, 1.0, 0.8)
_TAXES: Final[Season] = (0.7, 1.0, 1.5, 1.7, 0.9, 0.9, 0.7, 0.6, 0.9, 1.6, 0.9, 0.6)
"""Local taxes are due at the end of April (with a discount), of June and of October."""
_WEDDINGS: Final[Season] = (0.8, 0.8, 0.9, 1.0, 1.2, 1.2, 1.2, 1.1, 1.2, 1.0, 0.8, 0.7)
_VISITORS: Final[Season] = (0.6, 0.6, 0.7, 0.9, 1.2, 1.4, 1.7, 1.8, 1.3, 0.8, 0.5, 0.6)

_AT_HALL: Final = {"web": 0.03, "qr": 0.04, "paper": 0.01}
_AT_VILLAGE: Final = {"paper": 0.03}
_AT_TOURISM: Final = {"web": 0.02, "qr": 0.08}

LARGE: Final = Town(
    site=None,
    name="Община Горна чешма",
    a_day=160,
    growth=0.12,
    halls=(
        Hall("gorna-centre", "Център за административно обслужване", "centre"),
        Hall("gorna-revenue", "Местни данъци и такси, салон", "revenue"),
        Hall("gorna-villages", "Кметства", "centre"),
        Hall("gorna-tourism", "Туристически център, площада", "tourism"),
    ),
    desks=(
        Desk(
            "gorna-01",
            "Гишета 1–4, справки",
            "gorna-centre",
            1.7,
            0.10,
            8,
            _OFFICE,
            _STEADY,
            1.9,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-02",
            "Гишета 5–7, деловодство",
            "gorna-centre",
            1.5,
            0.09,
            7,
            _OFFICE,
            _STEADY,
            1.8,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-03",
            "Гишета 8–9, каса",
            "gorna-centre",
            1.5,
            0.08,
            6,
            _OFFICE,
            _TAXES,
            2.4,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-04",
            "Местни данъци",
            "gorna-revenue",
            1.45,
            0.17,
            7,
            _OFFICE,
            _TAXES,
            2.1,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-05",
            "Такса битови отпадъци",
            "gorna-revenue",
            1.2,
            0.24,
            6,
            _OFFICE,
            _TAXES,
            2.0,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-06",
            "Гражданско състояние",
            "gorna-centre",
            1.2,
            0.07,
            6,
            _OFFICE,
            _WEDDINGS,
            1.7,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-07",
            "Кадастър и устройство на територията",
            "gorna-centre",
            0.6,
            0.20,
            2,
            _OFFICE,
            _STEADY,
            None,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-08",
            "Търговия и транспорт",
            "gorna-centre",
            0.65,
            0.13,
            4,
            _OFFICE,
            _STEADY,
            2.0,
            0.0,
            _AT_HALL,
        ),
        Desk(
            "gorna-09",
            "Социални услуги",
            "gorna-centre",
            1.0,
            0.14,
            5,
            _OFFICE,
            _STEADY,
            1.8,
            0.06,
            _AT_HALL,
        ),
        Desk(
            "gorna-10",
            "Кметство Бяла вода",
            "gorna-villages",
            0.2,
            0.06,
            1,
            _LUNCH,
            _STEADY,
            None,
            0.0,
            _AT_VILLAGE,
        ),
        Desk(
            "gorna-11",
            "Кметство Стара чешма",
            "gorna-villages",
            0.15,
            0.11,
            2,
            _LUNCH,
            _STEADY,
            None,
            0.0,
            _AT_VILLAGE,
        ),
        Desk(
            "gorna-12",
            "Туристически център, информация",
            "gorna-tourism",
            0.85,
            0.05,
            4,
            _DAILY,
            _VISITORS,
            None,
            0.12,
            _AT_TOURISM,
        ),
    ),
    seeds=(
        Seed("incident", "gorna-02", 0.34, 5, 0.32, "waiting-time"),
        Seed("broken-device", "gorna-08", 0.22, 8),
        Seed("helped", "gorna-05", 0.55, None, -0.11),
        Seed("not-helped", "gorna-07", 0.60, None, 0.0),
        Seed("child", "gorna-12", 0.71, 1),
        Seed("late-upload", "gorna-10", 0.80, 4),
        Seed("stuffing", "gorna-03", 0.88, 1),
        Seed("worsening", "gorna-09", 0.96, None, 0.16, "clarity"),
    ),
)
"""Twelve touchpoints in four places; it has all that is planted."""

SMALL: Final = Town(
    site="dolna-cheshma",
    name="Община Долна чешма",
    a_day=5,
    growth=0.05,
    halls=(
        Hall("dolna-centre", "Информационен център"),
        Hall("dolna-villages", "Кметства на Долна чешма"),
    ),
    desks=(
        Desk(
            "dolna-01",
            "Гише 1, услуги",
            "dolna-centre",
            1.7,
            0.09,
            3,
            _LUNCH,
            _STEADY,
            3.0,
            0.0,
            {"qr": 0.05, "paper": 0.05},
        ),
        Desk(
            "dolna-02",
            "Гише 2, данъци и каса",
            "dolna-centre",
            0.9,
            0.14,
            2,
            _LUNCH,
            _TAXES,
            3.4,
            0.0,
            {"paper": 0.05},
        ),
        Desk(
            "dolna-03",
            "Кметство Долни дъб",
            "dolna-villages",
            0.4,
            0.06,
            1,
            _LUNCH,
            _STEADY,
            None,
            0.0,
            {"paper": 0.1},
        ),
    ),
    seeds=(
        Seed("child", "dolna-01", 0.45, 1),
        Seed("broken-device", "dolna-02", 0.75, 15),
    ),
)
"""Three touchpoints with fifteen votes a day together: most figures there are "too early"."""
