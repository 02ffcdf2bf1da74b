"""The measurements can be made: every part is there, and the smallest one gives numbers."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Event

import pytest

from bench.__main__ import IN_A_BROWSER, ON_POSTGRES, OVER_TEN_YEARS, PARTS
from bench.account import outbox_requests
from bench.dose_log import dose_log
from bench.export import export
from bench.lighthouse_pages import pages
from bench.load import Connection
from bench.measuring import Effort, Spread, ratios, spread
from bench.middleware import middleware
from bench.pages import today, trends
from bench.parts import Bench, page
from bench.profiling import Sampler, in_words
from bench.report import Figure, document, times
from bench.running import on_sqlite

pytestmark = pytest.mark.slow

A_MOMENT = Effort(rounds=2, seconds=0.001, warm_up=2, fewest=2)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A month's log on a server, for measurements that log no dose."""
    with on_sqlite(tmp_path_factory.mktemp("bench"), A_MOMENT, days=30) as bench:
        yield bench


@pytest.fixture(scope="module")
def on_today(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Bench, list[Figure]]]:
    """Another server, and the figures of its Today."""
    with on_sqlite(tmp_path_factory.mktemp("bench"), A_MOMENT, days=3) as bench:
        yield bench, today(bench)


def test_every_target_has_its_part() -> None:
    targets = "T1d T1e T2 T3 T4 T5 T5b T5c T6 T6b T7 T8 T9 T12"
    assert {*PARTS, *IN_A_BROWSER} == set(targets.split())
    assert set(ON_POSTGRES) <= set(PARTS)
    assert set(OVER_TEN_YEARS) <= {*PARTS, *IN_A_BROWSER}


def test_the_middleware_is_measured(bench: Bench) -> None:
    figures = middleware(bench)
    assert [figure.target for figure in figures] == ["T7", "T7, session", ""]
    assert all("µs" in figure.ours for figure in figures)
    assert [figure.is_met is not None for figure in figures] == [True, True, False]


def test_a_dose_is_logged_beside_both_references(tmp_path: Path) -> None:
    with on_sqlite(tmp_path, A_MOMENT, days=20, leaves_recent=True) as bench:
        figures = dose_log(bench)
    named = [figure.target for figure in figures if figure.target]
    assert named == ["T1d", "T1c", "T1d", "T1d", "T1d"]
    assert all(figure.ours for figure in figures)


def test_the_fair_program_writes_the_rows_and_draws_the_page_that_strand_does(
    on_today: tuple[Bench, list[Figure]],
) -> None:
    bench, _figures = on_today
    bench.forget()
    [*doses] = islice(outbox_requests(bench.account, iter(bench.account.recent)), 2)
    for name in ("strand", "fair"):
        opened = Connection(bench.ports[name])
        for dose in doses:
            opened.ask(dose)
        opened.socket.close()
    strand, fair = (
        page(bench.ports[name], bench.account.token).decode() for name in ("strand", "fair")
    )

    assert abs(len(fair) - len(strand)) < len(strand) / 20
    for text in ("Take Minoxidil 5 %, 1 mL", "due 21:00", 'data-status="taken"'):
        assert (strand.count(text), text) == (fair.count(text), text)
    assert _rows(bench.folder / "strand.db") == _rows(bench.folder / "fair.db")


def _rows(file: Path) -> list[tuple[object, ...]]:
    """The newest doses and what the history says of them, without instants."""
    doses = (
        "SELECT d.id, d.regimen_item_id, d.due_on, d.due_time, d.iso_week, d.status, d.amount, "
        "d.unit, d.reason, d.note, d.zones, v.subject, v.kind, v.device, v.gives_way, "
        "v.short_answer FROM dose_event d JOIN entry_version v "
        "ON v.subject LIKE '%/' || d.due_on || '/' || substr(d.due_time, 1, 5) "
        "AND json_extract(v.state, '$.logged_at') > '2' "
        "AND replace(v.subject, '-', '') LIKE '%' || d.regimen_item_id || '%' "
        "ORDER BY d.due_on, d.due_time, d.id"
    )
    with sqlite3.connect(file) as connection:
        return connection.execute(doses).fetchall()


def test_the_trend_page_is_measured(bench: Bench) -> None:
    figures = trends(bench)
    assert [figure.target for figure in figures] == ["T3", "T3", "T3b", "T3c", "T3", "T3", ""]
    assert "(244 doses, 8 items)" in figures[0].what


def test_the_pages_that_are_judged_are_there(bench: Bench) -> None:
    for path in pages(bench.account):
        assert b"<h1" in page(bench.ports["strand"], bench.account.token, path), path


def test_the_export_is_measured_with_every_row(bench: Bench) -> None:
    figures = export(bench, rows=2_000)
    assert [figure.target for figure in figures] == ["T4", "", "T4b"]
    # Four of today's doses are still open, and slots of the days before the log was filled.
    assert "rows, MB a second" in figures[0].what


def test_ratios_are_made_round_by_round() -> None:
    assert ratios([2, 9, 8], [1, 3, 2]) == Spread(3, 2, 4)
    assert times(spread([1, 1.5, 3])) == "1.50x (1.00 to 3.00)"


def test_a_missed_target_is_marked() -> None:
    report = document([Figure("T0", "nothing", "1 µs", is_met=False)], ["A remark."])
    assert "| T0 | nothing | 1 µs |" in report
    assert "**no**" in report
    assert report.endswith("A remark.\n")


def test_a_miss_is_explained_by_where_the_time_goes(
    on_today: tuple[Bench, list[Figure]],
) -> None:
    bench, figures = on_today
    assert [figure.target for figure in figures] == ["T2", "T2", "", "T2b", ""]
    again, after_a_dose = bench.remarks
    # So few looks at a cached page may be over before a sample is taken.
    assert again.startswith(("Where T2 is spent (", "T2: no sample was taken."))
    assert after_a_dose.startswith("Where T2, after a dose is spent (")
    assert "%" in after_a_dose


def test_what_waits_for_work_is_not_a_sample() -> None:
    assert in_words("T2", {"templates": 3, "psycopg": 1}) == (
        "Where T2 is spent (4 samples): templates 75%, psycopg 25%."
    )
    assert in_words("T2", {}) == "T2: no sample was taken."
    sampler = Sampler()
    sampler.start()
    Event().wait(0.05)
    assert sampler.stop() == {}
