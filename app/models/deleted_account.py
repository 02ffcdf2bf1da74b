"""Accounts that were deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import false
from sqlmodel import Field, SQLModel


class DeletedAccount(SQLModel, table=True):
    """The id of a deleted account, and nothing that the person entered.

    It distinguishes files of an interrupted deletion from those of an account that is missing in a
    restored backup.
    """

    __tablename__ = "deleted_account"

    account_id: UUID = Field(primary_key=True)
    deleted_at: datetime
    # Whether the database's files were rewritten since, so that they hold nothing of the account.
    is_erased: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
