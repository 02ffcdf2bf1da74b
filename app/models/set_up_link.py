"""The link that creates the first account."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SetUpLink(SQLModel, table=True):
    """A set-up link that still works; deleted on use. Only its SHA-256 is stored."""

    __tablename__ = "set_up_link"

    code_hash: str = Field(max_length=64, primary_key=True)
    expires_at: datetime
