"""The tables of models, as SQLAlchemy has them."""

from sqlalchemy import Table
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """Return the table of a model, which its class does not tell a type checker."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
