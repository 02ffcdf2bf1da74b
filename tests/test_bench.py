"""The measurements can be made: every part is there, and the smallest one gives numbers."""

from pathlib import Path

from bench.__main__ import IN_A_BROWSER, ON_POSTGRES, OVER_TEN_YEARS
from bench.measuring import Effort, Spread, ratios, spread
from bench.parts import PARTS, middleware, trends
from bench.report import Figure, document, times
from bench.running import on_sqlite

A_MOMENT = Effort(rounds=2, seconds=0.01, warm_up=4)


def test_every_target_has_its_part() -> None:
    assert {*PARTS, *IN_A_BROWSER} == {"T1d", "T1e", "T2", "T3", "T5", "T5b", "T7"}
    assert set(ON_POSTGRES) <= set(PARTS)
    assert set(OVER_TEN_YEARS) <= {*PARTS, *IN_A_BROWSER}


def test_the_middleware_is_measured(tmp_path: Path) -> None:
    with on_sqlite(tmp_path, A_MOMENT, days=3) as bench:
        figures = middleware(bench)
    assert [figure.target for figure in figures] == ["T7", "T7, session"]
    assert all("µs" in figure.ours and figure.is_met is not None for figure in figures)


def test_the_trend_page_is_measured(tmp_path: Path) -> None:
    with on_sqlite(tmp_path, A_MOMENT, days=30) as bench:
        figures = trends(bench)
    assert [figure.target for figure in figures] == ["T3", "", ""]
    assert figures[0].what.endswith("(244 doses, 8 items)")


def test_ratios_are_made_round_by_round() -> None:
    assert ratios([2, 9, 8], [1, 3, 2]) == Spread(3, 2, 4)
    assert times(spread([1, 1.5, 3])) == "1.50x (1.00 to 3.00)"


def test_a_missed_target_stands_out() -> None:
    report = document([Figure("T0", "nothing", "1 µs", is_met=False)], ["A remark."])
    assert "| T0 | nothing | 1 µs |" in report
    assert "**no**" in report
    assert report.endswith("A remark.\n")
