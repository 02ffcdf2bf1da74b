"""Archive deleted items with all their rows, so that the deletion can be undone.

Deleting an item deletes its doses, pauses, dosages, label, stored slots, supply and rules of hours
apart, and unlinks symptoms that it was suspected of. All these rows are archived in one version of
the history (kind `deleted_item`), for as long as history keeps contents. Restoring writes them
back, as one decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, delete, insert, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.db.tables import table_of
from app.errors import NotFound
from app.models import (
    ApartRule,
    Dosage,
    DosageTime,
    DoseEvent,
    EntryVersion,
    ImportBatch,
    ImportedSlot,
    Ingredient,
    Medicine,
    Pause,
    RegimenItem,
    SupplyEntry,
    SymptomReport,
    User,
)
from app.records import APART_RULE, DOSE_EVENT, PAUSE, SUPPLY, parts_of
from app.services.history import (
    Decision,
    append_version,
    lock_user,
    plain,
    record_versions,
    typed,
)
from app.services.regimen_writes import item_subject, label_of, plan_of, plan_subject
from app.services.versions import bump_regimen_version

KIND = "deleted_item"
Row = dict[str, Any]
OF_ITEM: Sequence[type[SQLModel]] = (
    *(Ingredient, Dosage, Pause),
    *(DoseEvent, ImportedSlot, SupplyEntry),
)
# In an order that foreign keys allow for writing.
RESTORED: Sequence[type[SQLModel]] = (RegimenItem, *OF_ITEM, DosageTime, ApartRule)


@dataclass(frozen=True, slots=True)
class DeletedItem:
    """An item that can be restored."""

    id: UUID
    name: str
    deleted_at: datetime


def archive_item(session: Session, item: RegimenItem, decision: Decision) -> None:
    """Archive an item with all rows that belong to it; the caller deletes it afterwards."""
    tables = {
        table.__tablename__: _rows(session, table, _column(table, "regimen_item_id") == item.id)
        for table in OF_ITEM
    }
    dosage_ids = [row["id"] for row in tables[Dosage.__tablename__]]
    of_dosages = _column(DosageTime, "dosage_id").in_(dosage_ids)
    of_rules = or_(
        col(ApartRule.first_item_id) == item.id, col(ApartRule.second_item_id) == item.id
    )
    tables[RegimenItem.__tablename__] = _rows(
        session, RegimenItem, _column(RegimenItem, "id") == item.id
    )
    tables[DosageTime.__tablename__] = _rows(session, DosageTime, of_dosages)
    tables[ApartRule.__tablename__] = _rows(session, ApartRule, of_rules)
    linked = select(SymptomReport.id).where(SymptomReport.regimen_item_id == item.id)
    state = {
        "name": item.name,
        "tables": {name: [plain(row) for row in rows] for name, rows in tables.items()},
        "symptoms": [str(each) for each in session.exec(linked)],
    }
    append_version(session, decision, kind=KIND, subject=_subject(item.id), state=state)


def deleted_items(session: Session, user: User) -> list[DeletedItem]:
    """Read the items that can be restored, the last deleted first."""
    name = col(EntryVersion.state)["name"].as_string()
    rows = session.execute(
        select_columns(EntryVersion.subject, name, EntryVersion.changed_at)  # type: ignore[call-overload]
        .where(col(EntryVersion.user_id) == user.id, col(EntryVersion.kind) == KIND)
        .order_by(col(EntryVersion.changed_at).desc())
    )
    return [DeletedItem(UUID(parts_of(subject)[0]), said, at) for subject, said, at in rows]


def archive_of(session: Session, user: User, regimen_item_id: UUID) -> Row | None:
    """Return an item's archive, by `name`, `tables` and `symptoms`; None if it expired."""
    archive = session.exec(
        select(EntryVersion)
        .where(EntryVersion.user_id == user.id)
        .where(EntryVersion.subject == _subject(regimen_item_id), EntryVersion.kind == KIND)
        .order_by(col(EntryVersion.changed_at).desc())
        .limit(1)
    ).first()
    return None if archive is None else archive.state


def restore_item(session: Session, user: User, regimen_item_id: UUID, decision: Decision) -> None:
    """Restore a deleted item with all rows that belonged to it. Raises `NotFound`.

    An archive of an earlier release may lack tables that came later.
    Rows that refer to something deleted since stay away: a slot of an import that was undone, a
    rule with a deleted medicine. Restoring twice has the same effect as once.
    """
    lock_user(session, user.id)
    present = session.get(RegimenItem, regimen_item_id)
    if present is not None and present.user_id == user.id:
        return
    archive = archive_of(session, user, regimen_item_id)
    if present is not None or archive is None:
        raise NotFound
    tables, symptoms = archive["tables"], archive["symptoms"]
    for table in RESTORED:
        rows = [typed(table, row) for row in tables.get(table_of(table).name, [])]
        rows = [row for row in rows if _is_whole(session, user, table, row)]
        if rows:
            session.execute(insert(table), rows)
    session.execute(
        update(SymptomReport)
        .where(col(SymptomReport.user_id) == user.id)
        .where(col(SymptomReport.id).in_([UUID(each) for each in symptoms]))
        .where(col(SymptomReport.regimen_item_id).is_(None))
        .values(regimen_item_id=regimen_item_id)
    )
    _record(session, user, regimen_item_id, decision)
    session.execute(
        delete(EntryVersion)
        .where(col(EntryVersion.user_id) == user.id, col(EntryVersion.kind) == KIND)
        .where(col(EntryVersion.subject) == _subject(regimen_item_id))
    )
    bump_regimen_version(session, user)


def _record(session: Session, user: User, regimen_item_id: UUID, decision: Decision) -> None:
    """Append the restored states to the history, so that they are the latest."""
    item = session.get_one(RegimenItem, regimen_item_id)
    label = label_of(session, item.id)
    state = {**item.model_dump(exclude={"id"}), "ingredients": label}
    record_versions(session, decision, "regimen_item", {item_subject(item.id): state})
    plan = {"dosages": [each.state for each in plan_of(session, item)]}
    record_versions(session, decision, "dosages", {plan_subject(item.id): plan})
    naming = or_(col(ApartRule.first_item_id) == item.id, col(ApartRule.second_item_id) == item.id)
    for record, where in (
        (DOSE_EVENT, col(DoseEvent.regimen_item_id) == item.id),
        (PAUSE, col(Pause.regimen_item_id) == item.id),
        (SUPPLY, col(SupplyEntry.regimen_item_id) == item.id),
        (APART_RULE, naming),
    ):
        rows = session.exec(select(record.table).where(where)).all()
        states = {record.subject(each.model_dump()): _state(each) for each in rows}
        record_versions(session, decision, record.kind, states)


def _state(row: SQLModel) -> Row:
    return row.model_dump(exclude={"id"})


def _rows(session: Session, table: type[SQLModel], where: Any) -> list[Row]:
    columns = table_of(table).c
    return [dict(row._mapping) for row in session.execute(select_columns(*columns).where(where))]


def _is_whole(session: Session, user: User, table: type[SQLModel], row: Mapping[str, Any]) -> bool:
    """Whether the rows that a row refers to, besides the item, still exist."""
    batch_id = row.get("import_batch_id") if table is ImportedSlot else None
    batch = session.get(ImportBatch, batch_id) if batch_id else None
    if batch_id is not None and (batch is None or batch.undone_at is not None):
        return False
    if table is not ApartRule:
        return True
    items = _present(session, RegimenItem, user, [row["first_item_id"], row["second_item_id"]])
    medicines = [row["first_medicine_id"], row["second_medicine_id"]]
    return items and _present(session, Medicine, user, medicines)


def _present(
    session: Session,
    table: type[RegimenItem] | type[Medicine],
    user: User,
    ids: Iterable[UUID | None],
) -> bool:
    """Whether all of these rows exist and belong to the person."""
    wanted = {each for each in ids if each is not None}
    own = select(table.id).where(col(table.id).in_(wanted), table.user_id == user.id)
    return set(session.exec(own)) == wanted


def _column(table: type[SQLModel], name: str) -> "Column[Any]":
    return table_of(table).c[name]


def _subject(regimen_item_id: UUID) -> str:
    return f"deleted/{regimen_item_id}"
