"""Where and how something is applied, and what must wait after needling."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.applications import (
    ASKED,
    Application,
    Zone,
    asked_of,
    in_order,
    shut_out_rule,
    shut_out_until,
)
from app.domain.catalogue import CATALOGUE, treatment_for, treatments_of
from app.domain.treatments import Route

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("route", "asked"),
    [
        ("oral", set()),
        ("scalp", {"zones", "minutes_on", "dry_minutes"}),
        ("scalp_wash", {"minutes_on"}),
        ("needling", {"zones", "needle_mm", "shut_out_hours"}),
        ("light", {"zones", "minutes_on"}),
        ("injection", {"zones"}),
    ],
)
def test_the_route_says_what_is_asked(route: str, asked: set[str]) -> None:
    assert asked_of(route) == asked


def test_minutes_are_asked_once_where_they_are_the_dose() -> None:
    assert asked_of("light", "min") == {"zones"}
    assert asked_of("light", "session") == {"zones", "minutes_on"}


def test_every_route_but_the_mouth_asks_something() -> None:
    assert set(ASKED) == {route.value for route in Route} - {"oral"}


def test_zones_are_kept_once_each_from_front_to_back() -> None:
    assert in_order([Zone.CROWN, Zone.HAIRLINE, Zone.CROWN]) == (Zone.HAIRLINE, Zone.CROWN)
    assert in_order([]) == ()
    assert in_order(Zone) == (*Zone,)


def test_an_application_is_kept_as_columns() -> None:
    columns = Application((Zone.CROWN, Zone.TEMPLES), 5, 0.5).columns
    assert columns == {"zones": (Zone.TEMPLES, Zone.CROWN), "minutes_on": 5, "needle_mm": 0.5}


def test_needling_shuts_out_topicals_for_the_catalogues_hours() -> None:
    rule = shut_out_rule(CATALOGUE["microneedling"], "needling")
    assert rule is not None
    assert rule.hours_after == 24
    assert "minoxidil-topical-solution" in rule.catalogue_ids
    assert shut_out_rule(None, "needling") == rule


@pytest.mark.parametrize("name", ["minoxidil-topical-solution", "iron", "lllt"])
def test_nothing_else_shuts_anything_out(name: str) -> None:
    assert shut_out_rule(CATALOGUE[name], CATALOGUE[name].route.value) is None
    assert shut_out_rule(None, "scalp") is None


@pytest.mark.parametrize(
    ("catalogue_id", "route", "substances", "waits"),
    [
        ("minoxidil-topical-foam", "scalp", [], True),
        ("minoxidil-oral-low", "oral", ["minoxidil"], False),
        ("rosemary-oil", "scalp", [], False),
        (None, "scalp", ["minoxidil"], True),
        (None, "scalp", ["biotin", "finasteride"], True),
        (None, "oral", ["finasteride"], False),
        (None, "scalp", ["rosemary_oil"], False),
        (None, "scalp", [], False),
    ],
)
def test_an_own_mixture_waits_by_what_its_label_says(
    catalogue_id: str | None, route: str, substances: list[str], waits: bool
) -> None:
    rule = shut_out_rule(CATALOGUE["microneedling"], "needling")
    assert rule is not None
    known = treatments_of(treatment_for(catalogue_id), route, substances)
    assert bool({each.id for each in known} & set(rule.catalogue_ids)) is waits


@pytest.mark.parametrize(
    ("hours_ago", "left"), [(0, 24), (1, 23), (23.99, 0.01), (24, None), (25, None), (-1, None)]
)
def test_the_hours_run_from_the_session_and_end_on_the_minute(
    hours_ago: float, left: float | None
) -> None:
    until = shut_out_until([NOW - timedelta(hours=hours_ago)], 24, NOW)
    assert until == (None if left is None else NOW + timedelta(hours=left))


def test_the_last_session_counts() -> None:
    sessions = [NOW - timedelta(hours=2), NOW - timedelta(days=8), NOW - timedelta(hours=30)]
    assert shut_out_until(sessions, 24, NOW) == NOW + timedelta(hours=22)
    assert shut_out_until([], 24, NOW) is None
