"""Blood pressure, pulse and weight: saved, changed, deleted, from one device or two."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.diary.figures import figures_by_day
from app.domain.measurements import MeasurementKind, WeightUnit
from app.errors import Refused
from app.models import Measurement, Preferences, User
from app.records import MEASUREMENT
from app.services.history import Decision
from app.services.measurements import (
    choose_measures,
    delete_measurement,
    record_measurement,
)
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.people import BEGAN_ON
from tests.support.regimens import decided

TODAY = date(2026, 11, 23)
READING = UUID(int=7)


def measure(
    session: Session,
    user: User,
    measurement_id: UUID = READING,
    decision: Decision | None = None,
    at: time | None = None,
    unit: WeightUnit = WeightUnit.KG,
    **values: Any,
) -> None:
    reading = MEASUREMENT.row(
        id=measurement_id, **{"on": TODAY, "time_zone": "Europe/Berlin", **values}
    )
    record_measurement(session, user, reading, decision or decided(user), at=at, unit=unit)
    session.commit()


def test_a_reading_keeps_its_values_and_the_time_on_the_persons_clock(
    session: Session, rows: Rows, alice: User
) -> None:
    measure(
        session,
        alice,
        systolic_mmhg=128,
        diastolic_mmhg=82,
        pulse_bpm=64,
        weight_kg=78.4,
        at=time(7, 40),
    )

    (row,) = rows(Measurement)
    assert (row.systolic_mmhg, row.diastolic_mmhg, row.pulse_bpm) == (128, 82, 64)
    assert (row.weight_kg, row.on, row.iso_week) == (78.4, TODAY, 202648)
    assert row.measured_at == datetime(2026, 11, 23, 6, 40, tzinfo=UTC)


def test_a_day_holds_several_readings(session: Session, rows: Rows, alice: User) -> None:
    for at in (time(7), time(7, 5), time(21)):
        measure(session, alice, uuid4(), systolic_mmhg=128, diastolic_mmhg=82, at=at)

    assert len(rows(Measurement)) == 3


def test_without_a_time_a_reading_of_today_was_taken_when_it_was_saved(
    session: Session, rows: Rows, alice: User
) -> None:
    measure(session, alice, pulse_bpm=64, decision=decided(alice, minutes_ago=30))

    assert rows(Measurement)[0].measured_at == NOW - timedelta(minutes=30)


def test_without_a_time_only_the_day_of_an_older_reading_is_known(
    session: Session, rows: Rows, alice: User
) -> None:
    measure(session, alice, pulse_bpm=64, on=TODAY - timedelta(days=3))

    assert rows(Measurement)[0].measured_at is None


def test_a_time_after_midnight_belongs_to_the_night_of_its_day(
    session: Session, rows: Rows, alice: User
) -> None:
    yesterday = TODAY - timedelta(days=1)
    measure(session, alice, pulse_bpm=64, on=yesterday, at=time(1, 30))

    assert rows(Measurement)[0].measured_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": BEGAN_ON - timedelta(days=1), "pulse_bpm": 64}, "on"),
        ({"on": TODAY + timedelta(days=2), "pulse_bpm": 64}, "on"),
        ({"at": time(22, 30), "pulse_bpm": 64}, "at"),
        ({"pulse_bpm": 5}, "pulse"),
        ({}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    session: Session, rows: Rows, alice: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        measure(session, alice, **values)
    session.rollback()

    assert refusal.value.field == field
    assert rows(Measurement) == []


def test_of_two_devices_the_later_decision_counts_in_any_order(
    session: Session, rows: Rows, alice: User
) -> None:
    decisions = {pulse: decided(alice, minutes_ago=90 - pulse) for pulse in (62, 64, 66)}
    for number, order in enumerate(permutations(decisions)):
        reading = UUID(int=100 + number)
        for pulse in order:
            said = decisions[pulse]
            own = Decision(said.user_id, uuid4(), said.changed_at, said.received_at)
            measure(session, alice, reading, own, pulse_bpm=pulse, at=time(8))
    assert {row.pulse_bpm for row in rows(Measurement)} == {66}


def test_a_deleted_reading_stays_deleted_when_an_older_change_arrives(
    session: Session, rows: Rows, alice: User
) -> None:
    measure(session, alice, pulse_bpm=64, decision=decided(alice, minutes_ago=30))
    delete_measurement(session, rows(Measurement)[0], decided(alice, minutes_ago=10))
    measure(session, alice, pulse_bpm=70, decision=decided(alice, minutes_ago=20))

    assert rows(Measurement) == []


def test_days_and_weeks_have_the_means_of_the_readings(session: Session, alice: User) -> None:
    for systolic in (120, 130):
        measure(session, alice, uuid4(), systolic_mmhg=systolic, diastolic_mmhg=80, at=time(8))
    measure(session, alice, uuid4(), weight_kg=78.4)

    (day,) = figures_by_day(session, alice, TODAY, TODAY, today=TODAY)

    assert (day.mean("systolic_mmhg"), day.n("systolic_mmhg")) == (125, 2)
    assert (day.mean("weight_kg"), day.n("pulse_bpm")) == (78.4, 0)


def test_measurements_are_off_until_they_are_chosen(
    session: Session, rows: Rows, alice: User
) -> None:
    assert alice.preferences.measures_on == ()

    chosen = [MeasurementKind.BLOOD_PRESSURE, MeasurementKind.WEIGHT]
    choose_measures(session, alice, chosen, WeightUnit.LB, decided(alice, minutes_ago=5))
    choose_measures(session, alice, [], WeightUnit.KG, decided(alice, minutes_ago=50))
    session.commit()

    (saved,) = rows(Preferences)
    assert (saved.measures_on, saved.weight_unit) == (
        tuple(chosen),
        WeightUnit.LB,
    )
