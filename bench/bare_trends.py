"""The least that could be called a trend page of ten years: one query on a roll-up, drawn as SVG.

A row an item and week, made beforehand, 4,176 of them for eight items; a polyline an item and
one table of all weeks. Nobody is signed in, nothing is smoothed, missing or marked.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from app.domain.logical_dates import week_start
from bench.account import Slot
from bench.packing import packed

SCHEMA = (
    "CREATE TABLE bare_week (item_id text NOT NULL, starts_on text NOT NULL, due integer NOT NULL, "
    "taken integer NOT NULL, PRIMARY KEY (item_id, starts_on)) WITHOUT ROWID"
)
INSERT = "INSERT INTO bare_week VALUES (?, ?, ?, ?)"
LIST = "SELECT item_id, starts_on, due, taken FROM bare_week ORDER BY item_id, starts_on"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Trends</title>
<link rel="stylesheet" href="/app.css"></head>
<body><main><h1>Trends</h1>
{% for name, path in charts %}
<section><h2>{{ name }}</h2><svg viewBox="0 0 1000 100"><path d="{{ path }}"/></svg></section>
{% endfor %}
<table>
{% for on, due, taken in weeks %}<tr><th>{{ on }}<td>{{ due }}<td>{{ taken }}{% endfor %}
</table>
</main></body></html>
"""


def fill(connection: Any, slots: Iterable[Slot]) -> None:
    """Roll the doses up by item and week; every one of them was taken."""
    connection.execute(SCHEMA)
    weeks: defaultdict[tuple[str, str], int] = defaultdict(int)
    for slot in slots:
        weeks[str(slot.item_id), week_start(slot.on).isoformat()] += 1
    connection.executemany(INSERT, [(*key, count, count) for key, count in weeks.items()])


def add_route(app: FastAPI, connection: Any) -> None:
    """Serve the page at `/trends`."""
    template = Environment(autoescape=True).from_string(PAGE)

    @app.get("/trends")
    async def trends() -> HTMLResponse:
        """Show every week of every item."""
        by_item: dict[str, list[float]] = {}
        by_week: dict[str, list[int]] = {}
        for item_id, on, due, taken in connection.execute(LIST):
            by_item.setdefault(item_id, []).append(taken / due)
            counts = by_week.setdefault(on, [0, 0])
            counts[0] += due
            counts[1] += taken
        step = 1000 / max(1, len(by_week))
        charts = [
            (
                name,
                "M"
                + "L".join(
                    f"{place * step:.0f} {100 - 100 * share:.0f}"
                    for place, share in enumerate(shares)
                ),
            )
            for name, shares in by_item.items()
        ]
        weeks = [(on, due, taken) for on, (due, taken) in by_week.items()]
        return packed(template.render(charts=charts, weeks=weeks))
