"""A plain chart: every value has its place, and the axis reaches round all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.pages.charts.series import SeriesPoint, series_chart

TODAY = date(2026, 11, 23)


def readings(*values: float) -> list[SeriesPoint]:
    first = TODAY - timedelta(days=7 * len(values))
    return [
        SeriesPoint(first + timedelta(days=7 * place), value, str(value))
        for place, value in enumerate(values)
    ]


@given(st.lists(st.floats(0.1, 300), min_size=1, max_size=40))
def test_every_value_lies_within_the_plot(values: list[float]) -> None:
    chart = series_chart(readings(*values), TODAY, is_joined=True)

    assert all(0 <= dot.x <= 100 and 0 <= dot.y <= 100 for dot in chart.dots)
    assert len(chart.dots) == len(values)
    assert len(chart.strokes) == len(values) - 1
    assert [line.y for line in chart.lines] == sorted(
        (line.y for line in chart.lines), reverse=True
    )


def test_a_larger_value_is_higher_and_a_later_one_further_right() -> None:
    first, second = series_chart(readings(6.5, 8), TODAY, is_joined=True).dots

    assert second.y < first.y
    assert second.x > first.x


def test_a_value_with_a_lower_end_has_room_for_it() -> None:
    pressure = [SeriesPoint(TODAY, 128, "128/82", 82)]
    chart = series_chart(pressure, TODAY, is_joined=False)

    assert chart.dots[0].low == pytest.approx(100, abs=15)
    assert chart.strokes == ()
