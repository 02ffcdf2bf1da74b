"""Store a file's statements, so that a later file can be compared with them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete
from sqlmodel import Session, col

from app.db import inserting
from app.db.tables import table_of
from app.models import ImportBatch, ImportedRow

BEFORE = {"batch_before": "import_batch_id", "stated_before": "stated"}
CHANGING = ("import_batch_id", "regimen_item_id", "due_on", "event_id", "stated")


class Statements:
    """The statements of one file, as rows to store; the caller commits.

    `replaced` are the keys of earlier rows that the file changes. `imported_at` is the time of each
    of the person's imports.
    """

    def __init__(self, session: Session, batch: ImportBatch) -> None:
        self.session = session
        self.batch = batch
        batches = session.exec(ImportBatch.of_user(batch.user_id))
        self.imported_at = {each.id: each.imported_at for each in batches}
        self.begin()

    def begin(self) -> None:
        """Begin a transaction: all rows added before are written."""
        self.rows: list[dict[str, Any]] = []
        self.replaced: set[str] = set()

    def is_superseded(self, row: ImportedRow) -> bool:
        """Whether a later import than this one stated the row."""
        return self.imported_at[row.import_batch_id] > self.batch.imported_at

    def add(
        self,
        key: str,
        stated: Mapping[str, Any],
        due_on: date,
        regimen_item_id: UUID | None = None,
        event_id: UUID | None = None,
    ) -> None:
        """Add the statement of one row of the file."""
        self.rows.append(
            {
                "user_id": self.batch.user_id,
                "source": self.batch.source,
                "source_key": key,
                "import_batch_id": self.batch.id,
                "regimen_item_id": regimen_item_id,
                "due_on": due_on,
                "event_id": event_id,
                "stated": stated,
            }
        )

    def write(self) -> None:
        """Store all added rows at once."""
        if self.replaced:
            gone = delete(ImportedRow).where(
                col(ImportedRow.user_id) == self.batch.user_id,
                col(ImportedRow.source) == self.batch.source,
                col(ImportedRow.source_key).in_(self.replaced),
            )
            self.session.execute(gone)
        if self.rows:
            statement = inserting(self.session.get_bind().dialect.name, ImportedRow)
            old, new = table_of(ImportedRow).c, statement.excluded
            is_of_another = old.import_batch_id != new.import_batch_id
            statement = statement.on_conflict_do_update(
                index_elements=["user_id", "source", "source_key"],
                set_={name: new[name] for name in CHANGING}
                | {
                    name: case((is_of_another, old[last]), else_=old[name])
                    for name, last in BEFORE.items()
                },
            )
            self.session.execute(statement, self.rows)
