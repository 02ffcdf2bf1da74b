"""Run migrations on the connection that the caller opened, in the caller's transaction."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator
from sqlmodel import SQLModel

import app.models  # noqa: F401  (registers the tables)


def render_plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write the underlying SQLAlchemy type, so that no migration imports the app."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_plain_types,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
