"""Whatever a diary holds, doses.csv alone gives the figures of every page and file."""

import csv
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import reading, writing
from app.diary.figures import figures_by_day, figures_by_week
from app.diary.regimen import counts_between, ledger_between, load_regimen
from app.domain.adherence import Doses, measure
from app.domain.day_states import SETTLED
from app.domain.logical_dates import days_between, week_name
from app.domain.timing import DoseTime, TimingKind
from app.errors import Refused
from app.interchange.csv_export import FILES, Flavour, csv_chunks
from app.interchange.csv_rows import Extract
from app.interchange.importers.health_auto_export import read_log
from app.interchange.writer import import_log
from app.models import Dosage, RegimenItem, User
from app.records import PAUSE
from app.services.dosage_corrections import correct_dosage
from app.services.dosages import DosageInput, change_dosage
from app.services.dose_events import record_dose
from app.services.dose_input import Answer, DoseInput
from app.services.history import Decision
from app.services.items import ItemInput, add_item, restart_item, stop_item
from app.services.pauses import save_pause
from app.services.versions import bump_regimen_version
from tests.support.clock import NOW
from tests.support.people import make_user

TODAY = NOW.date()
FIRST = TODAY - timedelta(days=20)
# A few diaries at every run, more of them where there is time.
DIARIES = int(os.environ.get("DIARIES", "8"))
CLOCK = (time(1), time(8), time(14), time(21))
HEADER = (
    "Date,Scheduled Date,Medication,Nickname,Dosage,Scheduled Dosage,Unit,Status,Archived,Codings\n"
)

days = st.integers(0, 20).map(lambda offset: FIRST + timedelta(days=offset))
Row = dict[str, str]


@dataclass(frozen=True)
class Deed:
    """One thing that a person does: what, to which item, and with which days, times and words."""

    what: str
    item: int
    on: date
    until: date
    at: time | None
    answer: Answer
    dosage: DosageInput
    minutes_ago: int


@st.composite
def dosages(draw: DrawFn) -> DosageInput:
    kind = draw(st.sampled_from((TimingKind.DAILY, TimingKind.EVERY_DAYS, TimingKind.AS_NEEDED)))
    times = draw(st.lists(st.sampled_from(CLOCK), min_size=1, max_size=3, unique=True))
    lines = tuple(DoseTime(at, 1) for at in times)
    if kind is TimingKind.AS_NEEDED:
        return DosageInput(unit="mg", kind=kind, usual_amount=1)
    return DosageInput(unit="mg", kind=kind, times=lines, every_days=draw(st.integers(1, 3)))


deeds = st.builds(
    Deed,
    what=st.sampled_from(
        ("log",) * 8 + ("pause", "change", "correct", "stop", "restart", "import", "add")
    ),
    item=st.integers(0, 3),
    on=days,
    until=days,
    at=st.none() | st.sampled_from(CLOCK),
    answer=st.sampled_from((Answer.TAKEN, Answer.TAKEN, Answer.SKIPPED, Answer.NOTHING)),
    dosage=dosages(),
    minutes_ago=st.integers(0, 20 * 24 * 60),
)
diaries = st.lists(deeds, min_size=12, max_size=36)


def keep_diary(session: Session, user: User, diary: Sequence[Deed]) -> None:
    """Do everything of a diary in the order of its instants; what is refused is not done."""
    items: list[UUID] = []
    for number, deed in enumerate(sorted(diary, key=lambda each: -each.minutes_ago)):
        at = NOW - timedelta(minutes=deed.minutes_ago) + timedelta(microseconds=number)
        decision = Decision(user.id, uuid4(), changed_at=at, received_at=at)
        if not items or deed.what == "add":
            items.append(_add(session, user, deed, decision))
            continue
        item = session.get_one(RegimenItem, items[deed.item % len(items)])
        try:
            DEEDS[deed.what](session, user, item, deed, decision)
        except Refused:
            session.rollback()
        bump_regimen_version(session, user)
        session.commit()


def _add(session: Session, user: User, deed: Deed, decision: Decision) -> UUID:
    item = ItemInput(name=f"Item {deed.minutes_ago}", starts_on=deed.on, dosage=deed.dosage)
    row = add_item(session, user, item, decision)
    session.commit()
    return row.id


def _log(session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision) -> None:
    value = load_regimen(session, user.id).by_id[item.id]
    dose = DoseInput(due_on=deed.on, due_time=deed.at, status=deed.answer, on_time=True)
    record_dose(session, user, value, dose, decision)


def _pause(session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision) -> None:
    pause = PAUSE.row(id=uuid4(), regimen_item_id=item.id, starts_on=deed.on, ends_on=deed.until)
    save_pause(session, user, pause, decision)


def _change(
    session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision
) -> None:
    change_dosage(session, item, deed.dosage, deed.on, decision)


def _correct(
    session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision
) -> None:
    found = session.exec(select(Dosage).where(Dosage.regimen_item_id == item.id)).all()
    if found:
        correct_dosage(session, found[-1], deed.dosage, decision)


def _stop(session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision) -> None:
    stop_item(session, item, deed.on, "", decision)


def _restart(
    session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision
) -> None:
    restart_item(session, user, item, deed.on, decision)


def _import(
    session: Session, user: User, item: RegimenItem, deed: Deed, decision: Decision
) -> None:
    """A file with a week of doses that were taken, skipped or left out elsewhere."""
    word = {Answer.TAKEN: "Taken", Answer.SKIPPED: "Skipped"}.get(deed.answer, "Not Interacted")
    lines = [
        f"{on} 08:10:00 +0100,{on} 08:00:00 +0100,Iron {deed.item},,1,1,mg,{word},No,"
        for on in days_between(deed.on, min(deed.on + timedelta(days=6), TODAY))
    ]
    content = (HEADER + "\n".join(lines) + "\n").encode()
    now = decision.changed_at
    import_log(session, user, read_log(content, now), now)


DEEDS: dict[str, Callable[[Session, User, RegimenItem, Deed, Decision], None]] = {
    "log": _log,
    "pause": _pause,
    "change": _change,
    "correct": _correct,
    "stop": _stop,
    "restart": _restart,
    "import": _import,
}


@dataclass(frozen=True)
class Counted:
    """What anybody can count in doses.csv."""

    rows: list[Row]

    def doses(self, wanted: Callable[[Row], bool]) -> Doses:
        """The counts of the rows that are wanted."""
        rows = [row for row in self.rows if wanted(row)]
        due = [row for row in rows if row["is_due"] == "true"]
        by_status = Counter(row["status"] for row in due)
        return Doses(
            due=len(due),
            taken=by_status["taken"],
            skipped=by_status["skipped"],
            missed=by_status["missed"],
            backfilled=sum(row["backfilled"] == "true" for row in due),
            extra=sum(row["status"] == "extra" for row in rows),
        )

    def of_day(self, on: date) -> Doses:
        """The counts of one day."""
        return self.doses(lambda row: row["due_on"] == str(on))

    def settled(self, first: date, last: date) -> list[Doses]:
        """The days that are over and had a dose due."""
        over = days_between(first, min(last, TODAY - timedelta(days=1)))
        return [counted for on in over if (counted := self.of_day(on)).due]


def file_of(session: Session, user: User, name: str) -> list[Row]:
    chunks = csv_chunks(FILES[name], Extract(session, user, NOW), Flavour.PLAIN)
    return list(csv.DictReader(b"".join(chunks).decode().splitlines()))


def named(row: Row, doses: Doses) -> bool:
    """Whether a row of days.csv or weeks.csv says these counts."""
    said = {f"doses_{name}": str(number) for name, number in doses._asdict().items()}
    return said.items() <= row.items()


def assert_figures_are_those_of_the_file(session: Session, user: User) -> None:
    counted = Counted(file_of(session, user, "doses"))
    first, last = FIRST - timedelta(days=FIRST.weekday()), TODAY + timedelta(days=6)
    by_day = {row["on"]: row for row in file_of(session, user, "days")}
    by_week = {row["iso_week"]: row for row in file_of(session, user, "weeks")}
    counts = counts_between(session, user, first, last, today=TODAY)
    for each in figures_by_day(session, user, first, last, today=TODAY):
        doses = counted.of_day(each.first)
        assert each.doses == doses
        assert (
            named(by_day[str(each.first)], doses) if str(each.first) in by_day else not any(doses)
        )
        page = counts.get(each.first)
        assert (page.due, page.taken) == doses[:2] if page else not doses.due
        if each.first < TODAY:
            (state,) = each.states
            assert (state in SETTLED) == (doses.due > 0)
            assert (state == "all") == (0 < doses.due == doses.taken)
    for each in figures_by_week(session, user, first, last, today=TODAY):
        assert_week_is_counted(counted, each.first, each.doses, by_week)
    for item in load_regimen(session, user.id).items:
        rows = ledger_between(session, user, first, TODAY, today=TODAY, only=item.id)
        found = measure(rows, today=TODAY)
        own = Counted([row for row in counted.rows if row["regimen_item_id"] == str(item.id)])
        assert found.doses[:4] == own.doses(lambda row: row["due_on"] <= str(TODAY))[:4]
        settled = own.settled(first, TODAY)
        assert found.days_resolved == len(settled)
        assert found.days_with_all_doses == sum(day.taken == day.due for day in settled)


def assert_week_is_counted(
    counted: Counted, monday: date, doses: Doses, by_week: dict[str, Row]
) -> None:
    week = {str(monday + timedelta(days=offset)) for offset in range(7)}
    expected = counted.doses(lambda row: row["due_on"] in week)
    assert doses == expected
    row = by_week.get(week_name(monday))
    if row is None:
        assert not any(expected)
        return
    assert named(row, expected)
    share = expected.taken_of_due
    assert row["taken_of_due"] == ("" if share is None else f"{round(share, 4):.10g}")


# To shrink a diary takes minutes, and a diary that fails says enough.
@pytest.mark.slow
@settings(
    max_examples=DIARIES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(diary=diaries)
def test_doses_csv_alone_gives_every_figure_of_a_generated_diary(
    engine: Engine, diary: list[Deed]
) -> None:
    with writing(engine) as session:
        user = make_user(f"Alice {uuid4()}")
        session.add(user)
        session.commit()
        keep_diary(session, user, diary)
        user_id = user.id
    with reading(engine) as session:
        assert_figures_are_those_of_the_file(session, session.get_one(User, user_id))
