"""A dose answered from several stale pages: the result does not depend on the order of arrival."""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sqlmodel import Session, col, select

from app.domain.ledger import DoseStatus
from app.models import DoseEvent, RegimenItem, User, slot_event_id
from app.services.history import purge
from tests.routers.pages import TODAY, log
from tests.support.clock import NOW
from tests.support.databases import Rows
from tests.support.regimens import MORNING, add

# A few days at every run, more of them where there is time.
DAYS = int(os.environ.get("DIARIES", "30"))
TAP = {"tap": "yes", "planned_amount": "1"}
HALF = {"amount_choice": "half", "planned_amount": "1"}
SKIP = {"status": "skipped"}
SAID = {
    "tap on the phone": TAP,
    "half with a note on the tablet": {**HALF, "note": "felt dizzy"},
    "skip with a reason": {**SKIP, "reason": "travel"},
    "take all": {**TAP, "only_if_open": "yes"},
    "undo of the tap": {"status": "nothing"},
}
EXPLICIT = {
    "half with a note on the tablet": ("taken", 0.5, "felt dizzy", None),
    "skip with a reason": ("skipped", 1.0, "", "travel"),
}
Answered = tuple[str, float | None, str, str | None]


def answered(session: Session, item: RegimenItem) -> Answered | None:
    """The current state of the item's dose."""
    session.rollback()
    event = session.exec(
        select(DoseEvent)
        .where(col(DoseEvent.regimen_item_id) == item.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # The session holds SQLite's write lock, which the next request needs.
    session.commit()
    return (event.status.value, event.amount, event.note, event.reason) if event else None


def minutes_ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


@st.composite
def days(draw: DrawFn) -> tuple[list[str], list[str]]:
    """Some answers to a dose, by the clock; and how it arrives, some of it twice."""
    said = draw(st.lists(st.sampled_from([*SAID]), min_size=1, unique=True))
    arrivals = [*said, *draw(st.lists(st.sampled_from(said), max_size=2))]
    return said, draw(st.permutations(arrivals))


def expected(said: list[str]) -> Answered | None:
    """The latest answer that a person gave in a sheet; else a tap or Take all, unless undone."""
    explicit = [EXPLICIT[name] for name in said if name in EXPLICIT]
    if explicit:
        return explicit[-1]
    is_tapped = "tap on the phone" in said and "undo of the tap" not in said
    return ("taken", 1.0, "", None) if is_tapped or "take all" in said else None


@pytest.mark.slow
@settings(
    max_examples=DAYS,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(day=days())
def test_a_tap_never_replaces_an_answer_that_says_more_in_any_order_of_arrival(
    client: TestClient, session: Session, alice: User, day: tuple[list[str], list[str]]
) -> None:
    said, arrivals = day
    item = add(session, alice, f"Item {uuid4()}")
    entries = {name: uuid4() for name in said}
    tap = entries.get("tap on the phone", uuid4())
    for name in arrivals:
        fields = {**SAID[name], "changed_at": minutes_ago(len(said) - said.index(name))}
        if name == "undo of the tap":
            fields["undoes"] = str(tap)
        assert log(client, item, entry=entries[name], **fields).status_code == 204
    assert answered(session, item) == expected(said)


@pytest.mark.parametrize("tapped", [TAP, {**TAP, **HALF}, {**TAP, **SKIP}])
@pytest.mark.parametrize(
    "told",
    [
        {**HALF, "note": ""},
        {"note": "felt dizzy"},
        {**SKIP, "reason": "travel"},
        {"time_choice": "other", "occurred_time": "09:10"},
        {"applied": "told", "zones": "crown"},
    ],
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_whatever_was_entered_for_a_dose_stays_when_another_page_taps_it_later(
    client: TestClient,
    rows: Rows,
    minoxidil: RegimenItem,
    tapped: dict[str, str],
    told: dict[str, str],
    order: tuple[int, int],
) -> None:
    log(client, minoxidil, at="21:00", **told)
    (alone,) = rows(DoseEvent)
    sent = [{**told, "changed_at": minutes_ago(0)}, {**tapped, "changed_at": minutes_ago(-1)}]
    for place in order:
        log(client, minoxidil, entry=uuid4(), **sent[place])

    (event,) = (each for each in rows(DoseEvent) if each.due_time == MORNING)
    for name in ("status", "amount", "note", "reason", "zones", "occurred_at"):
        assert getattr(event, name) == getattr(alone, name), name


@pytest.mark.parametrize(
    ("taps", "stands"),
    [
        # Equal answers are one dose, taken at the first of them.
        ([TAP, TAP], ("taken", 1.0, 20)),
        ([{**TAP, **HALF}, {**TAP, **HALF}], ("taken", 0.5, 20)),
        # Of two plain answers that differ, the later one stands.
        ([TAP, {**TAP, **SKIP}], ("skipped", 1.0, 10)),
        ([{**TAP, **SKIP}, TAP], ("taken", 1.0, 10)),
        ([TAP, {**TAP, **HALF}], ("taken", 0.5, 10)),
        ([{**TAP, **HALF}, {**TAP, **SKIP}], ("taken", 0.5, 20)),
        # What a person sees and changes is as they say, however plain.
        ([{**HALF, "note": "felt dizzy"}, {}], ("taken", 1.0, 10)),
        ([{}, {**TAP, **SKIP}], ("skipped", 1.0, 10)),
    ],
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_quick_answers_the_one_that_says_more_counts_else_the_later_one(
    client: TestClient,
    rows: Rows,
    minoxidil: RegimenItem,
    taps: list[dict[str, str]],
    stands: tuple[str, float, int],
    order: tuple[int, int],
) -> None:
    for place in order:
        said = {"planned_amount": "1", **taps[place], "changed_at": minutes_ago(20 - 10 * place)}
        log(client, minoxidil, entry=uuid4(), **said)

    (event,) = rows(DoseEvent)
    status, amount, minutes = stands
    assert (event.status, event.amount) == (status, amount)
    assert event.occurred_at == NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_undo_takes_back_the_tap_and_what_was_said_before_it_counts_again(
    client: TestClient, session: Session, minoxidil: RegimenItem, order: tuple[int, ...]
) -> None:
    tap = uuid4()
    sent = [
        (uuid4(), {**HALF, "note": "felt dizzy", "changed_at": minutes_ago(30)}),
        (tap, {"planned_amount": "1", "changed_at": minutes_ago(20)}),
        (uuid4(), {"status": "nothing", "undoes": str(tap), "changed_at": minutes_ago(10)}),
    ]
    for place in order:
        entry, said = sent[place]
        log(client, minoxidil, entry=entry, **said)

    assert answered(session, minoxidil) == EXPLICIT["half with a note on the tablet"]


def imported(session: Session, alice: User, item: RegimenItem) -> None:
    """Log half a dose as a file brings it: a row, and no decision of a person."""
    on = date.fromisoformat(TODAY)
    event = DoseEvent(
        id=slot_event_id(item.id, on, MORNING),
        user_id=alice.id,
        regimen_item_id=item.id,
        due_on=on,
        due_time=MORNING,
        iso_week=202648,
        status=DoseStatus.TAKEN,
        occurred_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        logged_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        time_zone="Europe/Berlin",
        amount=0.5,
        unit="mL",
    )
    session.add(event)
    session.commit()


@pytest.mark.parametrize("tapped", [TAP, {**TAP, **SKIP}, {**TAP, "only_if_open": "yes"}])
def test_a_tap_and_its_undo_leave_a_dose_that_a_file_brought(
    client: TestClient,
    session: Session,
    alice: User,
    minoxidil: RegimenItem,
    tapped: dict[str, str],
) -> None:
    imported(session, alice, minoxidil)
    tap: UUID = uuid4()
    log(client, minoxidil, entry=tap, **tapped)
    assert answered(session, minoxidil) == ("taken", 0.5, "", None)
    log(client, minoxidil, entry=uuid4(), status="nothing", undoes=str(tap))
    assert answered(session, minoxidil) == ("taken", 0.5, "", None)


def test_purging_keeps_the_answer_that_a_tap_gave_way_to_and_forgets_what_was_undone(
    client: TestClient, session: Session, minoxidil: RegimenItem
) -> None:
    undone, tap = uuid4(), uuid4()
    log(client, minoxidil, entry=uuid4(), **HALF, note="felt dizzy", changed_at=minutes_ago(40))
    log(client, minoxidil, entry=undone, note="by mistake", changed_at=minutes_ago(30))
    back = {"status": "nothing", "undoes": str(undone), "changed_at": minutes_ago(20)}
    log(client, minoxidil, entry=uuid4(), **back)
    log(client, minoxidil, entry=tap, **TAP, changed_at=minutes_ago(10))
    purge(session, NOW + timedelta(days=100))
    session.commit()
    # What arrives now makes the server ask the history what stands.
    log(client, minoxidil, entry=uuid4(), status="nothing", undoes=str(tap))
    log(client, minoxidil, entry=uuid4(), **TAP)

    assert answered(session, minoxidil) == EXPLICIT["half with a note on the tablet"]
