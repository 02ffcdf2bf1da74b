"""The link that makes the first account."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SetUpLink(SQLModel, table=True):
    """A set-up link that still works; it is deleted when it is used. Only its SHA-256 is kept."""

    __tablename__ = "set_up_link"

    code_hash: str = Field(max_length=64, primary_key=True)
    expires_at: datetime
