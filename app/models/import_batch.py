"""The contents of imported files, so that an import can be repeated and corrected."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, Index, false
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar


class ImportBatch(SQLModel, table=True):
    """One file that was imported.

    `content_hash` (SHA-256, empty before release 0.2) recognises the same file. `is_finished`
    is false while an import runs, and stays false if it is interrupted. `undone_at` is when the
    import was undone: importing the file again then starts from nothing.
    """

    __tablename__ = "import_batch"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    source: str = Field(max_length=40)
    imported_at: datetime
    content_hash: str = Field(default="", max_length=64)
    is_finished: bool = True
    undone_at: datetime | None = None

    @classmethod
    def of_user(cls, user_id: UUID) -> SelectOfScalar["ImportBatch"]:
        """Select one person's imports, newest first."""
        return select(cls).where(cls.user_id == user_id).order_by(col(cls.imported_at).desc())

    @classmethod
    def named(cls, user_id: UUID, text: str) -> SelectOfScalar["ImportBatch"]:
        """Select a person's import by its id as text; none if the text is not an id."""
        try:
            batch_id = UUID(text.strip())
        except ValueError:
            return cls.of_user(user_id).where(false())
        return cls.of_user(user_id).where(cls.id == batch_id)


class ImportedRow(SQLModel, table=True):
    """A dose or entry that a file stated.

    `import_batch_id` is the last import that said something new. `source_key` names the row in
    every file of that source, whatever its values. `stated` are the values in the file, which show
    what the person changed by hand since. `event_id` is the event that a dose was written to. Item
    and event may be deleted, so neither is a foreign key. `batch_before` is the import that stated
    the row before, with the values `stated_before`: these count again if the last import is undone.
    """

    __tablename__ = "imported_row"
    __table_args__ = (Index(None, "user_id", "due_on"),)

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True, ondelete="CASCADE")
    source: str = Field(primary_key=True, max_length=40)
    source_key: str = Field(primary_key=True, max_length=80)
    import_batch_id: UUID = Field(foreign_key="import_batch.id", index=True, ondelete="CASCADE")
    regimen_item_id: UUID | None = None
    due_on: date | None = None
    event_id: UUID | None = None
    stated: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    batch_before: UUID | None = None
    stated_before: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )


class ImportedMedicine(SQLModel, table=True):
    """The item that the doses of a medicine in a file go to; `name_key` is a hash of its name.

    `import_batch_id` is the import that decided it, so that undoing the import deletes it.
    """

    __tablename__ = "imported_medicine"

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True, ondelete="CASCADE")
    source: str = Field(primary_key=True, max_length=40)
    name_key: str = Field(primary_key=True, max_length=64)
    regimen_item_id: UUID
    import_batch_id: UUID | None = None
