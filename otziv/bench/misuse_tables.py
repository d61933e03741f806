"""The tables of ``docs/misuse.md``, out of the figures of ``otziv bench misuse``.

``python -m otziv.bench.misuse_tables docs/misuse.md`` measures and writes them anew; a test holds
the page to them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from otziv.bench.misuse import INTERVALS_S, RATES, measure

BEGIN: Final = "<!-- figures: {} -->"
END: Final = "<!-- end -->"

_WHO: Final = {
    "nobody": "nobody",
    "child-very-bad": "a child presses *very bad* for 60 s",
    "child-every-face": "a child presses every face for 60 s",
    "child-in-passing": "a child presses three or four times, twice a day",
    "stuffing-fast": "30 × *very good* at closing, every 1.5 s",
    "stuffing-every-20-s": "30 × *very good* at closing, every 20 s",
    "stuffing-patiently": "30 × *very good* in the last half hour, at any time",
    "worn-contact": "a worn button presses *very bad* every 12 s for ten minutes",
    "after-hours": "12 × *very good* after closing",
}
_RATES: Final = tuple(map(str, RATES))


def tables(document: Mapping[str, Any]) -> dict[str, str]:
    """Each table by its name, of a report as a document."""
    figures, peers = document["figures"], document["compared_with"]
    rates = [f"{rate} an hour" for rate in _RATES]
    return {
        "misuse": _table(
            ("what happens", "raw", "filtered", "error", "on 95 % of days", "caught"),
            (_misuse(who, figures["misuse"][name]) for name, who in _WHO.items()),
        ),
        "cost": _table(("reason", *rates), _cost(figures)),
        "peers": _table(
            ("filter", "child", "stuffing", *(f"lost at {rate}" for rate in rates)),
            _peers(figures, peers),
        ),
        "corrections": _table(("votes merged", *rates), _corrections(figures)),
        "rush": f"{figures['honest_rush_flagged']:.1f} %",
    }


def written(page: str, document: Mapping[str, Any]) -> str:
    """``page`` with its tables replaced by those of ``document``."""
    for name, table in tables(document).items():
        before, mark, rest = page.partition(BEGIN.format(name))
        _, end, after = rest.partition(END)
        page = f"{before}{mark}\n{table}\n{end}{after}"
    return page


def _misuse(who: str, one: Mapping[str, Any]) -> Sequence[str]:
    caught = one["misuse_caught"]
    return (
        who,
        f"{one['raw_share']:.1f} %",
        f"{one['filtered_share']:.1f} %",
        f"{one['error_points']:.1f}",
        f"{one['error_points_95']:.1f}",
        "–" if caught is None else f"{100 * caught:.0f} %",
    )


def _cost(figures: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    by_rate = figures["honest_flagged_by_reason"]
    for reason in sorted({reason for reasons in by_rate.values() for reason in reasons}):
        yield (
            f"`{reason}`",
            *(f"{by_rate[rate].get(reason, 0):.2f} %" for rate in _RATES),
        )
    total = figures["honest_flagged"]
    yield "**all together**", *(f"**{total[rate]:.2f} %**" for rate in _RATES)


def _peers(figures: Mapping[str, Any], peers: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for interval_s in INTERVALS_S:
        peer = peers[f"interval_{interval_s}_s"]
        yield _peer(
            f"one vote in {interval_s} s",
            peer["child_filtered_share"],
            peer["stuffing_filtered_share"],
            peer["honest_lost"],
        )
    ours = figures["misuse"]
    yield _peer(
        "**these rules**",
        ours["child-very-bad"]["filtered_share"],
        ours["stuffing-every-20-s"]["filtered_share"],
        figures["honest_flagged"],
    )


def _peer(name: str, child: float, stuffing: float, lost: Mapping[str, float]) -> Sequence[str]:
    return (
        name,
        f"{child:.1f} %",
        f"{stuffing:.1f} %",
        *(f"{lost[rate]:.1f} %" for rate in _RATES),
    )


def _corrections(figures: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    merges = figures["correction_merges"]
    for key, words in (
        ("computed", "strangers, computed"),
        ("simulated", "strangers, simulated"),
        ("with_parties", "with families and groups, simulated"),
    ):
        yield words, *(f"{merges[rate][key]:.1f} %" for rate in _RATES)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure, and write the tables into the page that is named."""
    path = Path(sys.argv[1])
    document = measure().as_document()
    path.write_text(written(path.read_text(encoding="utf-8"), document), encoding="utf-8")


if __name__ == "__main__":
    main()
