"""Blood pressure, pulse and weight of the demo's year."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import uuid5

from app.domain.logical_dates import iso_week
from app.models import User

# Every other Sunday since the doctor asked for it, morning and evening; weight in the morning.
STARTS_AGO = 300
EVERY_DAYS = 14
MORNING, EVENING = time(7, 40), time(21, 20)


def measurement_rows(
    user: User,
    today: date,
    instant: Callable[[date, time], datetime],
    zone_on: Callable[[date], str],
) -> Iterator[dict[str, Any]]:
    """The rows of the readings, oldest first; the same for the same day."""
    rng = Random("Strand measurements")
    first = today - timedelta(days=STARTS_AGO)
    first += timedelta(days=7 - first.isoweekday())
    weight = 79.6
    for offset in range(0, (today - first).days, EVERY_DAYS):
        on = first + timedelta(days=offset)
        weight += rng.gauss(-0.06, 0.3)
        for at in (MORNING, EVENING):
            yield {
                "id": uuid5(user.id, f"demo measurement {on} {at}"),
                "user_id": user.id,
                "on": on,
                "iso_week": iso_week(on),
                "measured_at": instant(on, at),
                "time_zone": zone_on(on),
                "systolic_mmhg": round(rng.gauss(124, 5)),
                "diastolic_mmhg": round(rng.gauss(79, 4)),
                "pulse_bpm": round(rng.gauss(66, 5)),
                "weight_kg": round(weight, 1) if at == MORNING else None,
                "note": "",
                "logged_at": instant(on, at),
            }
