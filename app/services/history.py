"""Keep every decision, and find the one that counts.

A write says: this subject is in this state, as the person decided at `changed_at`. The state with
the newest `changed_at` counts (on a tie, the greater entry id); the others go to history. Two kinds
of decisions are made without seeing the previous state: one tap on a row, and Take all. They give
way to earlier answers (`GivesWay`). An undo reverts the entry that it names and no other. The
current state follows from all versions of a subject (`current_version`), so replays, reordering
and two devices all end in the same state, and all succeed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Self
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    Insert,
    Table,
    bindparam,
    delete,
    literal_column,
    or_,
    tuple_,
)
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.db import advisory_lock, begin_locked, inserting, upsert
from app.db.direct import execute_prepared, fetch_outside_transaction
from app.db.tables import table_of
from app.errors import NotFound
from app.models import EntryVersion, GivesWay
from app.models.types import joined
from app.records import Bumps, Record, Row
from app.services.versions import bump

CONTENTS_ARE_KEPT_FOR = timedelta(days=90)
# How long the deletion of a note, a photo and other single rows can be undone.
UNDO_FOR = timedelta(days=1)
# The largest step back in everyday clock corrections.
CLOCK_SLACK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when, on which device, and by which entry.

    `gives_way`: the earlier answers that the decision gives way to. `short_answer`: the answer, if
    it is one word. `undoes`: the entry to revert, instead of a state of its own. `import_batch_id`:
    the import that decided, so that it can be undone as a whole.
    """

    user_id: UUID
    entry_id: UUID
    changed_at: datetime
    received_at: datetime
    device: str = ""
    gives_way: GivesWay = GivesWay.NEVER
    short_answer: str | None = None
    undoes: UUID | None = None
    import_batch_id: UUID | None = None

    @property
    def is_firm(self) -> bool:
        """Whether only a later decision can replace this one."""
        return self.gives_way is GivesWay.NEVER and self.undoes is None

    def version(self) -> dict[str, Any]:
        """Return the columns of each version written, except its subject and state."""
        return {
            "user_id": self.user_id,
            "entry_id": self.entry_id,
            "changed_at": self.changed_at,
            "received_at": self.received_at,
            "device": self.device,
            "gives_way": self.gives_way.value,
            "short_answer": self.short_answer,
            "undoes": self.undoes,
            "import_batch_id": self.import_batch_id,
        }


def record_version(
    session: Session,
    decision: Decision,
    record: Record[Any],
    named: Mapping[str, Any],
    values: dict[str, Any] | None,
) -> bool:
    """Put a row in the state `values` (None: deleted), unless another decision counts.

    `named` has the columns that identify the row. Writes the row and bumps the cached version that
    the record names. Returns whether the decision counts now. Raises `NotFound` for another
    person's id. The caller commits.
    """
    lock_user(session, decision.user_id)
    target = _Target.of(record, {**named, "user_id": decision.user_id})
    appended = _append(session, decision, record.kind, target.subject, values, target)
    if appended is None:
        return False
    if appended.meets_import and decision.gives_way is not GivesWay.NEVER:
        # The row then says more than a tap, which is left out of the history.
        _remove_version(session, decision, target.subject)
        return False
    is_plain = decision.is_firm and appended.are_firm
    if not (is_plain or (appended.is_first and decision.undoes is None)):
        return _settle(session, decision, target, values)
    if appended.is_newest:
        _write(session, decision, target, values)
    return appended.is_newest


def record_row(session: Session, decision: Decision, record: Record[Row], row: Row) -> bool:
    """Put a row in its new state, unless another decision counts.

    `row` is outside any session (`Record.row`). Its owner is the person who decides. Fills in
    columns that follow from others, and the time of the decision as the time of logging if `row`
    has none. Returns and raises as `record_version` does.
    """
    values = {**record.values(row), "user_id": decision.user_id}
    values |= record.sheet.fill(values)
    if "logged_at" in values:
        values["logged_at"] = values["logged_at"] or decision.changed_at
    named = {each: values[each] for each in record.key}
    del values["id"]
    return record_version(session, decision, record, named, values)


def current_version(versions: Iterable[EntryVersion]) -> EntryVersion | None:
    """Return the version that counts; `versions` begin with the oldest decision."""
    versions = [*versions]
    undone = {version.undoes for version in versions}
    standing: EntryVersion | None = None
    for version in versions:
        counts = version.undoes is None and version.entry_id not in undone
        if counts and (standing is None or not _yields(version, standing)):
            standing = version
    return standing


def decided_by(version: EntryVersion) -> Decision:
    """Return the decision that wrote a version."""
    values = version.model_dump(include={each.name for each in fields(Decision)})
    return Decision(**{**values, "gives_way": GivesWay(version.gives_way)})


def _yields(version: EntryVersion, earlier: EntryVersion) -> bool:
    """Whether a version gives way to the one that counted before it."""
    if earlier.state is None:
        return False
    if version.gives_way == GivesWay.TO_MORE:
        return earlier.short_answer in {None, version.short_answer}
    return version.gives_way == GivesWay.TO_ANY


@dataclass(frozen=True, slots=True)
class _Appended:
    """The order of a new version among the others of its subject.

    `are_firm`: only a later decision can replace any of the others. `is_first`: there are none.
    `meets_import`: there are none, and yet the row exists.
    """

    is_newest: bool
    are_firm: bool
    is_first: bool
    meets_import: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """The row that a decision is about; `on` is its day if that is part of its key."""

    record: Record[Any]
    subject: str
    row_id: UUID
    on: date | None

    @classmethod
    def of(cls, record: Record[Any], named: Mapping[str, Any]) -> Self:
        on: date | None = named.get(record.day)
        return cls(record, record.subject(named), record.row_id(named), on)


def _settle(
    session: Session, decision: Decision, target: _Target, values: dict[str, Any] | None
) -> bool:
    """Write the version that counts, if the decision changed which one that is."""
    versions = session.exec(EntryVersion.of_subject(decision.user_id, target.subject)).all()
    before = current_version(each for each in versions if each.entry_id != decision.entry_id)
    after = current_version(versions)
    counts = after is not None and after.entry_id == decision.entry_id
    if after is not before:
        state = values if counts else values_of(target.record, target.row_id, after)
        _write(session, decision, target, state)
    return counts


def _remove_version(session: Session, decision: Decision, subject: str) -> None:
    """Delete a version that was appended in this transaction."""
    session.execute(
        delete(EntryVersion).where(
            col(EntryVersion.user_id) == decision.user_id,
            col(EntryVersion.entry_id) == decision.entry_id,
            col(EntryVersion.subject) == subject,
        )
    )


def values_of(
    record: Record[Any], row_id: UUID, version: EntryVersion | None
) -> dict[str, Any] | None:
    """Return a row's values in a version; None if it has none."""
    if version is None or version.state is None:
        return None
    values = typed(record.table, {**version.state, "id": row_id})
    return {name: value for name, value in values.items() if name != "id"}


def typed(table: type[SQLModel], state: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the values of a state to those of the table; leave out columns no longer there."""
    return table.model_validate(state).model_dump(include=set(state))


def _write(
    session: Session, decision: Decision, target: _Target, values: dict[str, Any] | None
) -> None:
    """Write or delete the row, and bump the cached version that this makes stale."""
    record, user_id = target.record, decision.user_id
    days: set[date | None] = {target.on, (values or {}).get(record.day)}
    if record.bumps is Bumps.DAY and target.on is None:
        days.add(_day_now(session, target))
    write_or_delete_row(session, user_id, record.table, target.row_id, values)
    known = [each for each in days if each is not None]
    bump(session, record.bumps, user_id, known, decision.received_at)


def _day_now(session: Session, target: _Target) -> date | None:
    """Return the day of the row as it is now, which another state may change."""
    rows = target.record.rows
    day = select_columns(rows.c[target.record.day]).where(rows.c.id == target.row_id)
    return session.execute(day).scalar()


def write_or_delete_row(
    session: Session,
    user_id: UUID,
    table: type[SQLModel],
    row_id: UUID,
    values: dict[str, Any] | None,
) -> None:
    """Write a row that the history has already, or with None delete it."""
    if values is not None:
        write_row(session, table, row_id, values)
    else:
        columns = table_of(table).c
        of_row = (columns.id == row_id, columns.user_id == user_id)
        session.execute(delete(table).where(*of_row))


def write_row(
    session: Session, table: type[SQLModel], row_id: UUID, values: dict[str, Any]
) -> None:
    """Write the row of the decision that counts; raise `NotFound` for another person's id."""
    if not upsert(session, table, {"id": row_id, **values}):
        raise NotFound


def lock_user(session: Session, user_id: UUID) -> None:
    """Lock a person's decisions, so that they are read, made and written one at a time."""
    advisory_lock(session, _lock_of(user_id))


def _lock_of(user_id: UUID) -> int:
    return user_id.int & 0x7FFF_FFFF


def begin_turn(session: Session, user_id: UUID) -> None:
    """Lock a person's decisions before any of their rows is read, on SQLite as well."""
    begin_locked(session, _lock_of(user_id))


def append_version(
    session: Session,
    decision: Decision,
    *,
    kind: str,
    subject: str,
    state: dict[str, Any] | None,
) -> bool:
    """Append a version to the history; return whether it is now its subject's latest.

    For subjects that are not one row: the caller writes the rows and bumps the cached version.
    Idempotent: a replay changes nothing and returns False.
    """
    appended = _append(session, decision, kind, subject, state)
    return appended is not None and appended.is_newest


def _append(
    session: Session,
    decision: Decision,
    kind: str,
    subject: str,
    state: dict[str, Any] | None,
    target: _Target | None = None,
) -> _Appended | None:
    """Append a version and compare it with the others; None for a replay, which changes nothing."""
    lock_user(session, decision.user_id)
    version = {
        **decision.version(),
        "subject": subject,
        "kind": kind,
        "state": None if state is None else plain(state),
    }
    rows = None
    if target is not None:
        rows, version["row_id"] = target.record.rows, target.row_id
    statement = _deciding(session.get_bind().dialect.name, rows)
    for is_newest, are_firm, is_first, *is_row in execute_prepared(session, statement, version):
        is_newest = is_newest or _is_newest_but_for_a_wrong_clock(session, decision, subject)
        meets_import = bool(is_first) and any(is_row)
        return _Appended(bool(is_newest), bool(are_firm), bool(is_first), meets_import)
    return None


def _is_newest_but_for_a_wrong_clock(session: Session, decision: Decision, subject: str) -> bool:
    """Return whether every newer version was written while the server's clock was ahead.

    No decision is later than its arrival, so a version newer than now has a wrong time. Its true
    time is unknown, but it arrived before this one, so it gets an earlier time.
    """
    versions = session.exec(EntryVersion.of_subject(decision.user_id, subject)).all()
    own = decision.changed_at, decision.entry_id
    newer = [each for each in versions if (each.changed_at, each.entry_id) > own]
    if any(each.changed_at <= decision.received_at + CLOCK_SLACK for each in newer):
        return False
    for place, version in enumerate(reversed(newer), start=1):
        version.changed_at = decision.changed_at - timedelta(microseconds=place)
        version.received_at = decision.received_at
    session.flush()
    return True


def was_decided(session: Session, user_id: UUID, entry_id: UUID) -> bool:
    """Whether an entry has arrived before. Begins no transaction, because slow work may follow."""
    return bool(fetch_outside_transaction(session, EntryVersion.of_entry, user_id, entry_id))


def record_deletions(
    session: Session, decision: Decision, kind: str, subjects: Sequence[str]
) -> None:
    """Append a tombstone for each subject deleted with another (the doses of an item)."""
    record_versions(session, decision, kind, dict.fromkeys(subjects))


def record_versions(
    session: Session,
    decision: Decision,
    kind: str,
    states: Mapping[str, dict[str, Any] | None],
) -> None:
    """Append a version of each of many subjects; the caller writes their rows."""
    append_versions(
        session, kind, [(decision, subject, state) for subject, state in states.items()]
    )


def append_versions(
    session: Session, kind: str, decided: Sequence[tuple[Decision, str, dict[str, Any] | None]]
) -> None:
    """Append many versions (decision, subject, state) at once.

    The caller must hold the person's lock (`lock_user`) and know each to be its subject's latest.
    """
    rows = [
        {
            **decision.version(),
            "subject": subject,
            "kind": kind,
            "state": None if state is None else plain(state),
        }
        for decision, subject, state in decided
    ]
    if rows:
        statement = inserting(session.get_bind().dialect.name, EntryVersion)
        session.execute(statement.on_conflict_do_nothing(), rows)


def record_state_before(
    session: Session, decision: Decision, kind: str, subject: str, state: dict[str, Any]
) -> None:
    """Append the state that `decision` replaces, if the history does not know the subject."""
    if session.execute(EntryVersion.newest_of(decision.user_id, subject)).first() is None:
        before = Decision(
            decision.user_id,
            uuid5(decision.entry_id, f"before {subject}"),
            decision.changed_at - timedelta(microseconds=1),
            decision.received_at,
        )
        append_versions(session, kind, [(before, subject, state)])


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Convert values to JSON: instants, dates, times, ids and tuples become text.

    A tuple is the value of a `StringList`, whose text the database holds too.
    """
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float | str):
        return value
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, tuple):
        return joined(value)
    return [_plain(each) for each in value] if isinstance(value, list) else str(value)


def purge(session: Session, now: datetime) -> None:
    """Delete states that were replaced and are older than 90 days; tombstones stay.

    States replaced or deleted within the last day stay, because that may still be undone, and so
    do states that an import of the last 90 days replaced. The archive of a deleted item is deleted
    after 90 days as well.
    """
    session.execute(
        delete(EntryVersion)
        .where(col(EntryVersion.changed_at) < now - CONTENTS_ARE_KEPT_FOR)
        .where(col(EntryVersion.kind) == "deleted_item")
    )
    later, undo = aliased(EntryVersion), aliased(EntryVersion)
    was_undone = _of_same_subject(undo, EntryVersion).where(undo.undoes == EntryVersion.entry_id)
    # Versions that give way replace nothing before them, nor do undone ones.
    replaced = (
        _of_same_subject(later, EntryVersion)
        .where(col(later.changed_at) > col(EntryVersion.changed_at))
        .where(col(later.changed_at) < now - UNDO_FOR)
        .where(
            or_(
                col(later.import_batch_id).is_(None),
                col(later.received_at) < now - CONTENTS_ARE_KEPT_FOR,
            )
        )
        .where(col(later.gives_way) == GivesWay.NEVER, col(later.undoes).is_(None))
        .where(~_of_same_subject(undo, later).where(undo.undoes == later.entry_id).exists())
    )
    session.execute(
        delete(EntryVersion)
        .where(col(EntryVersion.changed_at) < now - CONTENTS_ARE_KEPT_FOR)
        .where(col(EntryVersion.state).is_not(None))
        .where(or_(replaced.exists(), was_undone.exists()))
    )


def _of_same_subject(one: type[EntryVersion], other: type[EntryVersion]) -> SelectOfScalar[UUID]:
    return select(one.entry_id).where(one.user_id == other.user_id, one.subject == other.subject)


@cache
def _deciding(dialect: str, rows: Table | None = None) -> Insert:
    """Insert a version unless it exists.

    A new version returns whether no other is newer, whether all others are firm, whether there is
    no other, and whether `rows` has a row with the id `row_id`.
    """
    other = table_of(EntryVersion).alias()
    own: dict[str, ColumnElement[Any]] = {
        name: literal_column(f"entry_version.{name}")
        for name in other.c.keys()  # noqa: SIM118
    }
    others = select(other.c.entry_id).where(
        other.c.user_id == own["user_id"],
        other.c.subject == own["subject"],
        other.c.entry_id != own["entry_id"],
    )
    newer = others.where(
        tuple_(other.c.changed_at, other.c.entry_id) > tuple_(own["changed_at"], own["entry_id"]),
    )
    not_firm = others.where(
        or_(other.c.gives_way != GivesWay.NEVER.value, other.c.undoes.is_not(None)),
    )
    inserted = inserting(dialect, EntryVersion).on_conflict_do_nothing()
    found = [~newer.exists(), ~not_firm.exists(), ~others.exists()]
    if rows is not None:
        row_id = bindparam("row_id", type_=rows.c.id.type)
        found.append(select_columns(rows.c.id).where(rows.c.id == row_id).exists())
    statement: Insert = inserted.returning(*found)
    return statement
