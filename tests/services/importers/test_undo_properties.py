"""Whatever two files say, undoing the second leaves the log as it was before it."""

import os
from collections import Counter, defaultdict
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from app.db import writing
from app.diary.regimen import load_regimen
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import ImportReport, import_log, undo_import
from app.models import (
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedMedicine,
    ImportedSlot,
    RegimenItem,
    User,
    dose_subject,
)
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from tests.services.importers.test_health_auto_export import HEADER, counts_of, preview
from tests.support.clock import NOW
from tests.support.people import make_user
from tests.support.regimens import decided

# A few pairs of files at every run, more of them where there is time.
PAIRS = int(os.environ.get("IMPORTS", "6"))
LOG: tuple[type[SQLModel], ...] = (
    *(RegimenItem, Dosage, DosageTime, DoseEvent, ImportedSlot, ImportedMedicine),
)
# Times of a dosage are rewritten with it.
UNTOLD: defaultdict[type[SQLModel], set[str]] = defaultdict(set, {DosageTime: {"id"}})
FIRST = date(2026, 8, 28)

days = st.integers(0, 8).map(lambda offset: FIRST + timedelta(days=offset))
hours = st.sampled_from([8, 13, 20])
lines = st.builds(
    lambda on, hour, late, name, amount, planned, status: (
        f"{on} {hour:02}:{late:02}:00 +0200,{f'{on} {hour:02}:00:00 +0200' if planned else ''},"
        f"{name},,{amount},{planned},count,{status},No,\n"
    ),
    *(days, hours, st.sampled_from([0, 5, 40]), st.sampled_from(["Iron", "Zinc"])),
    *(st.sampled_from([1, 2]), st.sampled_from(["", 1, 2])),
    st.sampled_from(["Taken", "Taken", "Skipped", "Not Logged"]),
)
files = st.lists(lines, min_size=1, max_size=30).map(lambda rows: HEADER + "".join(rows))
taps = st.lists(st.tuples(days, hours, st.sampled_from(Answer)), max_size=4)


def log_of(session: Session, user: User) -> dict[str, Counter[str]]:
    return {
        table.__name__: Counter(
            row.model_dump_json(exclude=UNTOLD[table])
            for row in session.exec(
                select(table)
                .where(col(table.user_id) == user.id)  # type: ignore[attr-defined]
                .execution_options(populate_existing=True)
            )
        )
        for table in LOG
    }


def bring_in(session: Session, user: User, file: str, minutes: int) -> ImportReport:
    now = NOW + timedelta(minutes=minutes)
    log = read_log(file.encode(), now)
    foretold = preview(session, user, log, now)
    report = import_log(session, user, log, now)
    session.commit()
    assert counts_of(foretold) == counts_of(report)
    return report


def undo(session: Session, user: User, imported: ImportReport) -> None:
    if imported.batch_id is not None:
        batch = session.get_one(ImportBatch, imported.batch_id)
        undo_import(session, user, batch, NOW + timedelta(hours=1))
        session.commit()


def tap(session: Session, user: User, on: date, hour: int, answer: Answer, number: int = 0) -> None:
    for item in load_regimen(session, user.id).items:
        dose = DoseInput(due_on=on, due_time=time(hour), status=answer)
        if on >= user.began_on:
            record_dose(session, user, item, dose, decided(user, -2 - number / 60))
    session.commit()


@pytest.mark.slow
@settings(
    max_examples=PAIRS,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=files, second=files.map(lambda file: f"{file}\n"), by_hand=taps)
def test_undoing_a_second_file_leaves_the_log_of_the_first(
    engine: Engine, first: str, second: str, by_hand: list[tuple[date, int, Answer]]
) -> None:
    with writing(engine) as session:
        user = make_user(f"Alice {uuid4()}")
        session.add(user)
        session.commit()
        empty, began_on = log_of(session, user), user.began_on
        earlier = bring_in(session, user, first, 1)
        for on, hour, answer in by_hand:
            tap(session, user, on, hour, answer)
        before, began_with_first = log_of(session, user), user.began_on

        later = bring_in(session, user, second, 5)
        undo(session, user, later)

        assert log_of(session, user) == before
        assert user.began_on == began_with_first
        if not by_hand:
            undo(session, user, earlier)
            assert log_of(session, user) == empty
            assert user.began_on == began_on


@pytest.mark.slow
@settings(
    max_examples=PAIRS,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(file=files, by_hand=st.lists(st.tuples(days, hours, st.sampled_from(Answer)), min_size=1))
def test_undoing_a_file_leaves_every_answer_given_by_hand_since(
    engine: Engine, file: str, by_hand: list[tuple[date, int, Answer]]
) -> None:
    with writing(engine) as session:
        user = make_user(f"Alice {uuid4()}")
        session.add(user)
        session.commit()
        imported = bring_in(session, user, file, 1)
        for number, (on, hour, answer) in enumerate(by_hand):
            tap(session, user, on, hour, answer, number)
        said = answers_by_hand(session, user)

        undo(session, user, imported)

        assert log_of(session, user)[DoseEvent.__name__] == said


def answers_by_hand(session: Session, user: User) -> Counter[str]:
    """The events that a person decided last, as they are."""
    events = session.exec(select(DoseEvent).where(DoseEvent.user_id == user.id)).all()
    found = []
    for event in events:
        subject = dose_subject(event.id, event.regimen_item_id, event.due_on, event.due_time)
        versions = session.exec(EntryVersion.of_subject(user.id, subject)).all()
        if not versions[-1].device:
            found.append(event)
    return Counter(event.model_dump_json() for event in found)
