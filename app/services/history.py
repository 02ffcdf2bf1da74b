"""Keep every decision, and let the newest one stand.

A write says: this subject is in this state, as the person decided at `changed_at`. The
state with the newest `changed_at` stands (a tie goes to the greater entry id); the other
goes to history. Replays, reordering and two devices all end alike, and all are answered
with success.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, delete, literal_column, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from app.db import inserting, take_turns, upsert
from app.db.direct import fetch_alone, rows_of
from app.errors import NotFound
from app.models import EntryVersion

CONTENTS_ARE_KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when, on which device, and by which entry."""

    user_id: UUID
    entry_id: UUID
    changed_at: datetime
    received_at: datetime
    device: str = ""


def save_latest(
    session: Session,
    decision: Decision,
    *,
    kind: str,
    subject: str,
    table: type[SQLModel],
    row_id: UUID,
    values: dict[str, Any] | None,
    only_if_open: bool = False,
) -> bool:
    """Put the row of `subject` in the state `values` (None: taken back), unless a later one stands.

    With `only_if_open` the decision gives way to any answer that was decided before it, even to
    one that arrives later. Returns whether the decision stands now. An id that is another
    person's raises `NotFound`. The caller commits.
    """
    appended = _append(session, decision, kind, subject, values, only_if_open=only_if_open)
    if appended is None:
        return False
    is_newest, has_group = appended
    if only_if_open or has_group:
        return _settle(session, decision, subject, table, row_id, values)
    if is_newest:
        _write(session, decision.user_id, table, row_id, values)
    return is_newest


def effective_entry(session: Session, user_id: UUID, subject: str) -> UUID | None:
    """The entry that the present state of a subject comes from; None without any."""
    turn_of(session, user_id)
    version = _effective(session.exec(EntryVersion.of_subject(user_id, subject)).all())
    return None if version is None else version.entry_id


def _effective(versions: Sequence[EntryVersion]) -> EntryVersion | None:
    """The version that stands; `versions` begin with the oldest decision."""
    standing: EntryVersion | None = None
    for version in versions:
        is_answered = standing is not None and standing.state is not None
        if not (version.only_if_open and is_answered):
            standing = version
    return standing


def _settle(
    session: Session,
    decision: Decision,
    subject: str,
    table: type[SQLModel],
    row_id: UUID,
    values: dict[str, Any] | None,
) -> bool:
    """Write what stands of a subject that a group's answer takes part in."""
    versions = session.exec(EntryVersion.of_subject(decision.user_id, subject)).all()
    standing = _effective(versions)
    assert standing is not None
    if standing.entry_id == decision.entry_id:
        # A row without a history was imported: it is an answer too.
        if standing.only_if_open and len(versions) == 1 and _is_there(session, table, row_id):
            return False
        _write(session, decision.user_id, table, row_id, values)
        return True
    if standing.only_if_open and values is None:
        _write(session, decision.user_id, table, row_id, _restored(table, row_id, standing))
    return False


def _is_there(session: Session, table: type[SQLModel], row_id: UUID) -> bool:
    column = table.__table__.c.id  # type: ignore[attr-defined]
    return session.execute(select_columns(column).where(column == row_id)).first() is not None


def _restored(table: type[SQLModel], row_id: UUID, version: EntryVersion) -> dict[str, Any] | None:
    """The values of a row as a version has them."""
    if version.state is None:
        return None
    row = table.model_validate({**version.state, "id": row_id})
    return row.model_dump(include=set(version.state))


def _write(
    session: Session,
    user_id: UUID,
    table: type[SQLModel],
    row_id: UUID,
    values: dict[str, Any] | None,
) -> None:
    if values is not None:
        put(session, table, row_id, values)
        return
    rows = table.__table__  # type: ignore[attr-defined]
    session.execute(delete(table).where(rows.c.id == row_id, rows.c.user_id == user_id))


def put(session: Session, table: type[SQLModel], row_id: UUID, values: dict[str, Any]) -> None:
    """Write the row that a decision which stands says; an id of another person is `NotFound`."""
    if not upsert(session, table, {"id": row_id, **values}):
        raise NotFound


def turn_of(session: Session, user_id: UUID) -> None:
    """Let one decision of a person at a time be made from what is there, and written."""
    take_turns(session, user_id.int & 0x7FFF_FFFF)


def stands(
    session: Session,
    decision: Decision,
    *,
    kind: str,
    subject: str,
    state: dict[str, Any] | None,
) -> bool:
    """Write a decision into the history; say whether it is the newest of its subject.

    A replay is already there and changes nothing, so it does not stand a second time.
    """
    appended = _append(session, decision, kind, subject, state)
    return appended is not None and appended[0]


def _append(
    session: Session,
    decision: Decision,
    kind: str,
    subject: str,
    state: dict[str, Any] | None,
    *,
    only_if_open: bool = False,
) -> tuple[bool, bool] | None:
    """Append a version: whether it is the newest, and whether a group answered the subject too.

    None for a replay, which changes nothing.
    """
    turn_of(session, decision.user_id)
    version = {
        "user_id": decision.user_id,
        "entry_id": decision.entry_id,
        "subject": subject,
        "kind": kind,
        "changed_at": decision.changed_at,
        "received_at": decision.received_at,
        "device": decision.device,
        "state": None if state is None else plain(state),
        "only_if_open": only_if_open,
    }
    written = rows_of(session, _deciding(session.get_bind().dialect.name), version)
    for is_newest, has_group in written:
        return bool(is_newest), bool(has_group)
    return None


def was_decided(session: Session, user_id: UUID, entry_id: UUID) -> bool:
    """Whether an entry has arrived before. Begins no transaction: what follows may take long."""
    return bool(fetch_alone(session, EntryVersion.of_entry, user_id, entry_id))


def bury(session: Session, decision: Decision, kind: str, subjects: Sequence[str]) -> None:
    """Append a tombstone for each subject that goes with another (the doses of an item)."""
    record_versions(session, decision, kind, dict.fromkeys(subjects))


def record_versions(
    session: Session,
    decision: Decision,
    kind: str,
    states: Mapping[str, dict[str, Any] | None],
) -> None:
    """Append a version of each subject, of many at once; the caller writes their rows."""
    said = {
        "user_id": decision.user_id,
        "entry_id": decision.entry_id,
        "kind": kind,
        "changed_at": decision.changed_at,
        "received_at": decision.received_at,
        "device": decision.device,
        "only_if_open": False,
    }
    if states:
        statement = inserting(session.get_bind().dialect.name, EntryVersion)
        rows = [
            {**said, "subject": subject, "state": None if state is None else plain(state)}
            for subject, state in states.items()
        ]
        session.execute(statement.on_conflict_do_nothing(), rows)


def append_versions(
    session: Session, kind: str, decided: Sequence[tuple[Decision, str, dict[str, Any] | None]]
) -> None:
    """Append many versions (decision, subject, state) at once.

    For a caller who has the person's turn (`turn_of`) and knows each to be its subject's latest.
    """
    rows = [
        {
            "user_id": decision.user_id,
            "entry_id": decision.entry_id,
            "subject": subject,
            "kind": kind,
            "changed_at": decision.changed_at,
            "received_at": decision.received_at,
            "device": decision.device,
            "state": None if state is None else plain(state),
        }
        for decision, subject, state in decided
    ]
    if rows:
        statement = inserting(session.get_bind().dialect.name, EntryVersion)
        session.execute(statement.on_conflict_do_nothing(), rows)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them: instants, dates, times and ids as text."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float | str):
        return value
    if isinstance(value, dict):
        return plain(value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)


def purge(session: Session, now: datetime) -> None:
    """Delete states older than 90 days that a later one replaced; tombstones stay.

    What a deleted item took with it goes after 90 days as well.
    """
    session.execute(
        delete(EntryVersion)
        .where(col(EntryVersion.changed_at) < now - CONTENTS_ARE_KEPT_FOR)
        .where(col(EntryVersion.kind) == "deleted_item")
    )
    later = aliased(EntryVersion)
    replaced = (
        select(later.entry_id)
        .where(later.user_id == EntryVersion.user_id)
        .where(later.subject == EntryVersion.subject)
        .where(col(later.changed_at) > col(EntryVersion.changed_at))
        .where(col(later.only_if_open).is_(False))
        .exists()
    )
    session.execute(
        delete(EntryVersion)
        .where(col(EntryVersion.changed_at) < now - CONTENTS_ARE_KEPT_FOR)
        .where(col(EntryVersion.state).is_not(None))
        .where(replaced)
    )


@cache
def _deciding(dialect: str) -> Insert:
    """Insert a version unless it is there.

    A new one returns whether no other is newer, and whether another is `only_if_open`.
    """
    other = EntryVersion.__table__.alias()  # type: ignore[attr-defined]
    own: dict[str, ColumnElement[Any]] = {
        name: literal_column(f"entry_version.{name}")
        for name in other.c.keys()  # noqa: SIM118
    }
    newer = select(other.c.entry_id).where(
        other.c.user_id == own["user_id"],
        other.c.subject == own["subject"],
        tuple_(other.c.changed_at, other.c.entry_id) > tuple_(own["changed_at"], own["entry_id"]),
    )
    group = select(other.c.entry_id).where(
        other.c.user_id == own["user_id"],
        other.c.subject == own["subject"],
        other.c.entry_id != own["entry_id"],
        other.c.only_if_open,
    )
    inserted = inserting(dialect, EntryVersion).on_conflict_do_nothing()
    statement: Insert = inserted.returning(~newer.exists(), group.exists())
    return statement
