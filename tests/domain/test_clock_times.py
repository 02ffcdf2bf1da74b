"""Times of day as people type them."""

from datetime import time

import pytest

from app.domain.clock_times import parse_clock


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08:00", time(8)),
        ("8:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("8h30", time(8, 30)),
        ("08:00:00", time(8)),
        ("0830", time(8, 30)),
        ("8 am", time(8)),
        ("8:30 pm", time(20, 30)),
        ("12:05 a.m.", time(0, 5)),
        ("12 PM", time(12)),
        ("8:30\N{NARROW NO-BREAK SPACE}pm", time(20, 30)),
        ("\uff10\uff18\uff1a\uff13\uff10", time(8, 30)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: time) -> None:
    assert parse_clock(typed) == meant


@pytest.mark.parametrize("typed", ["", "8", "25:00", "8:60", "13:00 pm", "soon", "8:3"])
def test_anything_but_a_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the sentence is the form's
        parse_clock(typed)
