"""Let single keys be switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Added in place: to copy the table of accounts, SQLite would drop it, and all that hangs on it.
    op.add_column(
        "user_account",
        sa.Column("single_keys", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
