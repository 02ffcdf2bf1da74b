"""What was brought in from a file, so that an import can be repeated."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel


class ImportBatch(SQLModel, table=True):
    """One run of one importer."""

    __tablename__ = "import_batch"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    source: str = Field(max_length=40)
    imported_at: datetime


class ImportedRow(SQLModel, table=True):
    """A row of a file that was taken, by a hash of the row and its ordinal among equal rows."""

    __tablename__ = "imported_row"

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True, ondelete="CASCADE")
    source: str = Field(primary_key=True, max_length=40)
    source_key: str = Field(primary_key=True, max_length=80)
    import_batch_id: UUID = Field(foreign_key="import_batch.id", index=True, ondelete="CASCADE")
