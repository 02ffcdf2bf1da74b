"""The times of day: which one a dose belongs to, in whose order, by which names."""

from datetime import time

import pytest

from app.domain.day_parts import NAMES, day_parts, moved, part_of


@pytest.mark.parametrize(
    ("at", "part"),
    [
        (time(2, 59), "night"),
        (time(3), "morning"),
        (time(11, 59), "morning"),
        (time(12), "midday"),
        (time(16, 59), "midday"),
        (time(17), "evening"),
        (time(23, 59), "evening"),
        (None, "any"),
    ],
)
def test_a_time_belongs_to_one_part(at: time | None, part: str) -> None:
    assert part_of(at, time(3)) == part


def test_without_a_choice_they_stand_by_the_clock() -> None:
    assert [part.slug for part in day_parts(None)] == list(NAMES)
    assert [str(part.name) for part in day_parts([])] == list(map(str, NAMES.values()))


def test_own_names_and_order_come_first_and_no_part_is_lost() -> None:
    parts = day_parts([["evening", "Before the shift"], ["night", ""], ["moon", "Never"]])
    assert [part.slug for part in parts] == ["evening", "night", "morning", "midday", "any"]
    assert [part.name for part in parts][:2] == ["Before the shift", "Night"]


def test_a_part_moves_by_one_place_and_not_over_the_ends() -> None:
    parts = day_parts(None)
    assert [part.slug for part in moved(parts, "midday", up=True)][:2] == ["midday", "morning"]
    assert [part.slug for part in moved(parts, "night", up=False)][-2:] == ["any", "night"]
    assert moved(parts, "morning", up=True) == parts
    assert moved(parts, "any", up=False) == parts
    assert moved(parts, "moon", up=True) == parts
